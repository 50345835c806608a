"""The envelope in one write (RFC 2920): whatever the replies are, the verdict is the first refusal."""

import contextlib
from datetime import timedelta

import pytest

from sequencer.config import Server
from sequencer.core.ports import Deferred, MailboxFault, Outgoing, Refused, Released, Sent, SmtpClass
from sequencer.mail.smtp import SmtpCourier
from sequencer.mail.smtp_envelope import PIPELINE
from sequencer.mail.smtp_wire import Wire
from tests.servers.scripted_smtp import CLOSE, SILENCE, ScriptedSmtp

MESSAGE = Outgoing(
    sender="lily@yutools.example", recipient="ana@lusotools.example", pieces=[b"Subject: x\r\n\r\nhello\r\n"]
)
UNKNOWN = "550 5.1.1 user unknown"
NO_RECIPIENT = "554 5.5.1 no valid recipients"
NO_MAIL = "503 5.5.1 need MAIL"


class Noting(Wire):
    """Notes what was written, whether or not the server ever read it."""

    said: list[str]

    def say(self, verb, lines):
        self.said.append(verb)
        super().say(verb, lines)


@contextlib.contextmanager
def talking(script, **settings):
    """A server that pipelines and answers by `script`, and a courier to it."""
    Noting.said = []
    fields = {"timeout_in": timedelta(seconds=20)} | settings
    with ScriptedSmtp(script=script, extensions=("PIPELINING", "SIZE")) as host:
        server = Server(
            host="127.0.0.1", port=host.port, security="none", username=None, password=None, **fields
        )
        with contextlib.closing(SmtpCourier(server, lambda: "", "wang", wire_class=Noting)) as courier:
            yield host, courier


def yes() -> bool:
    return True


def never() -> bool:
    raise AssertionError("may_send was called after a refusal")


def dials(host) -> int:
    return sum(line.startswith("ehlo") for line in host.heard)


def once(first, good) -> list[str]:
    return [first, good]


@pytest.mark.parametrize(
    ("script", "kind", "verb", "has_kept"),
    [
        ({"RCPT": UNKNOWN, "DATA": once(NO_RECIPIENT, "354 go")}, Refused, "RCPT", True),
        ({"RCPT": UNKNOWN}, Refused, "RCPT", False),
        ({"RCPT": "451 4.7.1 greylisted", "DATA": once(NO_RECIPIENT, "354 go")}, Deferred, "RCPT", True),
        ({"DATA": once("451 4.3.0 not now", "354 go")}, Deferred, "DATA", True),
        ({"DATA": once("250 ok", "354 go")}, Deferred, "DATA", False),
        (
            {
                "MAIL": once("552 5.3.4 too big", "250 ok"),
                "RCPT": once(NO_MAIL, "250 ok"),
                "DATA": once(NO_MAIL, "354 go"),
            },
            Refused,
            "MAIL",
            True,
        ),
        (
            {"MAIL": "550 5.7.1 no", "RCPT": once(NO_MAIL, "250 ok"), "DATA": once(NO_MAIL, "354 go")},
            MailboxFault,
            "MAIL",
            False,
        ),
        ({"MAIL": "550 5.7.1 no", "RCPT": CLOSE}, MailboxFault, "MAIL", False),
        ({"RCPT": UNKNOWN, "DATA": CLOSE}, Refused, "RCPT", False),
        ({"RCPT": "421 4.3.2 bye"}, Deferred, "RCPT", False),
        ({"DATA": CLOSE}, Deferred, "DATA", False),
        ({"RCPT": "hello there"}, Deferred, "RCPT", False),
        ({"MAIL": CLOSE}, MailboxFault, "MAIL", False),
    ],
)
def test_the_first_refusal_is_the_verdict_and_nothing_is_out_of_step_afterwards(script, kind, verb, has_kept):
    answers = {
        name: once(said, {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go"}[name])
        if isinstance(said, str)
        else said
        for name, said in script.items()
    }
    with talking(answers) as (host, courier):
        outcome = courier.send(MESSAGE, never)
        assert type(outcome) is kind, outcome
        assert outcome.answer.verb == verb
        assert host.contents == []
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert dials(host) == (1 if has_kept else 2)
    assert len(host.contents) == 1


def test_a_recipient_refused_before_354_gets_no_content_and_no_dot():
    with talking({"RCPT": once(UNKNOWN, "250 ok")}) as (host, courier):
        outcome = courier.send(MESSAGE, never)
        assert isinstance(outcome, Refused)
        assert outcome.smtp_class is SmtpClass.DEAD
    assert Noting.said == [PIPELINE]
    assert host.contents == []
    assert [line.split(" ")[0] for line in host.heard] == ["ehlo", "MAIL", "RCPT", "DATA"]


def test_a_no_after_354_ends_the_connection_without_a_dot():
    with talking({}) as (host, courier):
        assert courier.send(MESSAGE, lambda: False) == Released()
        assert Noting.said == [PIPELINE]
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert dials(host) == 2
    assert host.contents == [b"Subject: x\r\n\r\nhello\r\n.\r\n"]


def test_a_server_silent_after_a_refusal_is_waited_for_once():
    script = {"RCPT": once(UNKNOWN, "250 ok"), "DATA": once(SILENCE, "354 go")}
    with talking(script, timeout_in=timedelta(seconds=1)) as (_, courier):
        assert isinstance(courier.send(MESSAGE, never), Refused)
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert Noting.said == [PIPELINE, PIPELINE]


@pytest.mark.parametrize(
    "answer",
    [
        "421 too many messages in this connection",
        "450 MI:DMC 163 smtp1 too much",
        "451 Too many mails, later",
    ],
)
def test_a_connection_that_has_brought_enough_is_dialled_again_once(answer):
    with talking({"MAIL": ["250 ok", answer, "250 ok", answer]}) as (host, courier):
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert dials(host) == 2
        assert isinstance(courier.send(MESSAGE, yes), MailboxFault)
        assert dials(host) == 3
    assert len(host.contents) == 2


def test_another_passing_refusal_of_the_sender_is_not_dialled_for():
    with talking({"MAIL": ["250 ok", "450 4.3.2 busy"]}) as (host, courier):
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert isinstance(courier.send(MESSAGE, yes), MailboxFault)
        assert dials(host) == 1


def test_a_connection_is_left_politely_after_its_share_of_messages():
    with talking({}, messages_per_connection=2) as (host, courier):
        for _ in range(5):
            assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert dials(host) == 3
        assert [line.split(" ")[0].lower() for line in host.heard].count("quit") == 2


def test_where_nothing_is_published_the_share_is_a_hundred():
    with talking({}) as (host, courier):
        for _ in range(101):
            assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert dials(host) == 2


NEXT = Outgoing(sender=MESSAGE.sender, recipient="ben@nordwerk.example", pieces=MESSAGE.pieces)


def test_the_next_envelope_leaves_with_the_content_and_nothing_waits_for_its_answer():
    waits = []
    with talking({}) as (host, courier):
        assert isinstance(courier.send(MESSAGE, yes, then=NEXT, idle=lambda: waits.append(1)), Sent)
        assert isinstance(courier.send(NEXT, yes, idle=lambda: waits.append(2)), Sent)
        assert Noting.said == [PIPELINE]
        assert dials(host) == 1
    assert waits in ([1], [1, 2])  # 2: the answers were not all there yet


def test_a_share_of_messages_is_not_passed_by_naming_the_next():
    with talking({}, messages_per_connection=2) as (host, courier):
        queue = [MESSAGE, NEXT] * 3
        for outgoing, then in zip(queue, [*queue[1:], None], strict=True):
            assert isinstance(courier.send(outgoing, yes, then=then), Sent)
        assert dials(host) == 3


@pytest.mark.parametrize(
    ("script", "kind", "times_dialled"),
    [
        ({"RCPT": ["250 ok", UNKNOWN], "DATA": ["354 go", NO_RECIPIENT]}, Refused, 1),
        ({"RCPT": ["250 ok", UNKNOWN]}, Refused, 1),
        ({"RCPT": ["250 ok", "451 4.7.1 greylisted"], "DATA": ["354 go", NO_RECIPIENT]}, Deferred, 1),
        ({"MAIL": ["250 ok", "550 5.7.1 blocked"], "RCPT": ["250 ok", NO_MAIL]}, MailboxFault, 1),
        ({"MAIL": ["250 ok", "421 4.3.2 closing", "250 ok"]}, Sent, 2),
        ({"MAIL": ["250 ok", "450 MI:DMC too many", "250 ok"]}, Sent, 2),
        ({"MAIL": ["250 ok", CLOSE, "250 ok"]}, Sent, 2),
        ({"RCPT": ["250 ok", CLOSE, "250 ok"]}, Sent, 2),
        ({"DATA": ["354 go", CLOSE, "354 go"]}, Sent, 2),
    ],
)
def test_an_envelope_that_went_ahead_is_judged_as_any(script, kind, times_dialled):
    with talking(script) as (host, courier):
        assert isinstance(courier.send(MESSAGE, yes, then=NEXT), Sent)
        assert isinstance(courier.send(NEXT, yes if kind is Sent else never), kind)
        assert dials(host) == times_dialled


def test_an_envelope_that_went_ahead_for_nothing_ends_the_connection_without_a_word():
    with talking({}) as (host, courier):
        assert isinstance(courier.send(MESSAGE, yes, then=NEXT), Sent)
        courier.close()
        assert isinstance(courier.send(MESSAGE, yes), Sent)
        assert dials(host) == 2
        assert not any(line.lower().startswith("quit") for line in host.heard)
