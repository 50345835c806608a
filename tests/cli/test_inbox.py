"""`inbox`: what came back, as a rep and as a program sees it."""

from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.cli.session import Session
from sequencer.core.inbound import VerdictKind
from sequencer.store.inbox import NewAnswer, record_answers
from tests.cli.command_line import Ran, run
from tests.flows.office import MONDAY, Office

ANA = "ana@luso.example"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Ana answered the intro; her mail has an escape sequence in it."""
    office = Office(tmp_path / "w")
    office.add_contact(ANA, first_name="Ana")
    office.enroll(ANA)
    office.run(MONDAY + timedelta(hours=1))
    office.answer(office.received()[0], "Yes, please send prices. \x1b]0;owned\x07")
    office.run(MONDAY + timedelta(hours=5))
    session = Session(workspace=str(office.root), acting=None, quiet=False, debug=False)
    engine = office.engine
    session.__dict__.update(clock=office.clock, config=engine.config, store=engine.store, engine=engine)
    return session


def inbox(session: Session, *words: str) -> Ran:
    return run(session, "inbox", *words)


def test_the_list_says_when_who_and_what_it_did(session: Session) -> None:
    head, row = inbox(session, "list").out.splitlines()
    assert head == "id\treceived (Europe/Lisbon)\twaits\tkind\tmark\tcontact\tsubject\twhat it did"
    assert row.split("\t")[2:] == [
        "3 h",
        "reply",
        "",
        ANA,
        "Re: Torque wrenches for Luso Tools Lda",
        "enrollment 1 finished (replied); stage conversation",
    ]
    assert inbox(session, "list", "--kind", "bounce").out.splitlines() == [head]
    assert inbox(session, "list", "--contact", ANA).out.splitlines() == [head, row]


def add(session: Session, uid: int, kind: VerdictKind, *, hours: int, contact_id: int | None = 1) -> None:
    """One more recorded mail, received so many hours after Monday's start."""
    answer = NewAnswer(
        mailbox="wang",
        folder="INBOX",
        uid_validity=9,
        uid=uid,
        fingerprint=f"mail {uid}",
        received_at=MONDAY + timedelta(hours=hours),
        kind=kind,
        contact_id=contact_id,
        subject=f"mail {uid}",
    )
    with session.store.write() as tx:
        record_answers(tx, [answer], session.clock.now())


def test_people_who_wait_come_first_and_no_longer_once_a_rep_wrote_to_them(session: Session) -> None:
    add(session, 2, VerdictKind.AUTO_REPLY, hours=3)
    add(session, 3, VerdictKind.BOUNCE, hours=4)
    waiting = inbox(session, "list", "--json").document["messages"]
    assert [one["id"] for one in waiting] == [1, 3, 2]
    assert [one["minutes_waiting"] for one in waiting] == [3 * 60, None, None]
    assert "waits for an answer; 3 h by now" in inbox(session, "show", "1").out
    add(session, 4, VerdictKind.HAND_WRITTEN, hours=4)
    answered = inbox(session, "list", "--json").document["messages"]
    assert [one["id"] for one in answered] == [4, 3, 2, 1]
    assert answered[-1]["minutes_waiting"] is None
    assert answered[-1]["answered_at"] == "2026-03-02T13:30:00Z"
    assert "answered 2026-03-02 13:30" in inbox(session, "show", "1").out


def test_what_a_rep_wrote_before_answers_nothing(session: Session) -> None:
    add(session, 2, VerdictKind.HAND_WRITTEN, hours=0)
    add(session, 3, VerdictKind.AMBIGUOUS, hours=6)
    waiting = inbox(session, "list", "--json").document["messages"]
    assert [(one["id"], one["minutes_waiting"]) for one in waiting] == [(3, 0), (1, 3 * 60), (2, None)]
    assert inbox(session, "list").out.splitlines()[1].split("\t")[2] == "under 2 min"


def test_copies_of_our_own_mail_are_no_answers(session: Session) -> None:
    with session.store.write() as tx:
        copy = NewAnswer(
            mailbox="wang",
            folder="Sent",
            uid_validity=9,
            uid=1,
            fingerprint="a copy",
            received_at=session.clock.now(),
            kind=VerdictKind.OWN_COPY,
            contact_id=1,
            subject="Torque wrenches",
        )
        record_answers(tx, [copy], session.clock.now())
    kinds = [one["kind"] for one in inbox(session, "list", "--json").document["messages"]]
    assert kinds == ["reply"]
    for words in (["--all"], ["--kind", "own_copy"]):
        shown = inbox(session, "list", "--json", *words).document["messages"]
        assert "own_copy" in [one["kind"] for one in shown]


def test_the_document_is_one_object_with_instants_in_utc(session: Session) -> None:
    document = inbox(session, "list", "--json").document
    assert document["count"] == 1
    [message] = document["messages"]
    shown = inbox(session, "show", "1", "--json").document
    assert {name: shown[name] for name in message} == message
    assert shown.keys() - message.keys() == {"marked", "replies", "tasks", "thread"}
    assert message["received_at"].endswith("Z")
    assert (message["kind"], message["contact"], message["answers_message"]) == ("reply", ANA, 1)
    assert message["verdict"]["intent"] == "interested"


def test_what_a_buyer_wrote_cannot_command_the_terminal(session: Session) -> None:
    shown = inbox(session, "show", "1").out
    assert "Yes, please send prices. \\x1b]0;owned\\x07" in shown
    assert "\x1b" not in shown + inbox(session, "explain", "1").out


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("list", "--kind", "anger"), "--kind is one of reply, unsubscribe"),
        (("list", "--contact", "nobody@x.example"), "there is no contact 'nobody@x.example'"),
        (("show", "99"), "there is no incoming message 99"),
        (("read", "nowhere"), "'nowhere' is no mailbox with [imap]"),
        (("list", "--limit", "0"), "--limit"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, words: tuple[str, ...], error: str) -> None:
    ran = inbox(session, *words)
    assert ran.code == 2
    assert error in ran.err
