"""`inbox mark`: a rep's word on an answer, and what `list`, `show`, `explain` and `why` then say."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sequencer.cli.session import Session
from sequencer.config import SecretRef, Server
from sequencer.demo.imap_host import ImapHost
from sequencer.testing import a_config, a_mailbox
from tests.cli.command_line import Ran, run
from tests.firm import Firm
from tests.flows.office import parse
from tests.store.ledger_rows import ADDRESS, NOON

MARIA, ANA = "maria@luso.example", "Ana Silva"


@pytest.fixture
def host() -> Iterator[ImapHost]:
    """The server that the firm's mailbox lies on."""
    with ImapHost({"wang": "secret"}) as host:
        yield host


@pytest.fixture
def firm(tmp_path: Path, host: ImapHost, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """Ana got the intro and answered it; her mail lies on a real server."""
    monkeypatch.setenv("WANG_PASSWORD", "secret")
    imap = Server(
        host=host.host,
        port=host.port,
        security="none",
        username="wang",
        password=SecretRef("env:WANG_PASSWORD"),
    )
    firm = Firm(tmp_path, a_config(a_mailbox(imap=imap)))
    firm.enroll(ADDRESS)
    firm.tick()
    return firm


def answer(firm: Firm, host: ImapHost, text: str = "Please send prices.", head: str = "") -> int:
    """Ana's answer, on the server and read."""
    ours = parse(firm.courier.received[0])
    raw = (
        f"From: Ana <{ADDRESS}>\r\nTo: wang@firm.example\r\nSubject: Re: {ours['Subject']}\r\n{head}"
        f"Message-ID: <{abs(hash(text))}@luso.example>\r\nIn-Reply-To: {ours['Message-ID']}\r\n"
        f"Date: Mon, 02 Mar 2026 12:05:00 +0000\r\n\r\n{text}\r\n"
    ).encode()
    firm.later(minutes=5)
    host.append("wang", "INBOX", raw, firm.clock.now())
    assert inbox(firm.session, "read").code == 0
    return max(int(one["id"]) for one in inbox(firm.session, "list", "--json").document["messages"])


def inbox(session: Session, *words: str) -> Ran:
    return run(session, "inbox", *words)


def mark(firm: Firm, *words: object) -> Ran:
    return inbox(firm.session, "mark", *map(str, words))


def test_a_mark_says_what_it_did_and_the_list_shows_it(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host)
    ran = mark(firm, one, "interested", "--note", "wants the 30 cm box")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"message {one} from {ADDRESS}: interested",
        "  stage qualified_1",
        f"  task 1: Answer {ANA}: interested",
    ]
    [head, row] = [line.split("\t") for line in inbox(firm.session, "list", "--open").out.splitlines()]
    assert dict(zip(head, row, strict=True))["mark"] == "interested"
    assert "wants the 30 cm box" in run(firm.session, "contacts", "show", ADDRESS).out
    again = mark(firm, one, "interested")
    assert again.out == f"message {one} from {ADDRESS} is marked interested already\n"


def test_another_mark_says_which_one_it_replaces(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host)
    mark(firm, one, "question")
    ran = mark(firm, one, "later", "in", "3", "weeks")
    assert ran.out.splitlines() == [
        f"message {one} from {ADDRESS}: later 2026-03-23, no longer question",
        "  task 1 cancelled",
        f"  task 2: Write to {ANA} again, as they asked (due 2026-03-23)",
    ]
    assert inbox(firm.session, "list", "--open", "--json").document["messages"] == []


def test_a_dry_run_is_said_to_be_one(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host)
    ran = mark(firm, one, "not_interested", "--dry-run")
    assert ran.out.startswith(f"would mark message {one} from {ADDRESS}: not_interested\n  stage lost\n")
    assert ran.err == "nothing was changed\n"
    assert inbox(firm.session, "show", str(one), "--json").document["marked"] is None


def test_the_document_has_stable_keys(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host)
    document = mark(firm, one, "referral", MARIA, "--json").document
    assert document == {
        "id": one,
        "contact": ADDRESS,
        "mark": "referral",
        "day": None,
        "address": MARIA,
        "was": None,
        "is_new": True,
        "task": 1,
        "did": [f"task 1: Write to {MARIA}, whom {ANA} named"],
        "left": [],
        "is_dry_run": False,
    }
    shown = inbox(firm.session, "show", str(one), "--json").document
    assert shown["marked"]["address"] == MARIA
    assert [task["title"] for task in shown["tasks"]] == [f"Write to {MARIA}, whom {ANA} named"]


def test_show_tells_the_mail_then_mark_and_task_then_the_thread_oldest_last(
    firm: Firm, host: ImapHost
) -> None:
    answer(firm, host, "Who are you?\r\n\r\n" + "\r\n".join(f"line {n}" for n in range(20)))
    firm.later(hours=1)
    second = answer(firm, host, "And what is the price?\x1b]0;owned\x07")
    mark(firm, second, "question")
    out = inbox(firm.session, "show", str(second)).out
    at = [
        out.index(words)
        for words in (
            "marked question by wang",
            "task 1, due",
            "And what is the price?\\x1b",
            "ana@luso.example (reply)",
            "line 9",
            "more lines",
            "wang (fair intro): Garden tools for Luso Tools Lda",
            "the 10*20*30 cm box is new",
        )
    ]
    assert at == sorted(at)
    assert "\x1b" not in out
    thread = inbox(firm.session, "show", str(second), "--json").document["thread"]
    assert [(one["is_ours"], one["kind"]) for one in thread] == [(False, "reply"), (True, "fair intro")]
    assert "line 19" in thread[0]["text"]


def test_a_corrected_mail_is_fetched_from_its_server_and_kept(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host, "I am away until 20 March 2026.", head="Auto-Submitted: auto-replied\r\n")
    assert firm.enrollment().hold is not None
    ran = mark(firm, one, "--verdict", "reply")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == f"message {one}: reply, no longer auto_reply"
    assert "  enrollment 1 finished (replied)" in lines
    assert lines[-1] == f"  kept as corpus/eml/answer-{one}.eml"
    kept = firm.workspace.corpus / "eml" / f"answer-{one}.eml"
    assert b"I am away until" in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    explained = inbox(firm.session, "explain", str(one)).out
    assert "rule corrected at person: wang" in explained
    assert "when wang corrected it: auto_reply; it did: enrollment 1 held until" in explained
    assert "header:auto-submitted: auto-replied" in explained
    document = inbox(firm.session, "explain", str(one), "--json").document
    assert [each["kind"] for each in document["corrections"]] == ["auto_reply"]
    scored = run(firm.session, "inbox", "classify", "--check", str(firm.workspace.corpus))
    assert scored.code == 3
    assert "human replies taken for machine mail" in scored.err


def test_a_mail_that_is_gone_is_corrected_and_said_not_to_be_kept(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host)
    uid = inbox(firm.session, "show", str(one), "--json").document["uid"]
    host.delete("wang", "INBOX", uid)
    ran = mark(firm, one, "--verdict", "unsubscribe")
    assert ran.code == 0
    assert "  suppressed (opted_out)" in ran.out.splitlines()
    assert ran.err == "not kept in corpus/: it is gone from wang\n"
    assert not firm.workspace.corpus.exists()


def test_a_server_that_cannot_be_reached_does_not_keep_a_verdict_from_being_mended(
    firm: Firm, host: ImapHost
) -> None:
    one = answer(firm, host)
    host.stop()
    ran = mark(firm, one, "--verdict", "auto_reply", "--subtype", "ticket")
    assert ran.code == 0
    assert "not kept in corpus/: wang: 127.0.0.1:" in ran.err
    assert "enrollment 1 stays finished (replied); `sequencer enroll fair" in ran.err
    assert inbox(firm.session, "show", str(one), "--json").document["kind"] == "auto_reply"


def test_a_dry_run_of_a_correction_keeps_no_file(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host)
    document = mark(firm, one, "--verdict", "other", "--dry-run", "--json").document
    assert (document["kind"], document["was"], document["kept_as"]) == ("other", "reply", None)
    assert not firm.workspace.corpus.exists()
    again = mark(firm, one, "--verdict", "reply").out.splitlines()
    assert again[0] == f"message {one} is taken for reply already"


def test_why_names_who_said_what_ended_it(firm: Firm, host: ImapHost) -> None:
    one = answer(firm, host, "I am away until 20 March 2026.", head="Auto-Submitted: auto-replied\r\n")
    firm.later(minutes=1)
    mark(firm, one, "--verdict", "reply")
    assert (
        f"because of answer {one} from {ADDRESS}: reply, says wang" in run(firm.session, "why", ADDRESS).out
    )
    cause = run(firm.session, "why", ADDRESS, "--json").document["enrollments"][0]["cause"]
    assert (cause["answer"], cause["by"], cause["said"]) == (one, "wang", "reply")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("99", "done"), "there is no incoming message 99"),
        (("1",), "say one: a mark such as interested, or --verdict KIND"),
        (("1", "done", "--verdict", "reply"), "say one"),
        (("1", "done", "--subtype", "dead"), "--subtype goes with --verdict"),
        (("1", "--verdict", "reply", "--subtype", "dead"), "--subtype dead goes with --verdict bounce"),
        (("1", "--verdict", "reply", "--note", "x"), "--note goes with a mark"),
        (("1", "angry"), "'angry' is not one of"),
        (("1", "--verdict", "own_copy"), "'own_copy' is not one of"),
        (
            ("1", "later", "2026-03-01"),
            "later: '2026-03-01' is not after today, 2026-03-02: name a day to come",
        ),
        (("1", "referral", "maria"), "referral: "),
    ],
)
def test_what_cannot_be_is_refused(firm: Firm, host: ImapHost, words: tuple[str, ...], error: str) -> None:
    answer(firm, host)
    ran = mark(firm, *words)
    assert ran.code == 2
    assert error in ran.err
    assert firm.clock.now() - NOON < timedelta(days=1)
