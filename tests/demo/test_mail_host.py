"""The demo's mail host: the rules of its SMTP side, and how it runs."""

import gc
import logging
import smtplib
import socket
import struct
import threading
import warnings
from collections.abc import Iterator
from datetime import timedelta

import pytest
from imapclient import IMAPClient

from sequencer.clock import VirtualClock
from sequencer.demo.mail_host import GREYLIST_IN, MailHost, RecipientPolicy
from tests.demo.mailing import A_MAIL, ANA, GONE, LI, SLOW, START, WANG, a_host, answer_to, imap, plain, smtp


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def mail_host(clock: VirtualClock) -> Iterator[MailHost]:
    with a_host(clock) as host:
        yield host


class TestWhoMayWriteToWhom:
    """MAIL and RCPT."""

    def test_outside_mail_needs_a_login(self, mail_host: MailHost) -> None:
        with smtp(mail_host, user=None) as client:
            assert answer_to(client, WANG, ANA) == (530, "5.7.0")
            client.login(WANG, "secret")
            assert answer_to(client, WANG, ANA) == (250, "2.1.5")

    def test_outside_mail_leaves_under_the_name_of_who_logged_in(self, mail_host: MailHost) -> None:
        with smtp(mail_host) as client:
            assert answer_to(client, LI, ANA) == (553, "5.7.1")
            assert answer_to(client, "", ANA) == (553, "5.7.1")
            assert answer_to(client, WANG, ANA) == (250, "2.1.5")

    @pytest.mark.parametrize(("user", "password"), [(WANG, "wrong"), ("nobody@ourfirm.example", "secret")])
    def test_a_wrong_name_or_password_is_refused(self, mail_host: MailHost, user: str, password: str) -> None:
        with smtp(mail_host, user=None) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
                client.login(user, password)
            assert caught.value.smtp_code == 535
            assert answer_to(client, WANG, ANA) == (530, "5.7.0")

    def test_a_password_beyond_ascii_may_log_in(self, mail_host: MailHost) -> None:
        with smtp(mail_host, user=None) as client:
            code, _ = client.docmd("AUTH", plain(LI, "пароль"))
            assert code == 235
            assert answer_to(client, LI, ANA) == (250, "2.1.5")

    @pytest.mark.parametrize("sender", ["", ANA, WANG, "spam@anywhere.example"])
    def test_anybody_may_write_to_our_accounts(self, mail_host: MailHost, sender: str) -> None:
        with smtp(mail_host, user=None) as client:
            assert answer_to(client, sender, WANG, LI) == (250, "2.1.5")

    def test_outside_mail_has_one_recipient(self, mail_host: MailHost) -> None:
        with smtp(mail_host) as client:
            assert answer_to(client, WANG, ANA, SLOW) == (452, "4.5.3")
            assert answer_to(client, WANG, ANA, LI) == (452, "4.5.3")
            assert answer_to(client, WANG, LI, ANA) == (452, "4.5.3")
            client.rset()
            refused = client.sendmail(WANG, [ANA, SLOW], A_MAIL)
        assert list(refused) == [SLOW]
        assert [receipt.recipient for receipt in mail_host.receipts] == [ANA]

    def test_who_is_unknown_is_refused_and_only_strangers_are_noted(self, mail_host: MailHost) -> None:
        with smtp(mail_host) as client:
            assert answer_to(client, WANG, GONE) == (550, "5.1.1")
            for _ in range(2):
                assert answer_to(client, WANG, "who@nowhere.example") == (550, "5.1.1")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            mail_host.hand_in(ANA, "wnag@ourfirm.example", A_MAIL)
        assert mail_host.strangers == ["who@nowhere.example", "wnag@ourfirm.example"]
        assert mail_host.receipts == []

    def test_case_makes_no_difference(self, mail_host: MailHost) -> None:
        with smtp(mail_host) as client:
            client.sendmail(WANG.title(), [ANA.upper()], A_MAIL)
        mail_host.hand_in(ANA, WANG.upper(), A_MAIL)
        assert [receipt.recipient for receipt in mail_host.receipts] == [ANA.upper()]
        assert [delivery.mailbox for delivery in mail_host.deliveries] == [WANG]

    def test_nobody_is_an_account_and_an_outsider(self, clock: VirtualClock) -> None:
        with pytest.raises(ValueError, match=WANG):
            MailHost(clock, {WANG: "secret"}, {WANG: RecipientPolicy.TAKES})


class TestGreylisting:
    """Refused at first, by sender and recipient, on the virtual clock."""

    def test_five_minutes_after_the_first_try_the_mail_is_taken(
        self, mail_host: MailHost, clock: VirtualClock
    ) -> None:
        with smtp(mail_host) as client:
            assert answer_to(client, WANG, SLOW) == (451, "4.7.1")
            clock.advance(timedelta(minutes=3))
            assert answer_to(client, WANG, SLOW) == (451, "4.7.1")
            clock.set(START + GREYLIST_IN - timedelta(seconds=1))
            assert answer_to(client, WANG, SLOW) == (451, "4.7.1")
            clock.set(START + timedelta(minutes=5))
            client.rset()
            client.sendmail(WANG, [SLOW], A_MAIL)
            clock.advance(timedelta(days=9))
            assert answer_to(client, WANG, SLOW) == (250, "2.1.5")
        assert [receipt.at for receipt in mail_host.receipts] == [START + GREYLIST_IN]

    def test_each_sender_waits_anew(self, mail_host: MailHost, clock: VirtualClock) -> None:
        with smtp(mail_host) as client:
            assert answer_to(client, WANG, SLOW) == (451, "4.7.1")
        clock.advance(GREYLIST_IN)
        with smtp(mail_host, user=None) as client:
            client.docmd("AUTH", plain(LI, "пароль"))
            assert answer_to(client, LI, SLOW) == (451, "4.7.1")

    def test_a_try_that_was_not_allowed_does_not_count(
        self, mail_host: MailHost, clock: VirtualClock
    ) -> None:
        with smtp(mail_host, user=None) as client:
            assert answer_to(client, WANG, SLOW) == (530, "5.7.0")
            clock.advance(GREYLIST_IN)
            client.login(WANG, "secret")
            assert answer_to(client, WANG, SLOW) == (451, "4.7.1")


class TestRunning:
    """Starting, serving in silence and stopping."""

    def test_stopping_cuts_the_connections_and_leaves_no_thread(self, clock: VirtualClock) -> None:
        before = set(threading.enumerate())
        with a_host(clock) as mail_host:
            mail_host.hand_in(ANA, WANG, A_MAIL)
            assert {thread.name for thread in set(threading.enumerate()) - before} == {"mail-host"}
            client = smtplib.SMTP("127.0.0.1", mail_host.smtp_port, "desk.example", 10)
            reader = IMAPClient("127.0.0.1", mail_host.imap_port, ssl=False, timeout=10)
        assert set(threading.enumerate()) == before
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            client.docmd("NOOP")
        for port in (mail_host.smtp_port, mail_host.imap_port):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), 10)
        assert len(mail_host.deliveries) == 1
        client.close()
        reader.shutdown()

    def test_nothing_asks_for_a_hosts_name(
        self, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def never(*_: object) -> str:
            raise AssertionError("a name was looked up")

        for name in ("getfqdn", "gethostname", "gethostbyaddr", "getnameinfo"):
            monkeypatch.setattr(socket, name, never)
        with a_host(clock) as mail_host:
            mail_host.hand_in(ANA, WANG, A_MAIL)
            with smtp(mail_host) as client, imap(mail_host) as reader:
                client.sendmail(WANG, [ANA], A_MAIL)
                assert reader.select_folder("INBOX")[b"EXISTS"] == 1
            assert len(mail_host.receipts) == 1

    def test_logins_without_tls_and_lost_clients_are_no_reason_to_complain(
        self, clock: VirtualClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        begun = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<wang@ourfirm.example>\r\nDATA\r\nSubj"
        with warnings.catch_warnings(record=True) as caught, caplog.at_level(logging.WARNING):
            warnings.simplefilter("always")
            with a_host(clock) as mail_host:
                with smtp(mail_host) as client:
                    client.sendmail(WANG, [ANA], A_MAIL)
                for said in (b"", b"EHLO x\r\n" * 50, begun):
                    with socket.create_connection(("127.0.0.1", mail_host.smtp_port), 10) as rude:
                        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        rude.sendall(said)  # and then a reset
                mail_host.hand_in(ANA, WANG, A_MAIL)
            gc.collect()  # asyncio tells of errors that nobody asked for when it forgets them
        assert [str(each.message) for each in caught] == []
        assert [record.getMessage() for record in caplog.records] == []

    def test_the_kept_connection_survives_a_refusal(self, mail_host: MailHost) -> None:
        for _ in range(2):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                mail_host.hand_in(ANA, ANA, A_MAIL)
            mail_host.hand_in(ANA, WANG, A_MAIL)
        assert len(mail_host.deliveries) == 2

    def test_threads_may_hand_in_at_once(self, mail_host: MailHost) -> None:
        threads = [threading.Thread(target=mail_host.hand_in, args=(ANA, WANG, A_MAIL)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(mail_host.deliveries) == 8
