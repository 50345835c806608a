"""Folders and servers in the field: what will not open, moves, repeats itself, or comes in great numbers."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from imapclient.imap_utf7 import encode

from sequencer.core.ports import Cursor, FolderRole, ReadFailure
from sequencer.mail.imap_listing import PAGE
from tests.mail.reading import AT_ONE, SINCE, a_reader, batches_of, read
from tests.servers.scripted_imap import A_MAIL, CAPABILITIES, ScriptedImap

TWO = (b'(\\HasNoChildren) "/" INBOX', b'(\\HasNoChildren) "/" Projects')
EXTENDED = f"{CAPABILITIES} LIST-EXTENDED SPECIAL-USE LIST-STATUS"


def a_listing(names: list[bytes], uid_next: int = 2) -> bytes:
    """What a server with LIST-STATUS says to the one LIST."""
    lines = b"".join(b'* LIST () "/" "%b"\r\n' % name for name in names)
    told = b"(MESSAGES 1 UIDNEXT %d UIDVALIDITY 7)" % uid_next
    return lines + b"".join(b'* STATUS "%b" %b\r\n' % (name, told) for name in names) + b"TAG OK done\r\n"


class TestFoldersThatWillNotOpen:
    """One folder is refused: the others are read, and nothing is concluded of what it holds."""

    def test_the_others_are_read_and_then_the_reading_counts_as_failed(self) -> None:
        with ScriptedImap(folders=TWO, script={"EXAMINE": ["NO [SERVERBUG] broken"]}) as server:
            reader = a_reader(server.port)
            batches = reader.read_new([], SINCE)
            assert [mail.folder for mail in next(batches).mails] == ["Projects"]
            with pytest.raises(ReadFailure, match="refused opening 'INBOX'") as caught:
                next(batches)
            assert caught.value.is_partial
            assert {mail.folder for mail in read(reader)} == {"INBOX", "Projects"}
            assert server.commands.count("LOGIN") == 1, "the connection was good: no second login"
            reader.close()

    def test_one_without_the_right_to_read_it_is_told_once_and_left_out(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        refusals = {"EXAMINE": [None, "NO [NOPERM] Permission denied", None, "NO [NOPERM] no"]}
        with ScriptedImap(folders=TWO, script=refusals) as server:
            reader = a_reader(server.port)
            for _ in range(2):
                assert [mail.folder for mail in read(reader)] == ["INBOX"]
            reader.close()
        assert caplog.text.count("folder 'Projects' is not read") == 1

    def test_the_inbox_is_never_left_out(self) -> None:
        refusal = "NO [NOPERM] Permission denied"
        with (
            ScriptedImap(script={"EXAMINE": refusal}) as server,
            pytest.raises(ReadFailure, match="Permission denied"),
        ):
            read(a_reader(server.port))

    def test_a_folder_that_vanishes_after_the_list_is_looked_for_again(self) -> None:
        class Vanishing(ScriptedImap):
            def _usual(self, name: str, words: str) -> bytes:
                said = super()._usual(name, words)
                if name == "STATUS" and "Projects" in words:
                    self.folders = TWO[:1]
                return said

        gone = b"TAG NO [NONEXISTENT] Mailbox does not exist\r\n"
        with Vanishing(folders=TWO, script={"EXAMINE": [None, gone]}) as server:
            reader = a_reader(server.port)
            assert [mail.folder for mail in read(reader)] == ["INBOX"]
            assert server.commands.count('LIST "" "*"') == 2
            reader.close()

    def test_unselectable_folders_are_not_asked_about(self) -> None:
        folders = (*TWO, b'(\\Noselect) "/" Old', b'(\\NonExistent \\HasChildren) "/" Ghost')
        with ScriptedImap(folders=folders) as server:
            reader = a_reader(server.port)
            read(reader)
            reader.close()
        assert not [one for one in server.commands if "Old" in one or "Ghost" in one]

    def test_another_users_folder_that_refuses_holds_nothing_back(self) -> None:
        shared = (*TWO, b'() "/" "Other Users/chen/INBOX"')
        places = b'* NAMESPACE (("" "/")) (("Other Users/" "/")) NIL\r\nTAG OK done\r\n'
        script = {"NAMESPACE": places, "EXAMINE": [None, "NO [SERVERBUG] no", None]}
        with ScriptedImap(folders=shared, capabilities=f"{CAPABILITIES} NAMESPACE", script=script) as server:
            reader = a_reader(server.port)
            assert {mail.folder for mail in read(reader)} == {"INBOX", "Projects"}
            reader.close()


class TestMailThatMoves:
    """A rule moves mail between the folders while they are read."""

    def test_a_uid_that_is_missing_among_the_new_ones_is_looked_for_in_every_folder(self) -> None:
        """LIST told how all folders stand; then 2 was moved from INBOX into A, which looked unchanged."""

        class Moved(ScriptedImap):
            def _usual(self, name: str, words: str) -> bytes:
                if name == "EXAMINE":
                    is_inbox = "INBOX" in words
                    self.mails = dict.fromkeys((1, 3) if is_inbox else (1, 2), A_MAIL)
                    self.uid_next = 4 if is_inbox else 3
                return super()._usual(name, words)

        before, after = (a_listing([b"A"], uid_next=uid_next) for uid_next in (2, 3))
        inbox = a_listing([b"INBOX"], uid_next=4).removesuffix(b"TAG OK done\r\n")
        cursors = [AT_ONE, Cursor(folder="A", uid_validity=7, last_uid=1)]
        with Moved(capabilities=EXTENDED, script={"LIST": [inbox + before, inbox + after]}) as server:
            reader = a_reader(server.port)
            assert [(one.folder, one.uid) for one in read(reader, cursors)] == [("INBOX", 3), ("A", 2)]
            reader.close()

    def test_without_a_gap_nothing_is_asked_twice(self) -> None:
        with ScriptedImap(mails={1: A_MAIL, 2: A_MAIL}, uid_next=3) as server:
            reader = a_reader(server.port)
            assert [one.uid for one in read(reader, [AT_ONE])] == [2]
            assert server.commands.count('LIST "" "*"') == 1
            reader.close()


class TestManyFolders:
    """Five hundred folders."""

    names = [b"INBOX", *(b"Customers/%d" % number for number in range(500))]  # noqa: RUF012

    def test_where_list_tells_their_states_nothing_more_is_asked(self) -> None:
        with ScriptedImap(capabilities=EXTENDED, script={"LIST": a_listing(self.names)}) as server:
            reader = a_reader(server.port)
            cursors = [Cursor(folder=name.decode(), uid_validity=7, last_uid=1) for name in self.names]
            server.commands.clear()
            assert read(reader, cursors) == []
            assert not [one for one in server.commands if one.startswith(("STATUS", "EXAMINE"))]
            [asked] = [one for one in server.commands if one.startswith("LIST")]
            assert asked.endswith("RETURN (SPECIAL-USE STATUS (MESSAGES UIDNEXT UIDVALIDITY))")
            reader.close()

    def test_a_state_that_list_leaves_out_is_asked_for(self) -> None:
        answer = a_listing([b"INBOX"]).replace(b"TAG", b'* LIST () "/" Odd\r\nTAG')
        with ScriptedImap(capabilities=EXTENDED, script={"LIST": answer}) as server:
            reader = a_reader(server.port)
            read(reader)
            assert [one for one in server.commands if one.startswith("STATUS")] == [
                'STATUS "Odd" (MESSAGES UIDNEXT UIDVALIDITY)'
            ]
            reader.close()

    @pytest.mark.parametrize("name", [b'"R & D"', b"{5}\r\nR & D"])
    def test_a_name_is_known_again_however_it_is_written(self, name: bytes) -> None:
        answer = (
            b'* LIST () "/" {5}\r\nR & D\r\n* STATUS ' + name
            + b" (UIDNEXT 2 MESSAGES 1 UIDVALIDITY 7)\r\nTAG OK done\r\n"
        )  # fmt: skip
        with ScriptedImap(capabilities=EXTENDED, script={"LIST": answer}) as server:
            reader = a_reader(server.port)
            cursor = Cursor(folder="R & D", uid_validity=7, last_uid=1)
            read(reader, [AT_ONE, cursor])
            assert [one for one in server.commands if one.startswith("STATUS")] == [
                'STATUS "INBOX" (MESSAGES UIDNEXT UIDVALIDITY)'
            ]
            reader.close()

    def test_a_server_that_only_says_it_can_is_asked_plainly_from_then_on(self) -> None:
        with ScriptedImap(capabilities=EXTENDED, script={"LIST": ["BAD what?"]}) as server:
            reader = a_reader(server.port)
            assert len(read(reader)) == 1
            read(reader, [AT_ONE])
            assert [one for one in server.commands if one.startswith("LIST")][1:] == ['LIST "" "*"'] * 2
            reader.close()


class TestNames:
    """How servers write names."""

    def test_a_server_that_speaks_utf8_alone_is_asked_to(self) -> None:
        folders = (b'() "/" INBOX', '() "/" "已发送"'.encode(), '() "/" "客户/葡萄牙"'.encode())
        with ScriptedImap(capabilities=f"{CAPABILITIES} ENABLE UTF8=ONLY", folders=folders) as server:
            reader = a_reader(server.port)
            roles = {batch.cursor.folder: batch.mails[0].role for batch in batches_of(reader)}
            reader.close()
        assert roles == {
            "INBOX": FolderRole.INBOX,
            "已发送": FolderRole.SENT,
            "客户/葡萄牙": FolderRole.OTHER,
        }
        assert server.commands.index("ENABLE UTF8=ACCEPT") < server.commands.index('LIST "" "*"')
        assert 'EXAMINE "客户/葡萄牙"' in server.commands

    def test_chinese_names_in_modified_utf7_are_read_and_asked_for_as_they_came(self) -> None:
        wire = bytes(encode("客户/葡萄牙"))
        with ScriptedImap(folders=(TWO[0], b'() "/" "' + wire + b'"')) as server:
            reader = a_reader(server.port)
            assert {mail.folder for mail in read(reader)} == {"INBOX", "客户/葡萄牙"}
            reader.close()
        assert f'EXAMINE "{wire.decode()}"' in server.commands

    @pytest.mark.parametrize(("prefix", "delimiter"), [("INBOX.", "."), ("mail/", "/"), ("Mailboxes.", ".")])
    def test_known_names_count_below_the_users_own_prefix(self, prefix: str, delimiter: str) -> None:
        names = [f"{prefix}{name}" for name in ("已发送", "Entwürfe", "Papierkorb", "Спам", "Customers")]
        folders = [b'() "%b" "%b"' % (delimiter.encode(), bytes(encode(name))) for name in names]
        places = f'* NAMESPACE (("{prefix}" "{delimiter}")) NIL NIL\r\nTAG OK done\r\n'.encode()
        with ScriptedImap(
            folders=[TWO[0], *folders],
            capabilities=f"{CAPABILITIES} NAMESPACE",
            script={"NAMESPACE": places},
        ) as server:
            reader = a_reader(server.port)
            roles = {batch.cursor.folder: batch.mails[0].role for batch in batches_of(reader)}
            assert server.commands.count("NAMESPACE") == 1
            reader.close()
        assert roles == {
            "INBOX": FolderRole.INBOX,
            f"{prefix}已发送": FolderRole.SENT,
            f"{prefix}Спам": FolderRole.JUNK,
            f"{prefix}Customers": FolderRole.OTHER,
        }

    @pytest.mark.parametrize(
        "answer", ["NO no", b"* NAMESPACE nonsense\r\nTAG OK done\r\n", b"TAG OK done\r\n"]
    )
    def test_an_odd_namespace_keeps_nobody_from_reading(self, answer: str | bytes) -> None:
        capabilities = f"{CAPABILITIES} NAMESPACE"
        with ScriptedImap(capabilities=capabilities, script={"NAMESPACE": answer}) as server:
            reader = a_reader(server.port)
            assert len(read(reader)) == 1
            reader.close()


class TestHowAnswersAreWritten:
    """The same message in the shapes that servers give it."""

    @pytest.mark.parametrize(
        "said",
        [
            b'(BODY[]<0> {%d}\r\n%b INTERNALDATE " 2-Mar-2026 09:00:01 +0000" UID 1)',
            b'(FLAGS () UID 1 BODY[]<0> {%d}\r\n%b INTERNALDATE "02-mar-2026 10:00:01 +0100" MODSEQ (5))',
            b'(UID 1 INTERNALDATE " 2-Mar-2026 17:00:01 +0800" BODY[] {%d}\r\n%b)',
        ],
    )
    def test_in_any_order(self, said: bytes) -> None:
        whole = b"* 1 FETCH " + said % (len(A_MAIL), A_MAIL) + b"\r\nTAG OK done\r\n"
        with ScriptedImap(script={"FETCH": [None, whole]}) as server:
            reader = a_reader(server.port)
            [mail] = read(reader)
            reader.close()
        assert (mail.raw, mail.received_at) == (A_MAIL, datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC))

    def test_as_a_quoted_string_and_as_nothing(self) -> None:
        quoted = (
            b'* 1 FETCH (UID 1 INTERNALDATE " 2-Mar-2026 09:00:01 +0000" BODY[]<0> "short")\r\n'
            b"TAG OK done\r\n"
        )
        with ScriptedImap(script={"FETCH": [None, quoted]}) as server:
            reader = a_reader(server.port)
            assert [mail.raw for mail in read(reader)] == [b"short"]
            reader.close()

    def test_dates_that_are_none_count_as_new(self) -> None:
        listing = b'* 1 FETCH (UID 1 INTERNALDATE "99-Foo-2026 09:00:01 +0000")\r\nTAG OK done\r\n'
        with ScriptedImap(script={"FETCH": [listing]}) as server:
            reader = a_reader(server.port)
            assert [mail.uid for mail in read(reader, since=SINCE + timedelta(days=900))] == [1]
            reader.close()


def test_the_first_look_at_a_large_folder_goes_by_pages_and_misses_nothing_out_of_order() -> None:
    """New mail lies deep among what was imported later with old dates: halving would pass it over."""
    new = {1, 7, PAGE, PAGE + 1, 2 * PAGE - 3, 2 * PAGE + 5}

    class Large(ScriptedImap):
        def _fetched(self, uid: int, words: str) -> bytes:
            if "BODY" in words:
                return super()._fetched(uid, words)
            year = 2026 if uid in new else 2019
            return b'* %d FETCH (UID %d INTERNALDATE "02-Mar-%d 09:00:01 +0000")\r\n' % (uid, uid, year)

    count = 2 * PAGE + 6
    with Large(mails=dict.fromkeys(range(1, count + 1), A_MAIL), uid_next=count + 1) as server:
        reader = a_reader(server.port)
        [batch] = batches_of(reader)
        reader.close()
    assert {mail.uid for mail in batch.mails} == new
    assert batch.cursor.last_uid == count
    pages = [one for one in server.commands if one.startswith("FETCH")]
    assert pages == [f"FETCH {first}:{last} (UID INTERNALDATE)" for first, last in _pages(count)]
    bodies = [one for one in server.commands if "BODY" in one]
    assert len(bodies) == 1


def _pages(count: int) -> list[tuple[int, int]]:
    return [(max(1, last - PAGE + 1), last) for last in range(count, 0, -PAGE)]


def test_gmail_reads_all_mail_and_spam_and_nothing_twice() -> None:
    folders = (
        b'() "/" INBOX',
        b'(\\All) "/" "[Gmail]/&YkBnCZCuTvY-"',
        b'(\\Junk) "/" "[Gmail]/&V4NXPpCuTvY-"',
        b'(\\Important) "/" "[Gmail]/Important"',
        b'() "/" Customers',
    )
    with ScriptedImap(capabilities=f"{CAPABILITIES} X-GM-EXT-1", folders=folders) as server:
        reader = a_reader(server.port)
        assert {mail.folder for mail in read(reader)} == {"[Gmail]/所有邮件", "[Gmail]/垃圾邮件"}
        reader.close()


@pytest.fixture(autouse=True)
def _warnings(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "sequencer.mail")
