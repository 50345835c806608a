"""Servers whose numbers are missing or go back, and messages that a server will not hand over."""

import logging
from datetime import UTC, datetime

import pytest

from sequencer.core.ports import Cursor, ReadFailure
from sequencer.mail.imap_messages import REFUSALS_BEFORE_GIVING_UP
from tests.mail.reading import AT_ONE, a_reader, batches_of, read
from tests.servers.scripted_imap import A_MAIL, ScriptedImap


class TestUids:
    """Servers whose numbers are missing, change or go back."""

    def test_without_uidnext_the_folder_is_opened_each_time_and_new_mail_found(self) -> None:
        with ScriptedImap(uid_next=None) as server:
            reader = a_reader(server.port)
            assert [batch.cursor for batch in batches_of(reader, since=None)] == [AT_ONE]
            assert read(reader, [AT_ONE]) == []
            server.mails[2] = A_MAIL
            assert [mail.uid for mail in read(reader, [AT_ONE])] == [2]
            reader.close()

    def test_an_empty_folder_without_uidnext_starts_at_nothing(self) -> None:
        with ScriptedImap(uid_next=None, mails={}) as server:
            reader = a_reader(server.port)
            [batch] = batches_of(reader, since=None)
            server.mails[1] = A_MAIL
            assert [mail.uid for mail in read(reader, [batch.cursor])] == [1]
            reader.close()

    def test_without_uidvalidity_each_read_starts_anew_from_the_date(self) -> None:
        with ScriptedImap(uid_validity=None, mails={1: A_MAIL, 2: A_MAIL}, uid_next=3) as server:
            reader = a_reader(server.port)
            [batch] = batches_of(reader)
            assert batch.cursor == Cursor(folder="INBOX", uid_validity=0, last_uid=2)
            for _ in range(2):
                [again] = batches_of(reader, [batch.cursor], datetime(2026, 3, 2, 9, 0, 2, tzinfo=UTC))
                assert ([mail.uid for mail in again.mails], again.was_reset) == ([2], True)
            reader.close()

    def test_without_uidvalidity_and_date_no_mail_is_passed_over(self) -> None:
        with ScriptedImap(uid_validity=None) as server:
            reader = a_reader(server.port)
            [batch] = batches_of(reader, since=None)
            server.mails[2], server.uid_next = A_MAIL, 3
            assert [mail.uid for mail in read(reader, [batch.cursor], since=None)] == [2]
            reader.close()

    def test_a_server_that_went_back_is_read_again_by_date(self) -> None:
        with ScriptedImap() as server:
            reader = a_reader(server.port)
            ahead = Cursor(folder="INBOX", uid_validity=7, last_uid=900)
            [batch] = batches_of(reader, [ahead])
            assert ([mail.uid for mail in batch.mails], batch.was_reset) == ([1], True)
            assert batch.cursor == AT_ONE
            reader.close()

    def test_a_validity_that_changes_between_status_and_examine_counts_as_examine_says(self) -> None:
        status = b"* STATUS INBOX (MESSAGES 1 UIDNEXT 9 UIDVALIDITY 6)\r\nTAG OK done\r\n"
        with ScriptedImap(script={"STATUS": status}) as server:
            reader = a_reader(server.port)
            [batch] = batches_of(reader, [Cursor(folder="INBOX", uid_validity=6, last_uid=7)])
            assert (batch.cursor, batch.was_reset, len(batch.mails)) == (AT_ONE, True, 1)
            reader.close()


class TestMessagesThatWillNotCome:
    """One message that the server lists but does not hand over."""

    mails = {1: A_MAIL, 2: A_MAIL.replace(b"Yes.", b"No."), 3: A_MAIL}  # noqa: RUF012

    def test_one_that_vanished_is_skipped(self) -> None:
        listing = b"".join(
            b'* %d FETCH (UID %d INTERNALDATE " 2-Mar-2026 09:00:00 +0000")\r\n' % (uid, uid)
            for uid in (1, 2, 3)
        )
        mails = {1: A_MAIL, 3: A_MAIL}
        with ScriptedImap(
            mails=mails, uid_next=4, script={"FETCH": [listing + b"TAG OK done\r\n"]}
        ) as server:
            reader = a_reader(server.port)
            [batch] = batches_of(reader)
            assert ([mail.uid for mail in batch.mails], batch.cursor.last_uid) == ([1, 3], 3)
            reader.close()

    def test_one_that_spoils_the_batch_is_fetched_alone(self) -> None:
        refusal = "NO [SERVERBUG] UID FETCH Server error"
        with ScriptedImap(mails=self.mails, uid_next=4, script={"FETCH": [None, refusal]}) as server:
            reader = a_reader(server.port)
            assert [mail.raw for mail in read(reader)] == list(self.mails.values())
            reader.close()

    def test_one_whose_text_is_refused_comes_with_its_headers(self) -> None:
        refused = "NO [SERVERBUG] UID FETCH Server error"
        # listing, the batch, the listing of what is lacking, 1 alone, 2 alone; then 2's headers and 3 go well
        steps = [None, refused, None, None, refused]
        with ScriptedImap(mails=self.mails, uid_next=4, script={"FETCH": steps}) as server:
            reader = a_reader(server.port)
            got = read(reader)
            reader.close()
        headers = A_MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        assert [mail.raw for mail in got] == [A_MAIL, headers, A_MAIL]

    def test_half_an_answer_before_a_refusal_is_forgotten(self) -> None:
        half = (
            b'* 1 FETCH (UID 1 INTERNALDATE " 2-Mar-2026 09:00:01 +0000" BODY[]<0> NIL)\r\nTAG NO error\r\n'
        )
        with ScriptedImap(script={"FETCH": [None, half, None, half]}) as server:
            reader = a_reader(server.port)
            assert [mail.raw for mail in read(reader)] == [A_MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"]
            reader.close()

    def test_one_that_is_refused_altogether_fails_ten_reads_and_is_then_handed_over_empty(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        refused = "NO [SERVERBUG] UID FETCH Server error"
        with ScriptedImap(script={"FETCH": [None, refused, None, refused, refused] * 10}) as server:
            reader = a_reader(server.port)
            for _ in range(REFUSALS_BEFORE_GIVING_UP - 1):
                with pytest.raises(ReadFailure, match="handing over message 1 of 'INBOX'") as caught:
                    read(reader)
                assert not caught.value.is_lasting
            with caplog.at_level(logging.WARNING):
                [mail] = read(reader)
            assert (mail.uid, mail.raw) == (1, b"")
            assert mail.received_at == datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)
            assert "message 1 of 'INBOX' cannot be read" in caplog.text
            reader.close()

    def test_an_overload_is_never_held_against_a_message(self) -> None:
        refused = "NO [UNAVAILABLE] Backend down"
        with ScriptedImap(script={"FETCH": [None, refused, None, refused, refused] * 15}) as server:
            reader = a_reader(server.port)
            for _ in range(15):
                with pytest.raises(ReadFailure):
                    read(reader)
            assert [mail.raw for mail in read(reader)] == [A_MAIL]
            reader.close()
