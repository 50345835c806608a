"""What every courier must do: run over the fake and over the real one against a real server."""

import contextlib
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from sequencer.config import Server
from sequencer.core.ports import (
    Courier,
    Deferred,
    MailboxFault,
    Outgoing,
    Refused,
    Released,
    Sent,
    SmtpClass,
    Unsure,
)
from sequencer.mail.smtp import SmtpCourier
from sequencer.testing import DROP, RecordingCourier
from tests.servers.certificates import ca_file, server_context
from tests.servers.pipelining import pipelining
from tests.servers.smtp_server import SmtpServer

SENDER, ANA, BEN = "lily@yutools.example", "ana@lusotools.example", "ben@nordwerk.example"
PIECES = (b"Subject: x\r\n\r\n.hidden\r\n..", b"\r\n.\r\n", b"QUJD\r\n", b"--end--\r\n")


@dataclass
class Rig:
    courier: Courier
    fail: Callable[..., None]
    received: Callable[[], list[tuple[str, str, bytes]]]


@contextlib.contextmanager
def fake_rig(_folder):
    courier = RecordingCourier("wang")
    yield Rig(
        courier,
        courier.fail,
        lambda: [(out.sender, out.recipient, b"".join(out.pieces)) for out in courier.received],
    )


@contextlib.contextmanager
def real_rig(folder, security, offers=lambda server: server):
    tls = None if security == "none" else server_context()
    with offers(SmtpServer(accounts={"lily": "sécret"}, security=security, tls_context=tls)) as host:
        settings = Server(
            host="127.0.0.1",
            port=host.port,
            security=security,
            username="lily",
            password=None,
            timeout_in=timedelta(seconds=20),
            ca_file=ca_file(folder),
        )
        courier = SmtpCourier(settings, lambda: "sécret", "wang")
        with contextlib.closing(courier):
            yield Rig(
                courier, host.fail, lambda: [(got.sender, got.recipient, got.raw) for got in host.received]
            )


REAL = {
    f"{security}{name}": functools.partial(real_rig, security=security, **offers)
    for security in ("none", "starttls", "tls")
    for name, offers in {"": {}, " pipelining": {"offers": pipelining}}.items()
}
RIGS = {"fake": fake_rig} | REAL


@pytest.fixture(params=RIGS)
def rig(request, tmp_path):
    with RIGS[request.param](tmp_path) as ready:
        yield ready


@pytest.fixture
def is_pipelining(request):
    return "pipelining" in request.node.callspec.params["rig"]


def message(recipient=ANA) -> Outgoing:
    return Outgoing(sender=SENDER, recipient=recipient, pieces=PIECES)


def yes() -> bool:
    return True


def never() -> bool:
    raise AssertionError("may_send was called after a refusal")


def before_content(is_pipelining) -> tuple[str, ...]:
    """Verbs whose failure leaves `may_send` unasked: with pipelining DATA is answered before the question."""
    return ("RCPT", "DATA") if is_pipelining else ("RCPT",)


def test_a_message_arrives_byte_for_byte_and_the_connection_serves_the_next(rig):
    first, second = rig.courier.send(message(), yes), rig.courier.send(message(BEN), yes)
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert (first.answer.code, first.answer.verb, first.wire_id) == (250, "CONTENT", None)
    raw = b"".join(PIECES)
    assert rig.received() == [(SENDER, ANA, raw), (SENDER, BEN, raw)]


def test_may_send_is_asked_once_before_anything_was_delivered(rig):
    held = []
    rig.courier.send(message(), lambda: held.append(rig.received()) or True)
    assert held == [[]]


def test_a_no_from_may_send_delivers_nothing_and_the_next_message_leaves(rig):
    assert rig.courier.send(message(), lambda: False) == Released()
    assert rig.received() == []
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)
    assert [recipient for _, recipient, _ in rig.received()] == [BEN]


def test_what_may_send_raises_passes_through_and_nothing_is_delivered(rig):
    def fail() -> bool:
        raise RuntimeError("the ledger is gone")

    with pytest.raises(RuntimeError, match="the ledger is gone"):
        rig.courier.send(message(), fail)
    assert rig.received() == []
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)


@pytest.mark.parametrize(
    ("answer", "kind", "smtp_class"),
    [
        ("550 5.1.1 user unknown", Refused, SmtpClass.DEAD),
        ("451 4.3.0 try later", Deferred, SmtpClass.SOFT),
        ("452 4.2.2 mailbox full", Deferred, SmtpClass.FULL),
        ("550 Ip frequency limited", Deferred, SmtpClass.RATE),
        ("421 4.3.2 shutting down", Deferred, SmtpClass.SOFT),
    ],
)
@pytest.mark.parametrize("verb", ["RCPT", "DATA", "DOT"])
def test_a_refusal_is_judged_and_the_next_message_leaves(rig, is_pipelining, verb, answer, kind, smtp_class):
    rig.fail(verb, answer)
    outcome = rig.courier.send(message(), never if verb in before_content(is_pipelining) else yes)
    assert type(outcome) is kind
    assert outcome.smtp_class is smtp_class
    assert outcome.answer.verb == ("CONTENT" if verb == "DOT" else verb)
    assert rig.received() == []
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)


@pytest.mark.parametrize(
    ("answer", "is_lasting"),
    [("550 5.7.60 not allowed to send as this sender", True), ("451 4.3.0 later", False), (DROP, False)],
)
def test_a_refused_sender_is_a_fault_of_the_mailbox(rig, answer, is_lasting):
    rig.fail("MAIL", answer)
    outcome = rig.courier.send(message(), never)
    assert isinstance(outcome, MailboxFault)
    assert outcome.is_lasting is is_lasting
    assert outcome.message.startswith("wang: 127.0.0.1:")
    assert outcome.hint
    assert "\n" not in outcome.message
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)


@pytest.mark.parametrize("verb", ["RCPT", "DATA", "CONTENT"])
def test_a_connection_lost_before_the_final_dot_is_known_not_to_deliver(rig, is_pipelining, verb):
    rig.fail(verb, DROP)
    big = Outgoing(sender=SENDER, recipient=ANA, pieces=[b"x" * 70 + b"\r\n"] * 200_000)
    outcome = rig.courier.send(big, never if verb in before_content(is_pipelining) else yes)
    assert isinstance(outcome, Deferred)
    assert (outcome.smtp_class, outcome.answer.code, outcome.answer.verb) == (SmtpClass.SOFT, 0, verb)
    assert rig.received() == []
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_connection_lost_after_the_final_dot_leaves_us_unsure(rig, is_kept):
    rig.fail("DOT", DROP, is_kept=is_kept)
    outcome = rig.courier.send(message(), yes)
    assert isinstance(outcome, Unsure)
    assert "final dot" in outcome.cause
    assert len(rig.received()) == is_kept
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)


def test_closing_and_aborting_an_idle_courier_never_raises_and_it_can_send_again(rig):
    rig.courier.abort()
    rig.courier.close()
    assert isinstance(rig.courier.send(message(), yes), Sent)
    rig.courier.close()
    rig.courier.close()
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)
    thread = threading.Thread(target=rig.courier.abort)
    thread.start()
    thread.join()
    assert isinstance(rig.courier.send(message(), yes), Sent)


@pytest.fixture
def ben() -> Outgoing:
    return message(BEN)


def test_a_message_named_beforehand_follows_and_its_own_mark_comes_before_it(rig, ben):
    held = []

    def asked() -> bool:
        held.append([recipient for _, recipient, _ in rig.received()])
        return True

    assert isinstance(rig.courier.send(message(), asked, then=ben), Sent)
    assert isinstance(rig.courier.send(ben, asked, then=(third := message())), Sent)
    assert isinstance(rig.courier.send(third, asked), Sent)
    assert held == [[], [ANA], [ANA, BEN]]
    raw = b"".join(PIECES)
    assert rig.received() == [(SENDER, ANA, raw), (SENDER, BEN, raw), (SENDER, ANA, raw)]


@pytest.mark.parametrize(
    "answer", [DROP, "421 4.3.2 shutting down", "451 4.3.0 later", "550 5.1.1 no such user"]
)
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_message_named_beforehand_may_fail_as_any_and_the_one_before_it_is_sent(rig, ben, verb, answer):
    rig.fail(verb, answer, recipient=BEN)
    assert isinstance(rig.courier.send(message(), yes, then=ben), Sent)
    outcome = rig.courier.send(ben, yes)
    # A kept connection that ends is dialled anew once, as ever: the fault may be gone by then.
    assert isinstance(outcome, Sent | Deferred | Refused | MailboxFault)
    left = [recipient for _, recipient, _ in rig.received()]
    assert left == ([ANA, BEN] if isinstance(outcome, Sent) else [ANA])
    assert isinstance(rig.courier.send(message(), yes), Sent)


@pytest.mark.parametrize(
    ("answer", "is_sent"), [(DROP, False), ("451 4.3.0 later", False), ("550 5.7.1 no", False)]
)
def test_what_becomes_of_a_message_says_nothing_of_the_one_named_beforehand(rig, ben, answer, is_sent):
    rig.fail("DOT", answer, recipient=ANA)
    assert isinstance(rig.courier.send(message(), yes, then=ben), Sent) is is_sent
    assert isinstance(rig.courier.send(ben, yes), Sent)
    assert [recipient for _, recipient, _ in rig.received()] == [BEN]


def test_a_no_to_the_message_named_beforehand_delivers_nothing_of_it(rig, ben):
    assert isinstance(rig.courier.send(message(), yes, then=ben), Sent)
    assert rig.courier.send(ben, lambda: False) == Released()
    assert isinstance(rig.courier.send(message(), yes), Sent)
    assert [recipient for _, recipient, _ in rig.received()] == [ANA, ANA]


@pytest.mark.parametrize("ends_by", ["another", "close", "abort"])
def test_a_message_named_beforehand_and_not_sent_is_not_delivered(rig, ben, ends_by):
    assert isinstance(rig.courier.send(message(), yes, then=ben), Sent)
    if ends_by != "another":
        getattr(rig.courier, ends_by)()
    assert isinstance(rig.courier.send(message(), yes), Sent)
    assert [recipient for _, recipient, _ in rig.received()] == [ANA, ANA]


def test_what_was_put_off_is_done_before_the_mark_or_left_to_it(rig, ben):
    order = []
    for outgoing, then in ((message(), ben), (ben, None)):
        rig.courier.send(
            outgoing, lambda: order.append("mark") or True, then=then, idle=lambda: order.append("put off")
        )
    assert order[:2] == ["put off", "mark"]
    assert order[2:] in (["mark"], ["put off", "mark"])


def test_what_fails_while_it_was_put_off_passes_through(rig, ben):
    def fail() -> None:
        raise RuntimeError("the ledger is gone")

    with pytest.raises(RuntimeError, match="the ledger is gone"):
        rig.courier.send(message(), yes, then=ben, idle=fail)
    assert rig.received() == []
    assert isinstance(rig.courier.send(message(BEN), yes), Sent)
