"""The SMTP courier against real servers: its connection, its order of verbs, being broken off."""

import contextlib
import functools
import threading
from datetime import UTC, datetime, timedelta

import pytest

from sequencer.config import Server
from sequencer.core.body import encode_attachment
from sequencer.core.message import MessageParts, Party, assemble, mint_message_id
from sequencer.core.outbox import Headers
from sequencer.core.ports import Deferred, MailboxFault, Outgoing, Refused, Released, Sent, Unsure
from sequencer.mail.smtp import SmtpCourier
from sequencer.mail.smtp_wire import Wire
from tests.servers.certificates import ca_file, server_context
from tests.servers.pipelining import pipelining
from tests.servers.scripted_smtp import CLOSE, ScriptedSmtp
from tests.servers.smtp_server import DROP, STALL, SmtpServer

SENDER, ANA = "lily@yutools.example", "ana@lusotools.example"
MESSAGE = Outgoing(sender=SENDER, recipient=ANA, pieces=[b"Subject: x\r\n\r\n", b".hello\r\n"])


def yes() -> bool:
    return True


def agree(asked: list[int]) -> bool:
    asked.append(1)
    return True


def courier_to(port, *, wire_class=Wire, password="secret", **settings) -> SmtpCourier:
    fields = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": None,
        "password": None,
        "timeout_in": timedelta(seconds=20),
    }
    return SmtpCourier(Server(**(fields | settings)), lambda: password, "wang", wire_class=wire_class)


def kept_to(host, **settings) -> contextlib.closing[SmtpCourier]:
    return contextlib.closing(courier_to(host.port, **settings))


@pytest.fixture
def host():
    with SmtpServer() as running:
        yield running


@pytest.fixture
def courier(host):
    with kept_to(host) as made:
        yield made


class Witness(Wire):
    """Writes down what is written and which replies are heard, in order."""

    seen: list[object]

    def say(self, verb, lines):
        self.seen.append(lines)
        super().say(verb, lines)

    def hear(self, verb, seconds=None):
        reply = super().hear(verb, seconds)
        self.seen.append((verb, reply[0]))
        return reply

    def give(self, content):
        self.seen.append(content)
        super().give(content)

    def end(self, content, then=b""):
        self.seen.append(content)
        super().end(content, then)
        self.seen.append("dot")


@pytest.fixture
def seen():
    Witness.seen = []
    return Witness.seen


MAIL_LINE, RCPT_LINE = f"MAIL FROM:<{SENDER}> SIZE=22\r\n".encode(), f"RCPT TO:<{ANA}>\r\n".encode()
CONTENT = [b"Subject: x\r\n\r\n..hello\r\n", "dot", ("CONTENT", 250)]


def test_the_verbs_come_in_order_with_the_question_between_rcpt_and_data(host, seen):
    with kept_to(host, wire_class=Witness) as courier:
        courier.send(MESSAGE, lambda: seen.append("may_send") or True)
    envelope = [MAIL_LINE, ("MAIL", 250), RCPT_LINE, ("RCPT", 250)]
    assert seen == [*envelope, "may_send", b"DATA\r\n", ("DATA", 354), *CONTENT]


def test_where_the_server_pipelines_the_envelope_is_one_write_with_the_question_after_354(seen):
    with pipelining(SmtpServer()) as host, kept_to(host, wire_class=Witness) as courier:
        courier.send(MESSAGE, lambda: seen.append("may_send") or True)
    replies = [("MAIL", 250), ("RCPT", 250), ("DATA", 354)]
    assert seen == [MAIL_LINE + RCPT_LINE + b"DATA\r\n", *replies, "may_send", *CONTENT]


def test_a_cached_attachment_is_handed_to_the_socket_as_the_same_object(host, seen):
    pdf = encode_attachment("catalogue.pdf", "application/pdf", bytes(range(256)) * 8000)
    message = a_message(attachments=(pdf,))
    with kept_to(host, wire_class=Witness) as courier:
        assert isinstance(courier.send(message, yes), Sent)
    assert any(sent is pdf.body for sent in seen)
    assert host.received[0].raw == b"".join(message.pieces)


def a_message(**changes) -> Outgoing:
    headers = Headers(
        message_id=mint_message_id("yutools.example", "ab" * 16),
        date_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        subject="报价 2026",
    )
    fields = {
        "sender": Party(name="王丽", address=SENDER),
        "recipient": Party(name="Ana", address=ANA),
        "headers": headers,
        "zone": "Asia/Shanghai",
        "text": "Dear Ana,\n\n.\n..\nbye",
        "html": "<p>Dear Ana</p>",
    }
    return assemble(MessageParts(**(fields | changes)))


def test_an_assembled_message_crosses_starttls_and_login_unchanged(tmp_path):
    delivered = []
    with SmtpServer(
        accounts={"lily": "secret"},
        security="starttls",
        tls_context=server_context(),
        deliver_to=lambda recipient, raw: delivered.append((recipient, raw)),
    ) as host:
        made = courier_to(host.port, security="starttls", username="lily", ca_file=ca_file(tmp_path))
        with contextlib.closing(made) as courier:
            message = a_message(recipient=Party(name="采购部", address="采购@公司.example"))
            assert isinstance(courier.send(message, yes), Sent)
    raw = b"".join(message.pieces)
    assert delivered == [("采购@xn--55qx5d.example", raw)]
    assert [(got.sender, got.raw) for got in host.received] == [(SENDER, raw)]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_real_server_refuses_a_wrong_password(tmp_path, security):
    server = SmtpServer(accounts={"lily": "right"}, security=security, tls_context=server_context())
    with server as host:
        courier = courier_to(
            host.port, security=security, username="lily", password="wrong", ca_file=ca_file(tmp_path)
        )
        outcome = courier.send(MESSAGE, yes)
    assert isinstance(outcome, MailboxFault)
    assert outcome.is_lasting
    assert "refused the password (535 5.7.8" in outcome.message


def test_a_server_that_knows_only_auth_login_is_logged_in_to():
    user, secret = "bGlseQ==".upper(), "c8OpY3JldA==".upper()
    replies = {"AUTH": "334 VXNlcm5hbWU6", user: "334 UGFzc3dvcmQ6", secret: "235 2.7.0 welcome"}
    server = ScriptedSmtp(script=replies, extensions=("AUTH LOGIN",))
    with server as host, kept_to(host, username="lily", password="sécret") as courier:
        assert isinstance(courier.send(MESSAGE, yes), Sent)
    assert host.heard[1:4] == ["AUTH LOGIN", "bGlseQ==", "c8OpY3JldA=="]


def test_one_connection_is_kept_for_many_messages_and_left_politely(host, courier):
    for _ in range(5):
        assert isinstance(courier.send(MESSAGE, yes), Sent)
    assert host.connections == 1
    assert {got.connection for got in host.received} == {1}
    courier.close()
    host.wait_verb("QUIT")


def test_a_refusal_is_reset_and_keeps_the_connection(host, courier):
    host.fail("RCPT", "550 5.1.1 user unknown")
    courier.send(MESSAGE, yes)
    assert courier.send(MESSAGE, lambda: False) == Released()
    assert isinstance(courier.send(MESSAGE, yes), Sent)
    assert host.connections == 1
    assert host.verbs == ["MAIL", "RCPT", "RSET", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"]


def test_an_idle_connection_that_died_is_dialled_again_without_a_fault(host, courier):
    courier.send(MESSAGE, yes)
    host.drop_connections()
    asked = []
    assert isinstance(courier.send(MESSAGE, lambda: asked.append(1) or True), Sent)
    assert asked == [1]
    assert host.connections == 2
    assert len(host.received) == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("answer", ["421 4.4.2 idle too long", DROP])
def test_a_kept_connection_that_the_server_gives_up_is_dialled_again_once(host, courier, verb, answer):
    courier.send(MESSAGE, yes)
    host.fail(verb, answer)
    assert isinstance(courier.send(MESSAGE, yes), Sent)
    assert host.connections == 2
    host.fail(verb, answer, times=9)
    outcome = courier.send(MESSAGE, yes)
    assert isinstance(outcome, MailboxFault if verb == "MAIL" else Deferred)
    assert host.connections == 3  # the kept one and one more, never a third


def test_a_message_is_never_handed_over_twice_by_the_courier_itself(host, courier):
    courier.send(MESSAGE, yes)
    for verb, answer in [("DATA", "421 4.3.2 bye"), ("DATA", DROP), ("DOT", "421 4.3.2 bye"), ("DOT", DROP)]:
        host.fail(verb, answer)
        asked: list[int] = []
        outcome = courier.send(MESSAGE, functools.partial(agree, asked))
        assert not isinstance(outcome, Sent)
        assert asked == [1]
    assert len(host.received) == 1


def test_the_password_is_read_again_at_each_dial(host):
    reads = []
    server = Server(host="127.0.0.1", port=host.port, security="none", username="lily", password=None)
    host.accounts = {"lily": "new"}
    courier = SmtpCourier(server, lambda: reads.append(1) or ("old" if len(reads) == 1 else "new"), "wang")
    with contextlib.closing(courier):
        assert isinstance(courier.send(MESSAGE, yes), MailboxFault)
        assert isinstance(courier.send(MESSAGE, yes), Sent)


def send_in_thread(courier) -> tuple[threading.Thread, list[object]]:
    outcomes: list[object] = []
    thread = threading.Thread(target=lambda: outcomes.append(courier.send(MESSAGE, yes)))
    thread.start()
    return thread, outcomes


@pytest.mark.parametrize("security", ["none", "starttls"])
@pytest.mark.parametrize(("verb", "kind"), [("MAIL", MailboxFault), ("DATA", Deferred), ("DOT", Unsure)])
def test_a_blocked_send_is_broken_off_from_another_thread(tmp_path, security, verb, kind):
    server = SmtpServer(security=security, tls_context=server_context())
    with server as host, kept_to(host, security=security, ca_file=ca_file(tmp_path)) as courier:
        host.fail(verb, STALL)
        thread, outcomes = send_in_thread(courier)
        host.wait_stalled()
        courier.abort()
        thread.join(10)
        assert not thread.is_alive()
        assert [type(outcome) for outcome in outcomes] == [kind]
        assert isinstance(courier.send(MESSAGE, yes), Sent)


def test_breaking_off_a_kept_connection_does_not_dial_a_new_one(host, courier):
    courier.send(MESSAGE, yes)
    host.fail("MAIL", STALL)
    thread, outcomes = send_in_thread(courier)
    host.wait_stalled()
    courier.abort()
    thread.join(10)
    assert isinstance(outcomes[0], MailboxFault)
    assert host.connections == 1


def test_an_interrupt_in_may_send_drops_the_connection(host, courier):
    def interrupt() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        courier.send(MESSAGE, interrupt)
    assert isinstance(courier.send(MESSAGE, yes), Sent)
    assert host.connections == 2


def test_a_server_that_is_gone_at_reset_costs_nothing_but_the_connection():
    server = ScriptedSmtp(script={"RCPT": "550 5.1.1 user unknown", "RSET": CLOSE})
    with server as host, kept_to(host) as courier:
        for _ in range(3):
            assert isinstance(courier.send(MESSAGE, yes), Refused)
        assert sum(line.startswith("ehlo") for line in host.heard) == 3
        assert [line for line in host.heard if line.startswith("RCPT")] == [f"RCPT TO:<{ANA}>"] * 3


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nRCPT TO:<c@d.example",
        "a@b.example, c@d.example",
        "Ana <a@b.example>",
        "a@b.example\n",
        "a\0@b.example",
        '"a\\\r\n"@b.example',
        "",
    ],
)
def test_an_address_that_is_more_than_one_mailbox_never_reaches_the_server(host, courier, address):
    outcome = courier.send(Outgoing(sender=SENDER, recipient=address, pieces=[b""]), yes)
    assert isinstance(outcome, Refused)
    assert outcome.answer.enhanced == "5.1.3"
    outcome = courier.send(Outgoing(sender=address, recipient=ANA, pieces=[b""]), yes)
    assert isinstance(outcome, MailboxFault)
    assert outcome.is_lasting
    assert "MAIL" not in host.verbs


def test_a_quoted_local_part_reaches_the_server_as_it_is(host, courier):
    courier.send(Outgoing(sender=SENDER, recipient='"ana silva"@b.example', pieces=[b""]), yes)
    assert host.received[0].recipient == '"ana silva"@b.example'
