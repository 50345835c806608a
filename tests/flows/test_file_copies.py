"""A rep finds every mail in Sent exactly once, whoever files it, and never as one they wrote by hand."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from sequencer.core.enrollment import EnrollmentState, FinishReason
from sequencer.core.inbound import VerdictKind
from sequencer.core.ports import Filed, ReadFailure
from sequencer.store import copies
from tests.flows.post_office import BUYERS, WANG, PostOffice, post_office
from tests.servers.provider import Files

ANA, BEN, EVA, RUI = BUYERS


def ids(mails: list[bytes]) -> list[str]:
    return sorted(message_from_bytes(raw)["Message-ID"] for raw in mails)


def assert_each_once(post: PostOffice) -> None:
    """What left lies in Sent byte by byte, and nobody counts as taken over by the rep."""
    assert sorted(post.sent) == sorted(raw for _sender, _to, raw in post.host.received)
    assert {one.state for one in post.enrollments()} == {EnrollmentState.ACTIVE}


def test_where_the_provider_files_nothing_the_very_bytes_are_saved_after_a_look(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        post.write_to(ANA)
        post.tick(seconds=100)
        assert post.sent == []
        next_at = post.tick().next_at
        assert next_at is not None
        post.tick(seconds=(next_at - post.office.clock.now()).total_seconds())
        assert_each_once(post)
        [flags] = post.host.imap.flags(WANG, "Sent").values()
        assert flags == {"\\Seen"}
        for _more in range(3):
            post.tick(minutes=10)
        assert_each_once(post)


def test_the_copy_is_dated_when_the_mail_left(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        post.write_to(ANA)
        [row] = post.office.rows()
        post.tick(minutes=7)
        reader = post.desk().reader
        assert reader is not None
        assert row.sent_at is not None
        mails = [mail for batch in reader.read_new((), row.sent_at) for mail in batch.mails]
        assert [mail.received_at for mail in mails] == [row.sent_at.replace(microsecond=0)]


def test_a_saved_copy_is_read_as_our_own_and_never_as_hand_written(tmp_path: Path) -> None:
    with post_office(tmp_path, save_sent="always") as post:
        post.write_to(*BUYERS)
        post.tick(seconds=5)
        kinds = [answer.kind for answer in post.office.answers()]
        assert kinds == [VerdictKind.OWN_COPY] * 4
        for _day in range(12):
            post.tick(days=1)
        assert len(post.host.received) == 12  # three steps each: nothing was stopped
        assert {one.finish_reason for one in post.enrollments()} == {FinishReason.COMPLETED}
        assert sorted(post.sent) == sorted(raw for _sender, _to, raw in post.host.received)


def test_what_the_rep_writes_by_hand_still_ends_the_sequence(tmp_path: Path) -> None:
    with post_office(tmp_path, save_sent="always") as post:
        post.write_to(ANA)
        post.tick(seconds=5)
        by_hand = (
            b"From: wang@firm.example\r\nTo: ana@luso.example\r\nSubject: As promised\r\n\r\nHello Ana.\r\n"
        )
        post.host.imap.append(WANG, "Sent", by_hand)
        post.tick(minutes=1)
        assert [one.finish_reason for one in post.enrollments()] == [FinishReason.TAKEN_OVER]


def test_where_the_provider_files_nothing_is_added_and_the_third_mail_is_not_waited_for(
    tmp_path: Path,
) -> None:
    with post_office(tmp_path, files=Files.AT_ONCE) as post:
        for address in (ANA, BEN):
            assert post.habit.files_sent is None
            post.write_to(address)
            post.tick(minutes=3)
        assert post.habit.files_sent is True
        post.write_to(EVA)
        with post.office.engine.store.read() as tx:
            assert copies.due(tx, "wang", post.office.clock.now() + timedelta(days=1), 20) == []
        post.tick(minutes=30)
        assert_each_once(post)
        assert post.told(copies.SAVING) == 0


def test_where_it_files_nothing_the_third_mail_is_saved_at_once(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        for address in (ANA, BEN):
            assert post.habit.files_sent is None
            post.write_to(address)
            post.tick(minutes=3)
        assert post.habit.files_sent is False
        post.write_to(EVA)
        assert_each_once(post)


def test_a_provider_that_files_after_our_look_doubles_one_mail_and_no_more(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.LATE) as post:
        post.write_to(ANA)
        post.tick(minutes=3)
        post.host.file_late()
        post.tick(minutes=3)
        assert post.habit.files_sent is True
        assert len(post.sent) == 2
        post.write_to(BEN, EVA)
        post.tick(minutes=3)
        post.host.file_late()
        post.tick(minutes=30)
        assert len(post.sent) == 4
        assert {one.state for one in post.enrollments()} == {EnrollmentState.ACTIVE}


def test_a_provider_that_files_just_before_we_would_is_seen(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.LATE) as post:
        post.write_to(ANA)
        desk = post.desk()
        assert desk.reader is not None
        file_late = post.host.file_late

        class Racing:
            """The provider's copy comes after the reading, before the saving."""

            def save(self, *args: object, **learnt: object) -> Filed:
                file_late()
                return desk.sent_folder.save(*args, **learnt)  # type: ignore[union-attr,arg-type]

        post._desk = replace(desk, sent_folder=Racing())
        post.tick(minutes=3)
        assert_each_once(post)
        assert post.told(copies.SEEN) == 1


@pytest.mark.parametrize("name", ["已发送", "Gesendet", "Éléments envoyés", "Отправленные"])
def test_sent_is_found_under_its_name_in_any_language(tmp_path: Path, name: str) -> None:
    with post_office(tmp_path, save_sent="always", sent=name) as post:
        post.write_to(ANA)
        post.tick(minutes=1)
        assert_each_once(post)
        assert post.habit.sent_folder == name


def test_a_sent_folder_of_an_unusual_name_is_used_and_read_when_it_is_told(tmp_path: Path) -> None:
    with post_office(tmp_path, files=Files.AT_ONCE, sent="Outgoing", sent_folder="outgoing") as post:
        for address in (ANA, BEN):
            post.write_to(address)
            post.tick(minutes=3)
        assert_each_once(post)
        assert post.habit.files_sent is True


def test_without_a_sent_folder_one_warning_says_the_mend_and_all_is_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with post_office(tmp_path, save_sent="always", sent=None) as post:
        post.write_to(*BUYERS)
        asked = post.host.imap.commands.count("LIST")
        for _poll in range(9):
            post.tick(seconds=30)
        assert post.host.imap.commands.count("LIST") - asked <= 9 + 2
        warned = [r for r in caplog.records if "no Sent folder" in str(getattr(r, "detail", ""))]
        assert len(warned) == 1
        assert 'sent_folder = "…" under this mailbox' in warned[0].detail  # type: ignore[attr-defined]
        post.host.sent = "Sent"
        post.host.imap.add_folder(WANG, "Sent")
        post.tick(minutes=31)
        post.tick(minutes=31)
        assert_each_once(post)


def test_a_server_that_takes_no_copies_is_asked_five_times_a_mail_and_then_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with post_office(tmp_path, save_sent="always") as post:
        asked = []

        class Full:
            def save(self, raw: bytes, *_args: object, **_learnt: object) -> Filed:
                asked.append(raw)
                raise ReadFailure(message="wang: 127.0.0.1:1: refused a copy in 'Sent': [OVERQUOTA] full")

        post._desk = replace(post.desk(), sent_folder=Full())
        post.write_to(ANA)
        for _half_hour in range(48):
            post.tick(minutes=30)
        assert len(asked) == 5
        assert post.told(copies.GIVEN_UP) == 1
        assert sum(record.msg == "no copy" for record in caplog.records) == 1
        assert len(post.host.received) == 1
        assert {one.state for one in post.enrollments()} == {EnrollmentState.ACTIVE}


class Dies(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_crash_between_the_copy_and_its_note_adds_no_second_and_teaches_nothing(
    tmp_path: Path, reads_first: bool
) -> None:
    with post_office(tmp_path) as post:
        post.write_to(ANA)
        desk = post.desk()

        class Dying:
            def save(self, *args: object, **learnt: object) -> Filed:
                desk.sent_folder.save(*args, **learnt)  # type: ignore[union-attr,arg-type]
                raise Dies

        post._desk = replace(desk, sent_folder=Dying())
        with pytest.raises(Dies):
            post.tick(minutes=3)
        assert len(post.sent) == 1
        post.restart()
        if not reads_first:
            # The reading that would have told was lost with the cursor's disk, say: only a look helps.
            post._desk = replace(post.desk(), reader=Blind())
        for _poll in range(4):
            post.tick(minutes=30)
        assert_each_once(post)
        assert post.habit.files_sent is None
        assert (post.told(copies.SEEN), post.told(copies.MISSED)) == (0, 0)


class Blind:
    """A reader that sees nothing new, and says that all went well."""

    def read_new(self, *_args: object) -> list[object]:
        return []

    def close(self) -> None: ...

    def abort(self) -> None: ...


def test_nothing_is_saved_while_the_mailbox_can_not_be_read(tmp_path: Path) -> None:
    with post_office(tmp_path, save_sent="always") as post:
        post.write_to(ANA)
        post.host.imap.stop()
        post.write_to(BEN)
        post.tick(minutes=5)
        post.host.imap.start()
        post.tick(minutes=6)
        post.tick(minutes=6)
        assert_each_once(post)


@pytest.mark.parametrize("files", [Files.NEVER, Files.AT_ONCE])
def test_never_leaves_sent_alone(tmp_path: Path, files: Files) -> None:
    with post_office(tmp_path, files=files, save_sent="never") as post:
        post.write_to(ANA)
        post.tick(minutes=30)
        assert len(post.sent) == (files is Files.AT_ONCE)
        assert not [command for command in post.host.imap.commands if command.startswith("APPEND")]


def test_a_rep_who_rehearses_with_their_own_address_learns_nothing_wrong(tmp_path: Path) -> None:
    with post_office(tmp_path) as post:
        post.write_to(WANG)
        post.tick(minutes=3)
        post.tick(minutes=3)
        assert len(post.sent) == 1
        assert post.habit.files_sent is None
        assert {one.state for one in post.enrollments()} == {EnrollmentState.ACTIVE}
