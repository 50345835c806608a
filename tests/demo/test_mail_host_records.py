"""What the demo's mail host records: receipts, deliveries and readings, byte for byte, dated by our clock."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imapclient import IMAPClient

from sequencer.clock import VirtualClock
from sequencer.demo.mail_host import Delivery, MailHost
from sequencer.demo.receipt import Receipt
from tests.demo.mailing import A_MAIL, ANA, LI, START, WANG, a_host, imap, smtp, the_mail
from tests.mail.reading import a_reader, a_server, batches_of, read


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def mail_host(clock: VirtualClock) -> Iterator[MailHost]:
    with a_host(clock) as host:
        yield host


class TestWhatIsRecorded:
    """Receipts and deliveries."""

    def test_a_receipt_holds_instant_envelope_and_bytes(
        self, mail_host: MailHost, clock: VirtualClock
    ) -> None:
        clock.advance(timedelta(hours=1, microseconds=5))
        with smtp(mail_host) as client:
            client.sendmail(WANG, [ANA], A_MAIL)
        at = START + timedelta(hours=1, microseconds=5)
        assert mail_host.receipts == [Receipt(at=at, sender=WANG, recipient=ANA, raw=A_MAIL)]
        assert mail_host.deliveries == []

    def test_queue_ids_count_from_one(self, mail_host: MailHost) -> None:
        with smtp(mail_host) as client:
            for number in (1, 2):
                client.mail(WANG)
                client.rcpt(ANA)
                assert client.data(A_MAIL) == (250, b"2.0.0 Ok: queued as %08X" % number)

    def test_a_delivery_lies_in_the_inbox_under_a_stamp_dated_by_the_clock(
        self, mail_host: MailHost, clock: VirtualClock
    ) -> None:
        at = clock.advance(timedelta(days=1))
        mail_host.hand_in(ANA, WANG, A_MAIL)
        stamp = (
            b"Received: from localhost ([127.0.0.1])\r\n\tby mail.demo.example with ESMTP id 00000001;\r\n"
            b"\tWed, 07 May 2031 07:08:09 +0000\r\n"
        )
        raw = stamp + A_MAIL
        assert mail_host.deliveries == [Delivery(at=at, mailbox=WANG, folder="INBOX", sender=ANA, raw=raw)]
        with imap(mail_host) as client:
            found = the_mail(client, "INBOX")
        assert (found[b"BODY[]"], found[b"INTERNALDATE"]) == (raw, at)
        received = str(message_from_bytes(raw)["Received"])
        assert parsedate_to_datetime(received.rpartition(";")[2].strip()) == at
        assert mail_host.receipts == []

    def test_a_report_comes_with_an_empty_sender(self, mail_host: MailHost) -> None:
        mail_host.hand_in("", WANG, A_MAIL)
        assert [delivery.sender for delivery in mail_host.deliveries] == [""]

    def test_a_mail_to_two_accounts_lies_in_both(self, mail_host: MailHost) -> None:
        with smtp(mail_host, user=None) as client:
            client.sendmail(ANA, [WANG, LI], A_MAIL)
        assert [(each.mailbox, each.folder) for each in mail_host.deliveries] == [
            (WANG, "INBOX"),
            (LI, "INBOX"),
        ]

    def test_what_the_owner_sent_elsewhere_is_filed_in_sent(
        self, mail_host: MailHost, clock: VirtualClock
    ) -> None:
        at = clock.advance(timedelta(hours=2))
        mail_host.file_sent(WANG, A_MAIL)
        assert mail_host.deliveries == [Delivery(at=at, mailbox=WANG, folder="Sent", sender=WANG, raw=A_MAIL)]
        with imap(mail_host) as client:
            assert client.select_folder("INBOX")[b"EXISTS"] == 0
            found = the_mail(client, "Sent")
        assert (found[b"BODY[]"], found[b"INTERNALDATE"]) == (A_MAIL, at)
        assert b"\\Seen" in found[b"FLAGS"]

    def test_a_mail_that_a_client_files_without_a_date_is_dated_by_the_clock(
        self, mail_host: MailHost
    ) -> None:
        with imap(mail_host) as client:
            client.append("Sent", A_MAIL)
            found = the_mail(client, "Sent")
        assert found[b"INTERNALDATE"] == START

    def test_the_records_are_copies(self, mail_host: MailHost) -> None:
        mail_host.hand_in(ANA, WANG, A_MAIL)
        mail_host.deliveries.clear()
        mail_host.receipts.append(Receipt(at=START, sender=WANG, recipient=ANA, raw=b""))
        assert (len(mail_host.deliveries), mail_host.receipts) == (1, [])

    def test_two_hosts_at_the_same_instant_record_the_same(self) -> None:
        taken = []
        for _ in range(2):
            with a_host(VirtualClock(START)) as mail_host:
                mail_host.hand_in(ANA, WANG, A_MAIL)
                reader = a_reader(a_server(mail_host.imap_port, username=WANG))
                taken.append((mail_host.deliveries, batches_of(reader)))
                reader.close()
        assert taken[0] == taken[1]


ODD_BODIES = [
    b".\r\n",
    b"..\r\n.a\r\n...b\r\n",
    b"\r\n\r\n",
    "价格单附上。".encode() + b"\r\n",
    "价格".encode("gb18030") + b"\x80\xff\r\n",
    b"x" * 998 + b"\r\n",
    b"." + b"x" * 997 + b"\r\n",
    b"\x00\t \x7f\r\n",
]


class TestBytes:
    """Nothing is changed on the way in or out."""

    @pytest.mark.parametrize("body", ODD_BODIES)
    def test_odd_bodies_arrive_as_they_left(self, mail_host: MailHost, body: bytes) -> None:
        arrives_as_it_left(mail_host, body)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
    @given(lines=st.lists(st.binary(max_size=30).map(lambda line: line.translate(None, b"\r\n")), max_size=6))
    def test_any_lines_arrive_as_they_left(self, mail_host: MailHost, lines: list[bytes]) -> None:
        arrives_as_it_left(mail_host, b"".join(line + b"\r\n" for line in lines))


def arrives_as_it_left(mail_host: MailHost, body: bytes) -> None:
    raw = b"Subject: Pliers\r\n\r\n" + body
    with smtp(mail_host) as client:
        client.sendmail(WANG, [ANA], raw, mail_options=["BODY=8BITMIME"])
    mail_host.hand_in(ANA, WANG, raw)
    assert mail_host.receipts[-1].raw == raw
    delivered = mail_host.deliveries[-1].raw
    assert delivered.startswith(b"Received: ")
    assert delivered.endswith(b" +0000\r\n" + raw)
    reader = a_reader(a_server(mail_host.imap_port, username=WANG))
    assert read(reader)[-1].raw == delivered
    reader.close()


class TestReadings:
    """When somebody looked into a mailbox."""

    def test_looking_at_the_inbox_is_noted_once_an_instant(
        self, mail_host: MailHost, clock: VirtualClock
    ) -> None:
        with imap(mail_host) as client:
            assert mail_host.readings(WANG) == []
            client.folder_status("INBOX", ["UIDNEXT"])
            client.select_folder("INBOX")
            second = clock.advance(timedelta(minutes=5))
            client.select_folder("INBOX", readonly=True)
            third = clock.advance(timedelta(minutes=5))
            client.folder_status("inbox", ["MESSAGES"])
            clock.advance(timedelta(minutes=5))
            client.noop()
            client.list_folders()
            client.select_folder("Sent")
            client.folder_status("Junk", ["UIDNEXT"])
        assert mail_host.readings(WANG) == [START, second, third]
        assert mail_host.readings(LI) == []

    def test_a_sweep_of_our_reader_is_a_reading(self, mail_host: MailHost, clock: VirtualClock) -> None:
        reader = a_reader(a_server(mail_host.imap_port, username=WANG))
        cursors = [batch.cursor for batch in batches_of(reader)]
        second = clock.advance(timedelta(minutes=5))
        assert read(reader, cursors) == []
        reader.close()
        assert mail_host.readings(WANG) == [START, second]

    def test_a_look_that_failed_is_none(self, mail_host: MailHost) -> None:
        with IMAPClient("127.0.0.1", mail_host.imap_port, ssl=False, timeout=10) as client:
            with pytest.raises(IMAPClient.Error):
                client.login(WANG, "wrong")
            with pytest.raises(IMAPClient.Error):
                client.folder_status("INBOX", ["UIDNEXT"])
        assert mail_host.readings(WANG) == []
