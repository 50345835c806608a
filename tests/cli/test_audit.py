"""`audit`: its summary, its findings and exit codes, one message's chain, and the JSON document."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from sequencer.core.audit import Check
from sequencer.core.ports import ReadFailure
from sequencer.store import schema
from sequencer.testing import DROP, FakeMailbox, RecordingSentHeads
from tests.cli.command_line import run
from tests.firm import Firm

ANA, BO = "ana@luso.example", "bo@nord.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Ana and Bo had `intro` (messages 1 and 2) and `offer` (3 and 4)."""
    firm = Firm(tmp_path)
    firm.enroll(ANA, BO)
    firm.tick()
    firm.later(days=1)
    firm.tick()
    run(firm.session, "tasks", "done", "1", "2")
    firm.later(days=2)
    firm.tick()
    return firm


def change(firm: Firm, message: int, **values: Any) -> None:
    with firm.store.write() as tx:
        tx.execute(update(schema.outbox).where(schema.outbox.c.id == message).values(**values))


def test_nothing_found_is_a_summary_and_code_0(firm: Firm) -> None:
    told = run(firm.session, "audit")
    assert told.code == 0
    assert told.out.startswith("4 messages were handed over (4 sent) in 4 attempts.\n")
    assert "Residual window, from the start of the inbox read" in told.out
    assert "of 2 follow-ups: median 0.0 s" in told.out
    for check in Check:
        assert any(line.startswith(f"{check}\t") and line.endswith("\t0") for line in told.out.splitlines())
    assert "FOUND " not in told.out


def test_what_is_found_names_message_and_contact_and_ends_in_3(firm: Firm) -> None:
    change(firm, 3, gate_read_at=None)
    told = run(firm.session, "audit")
    assert told.code == 3
    assert "FOUND unread_inbox: message 3 (contact 1): a follow-up left at" in told.out
    assert "the audit found 1 thing" in told.err


def test_the_document_has_stable_keys_and_utc_times(firm: Firm) -> None:
    told = run(firm.session, "audit", "--json", "--show", "1")
    document = told.document
    assert set(document) == {
        *("at", "since", "mailbox", "contact", "message", "messages", "by_state", "attempts"),
        *("resends_ordered", "follow_ups", "checks", "findings", "notes", "residual_window", "clocks"),
        *("against_sent", "chains"),
    }
    assert (document["messages"], document["findings"], document["against_sent"]) == (4, [], None)
    assert document["checks"]["cap"] == {"passed": 4, "not_needed": 0, "not_known": 0, "found": 0}
    assert document["residual_window"]["messages"] == 2
    [chain] = document["chains"]
    assert chain["message"] == 4
    assert chain["sending_at"].endswith("Z")
    assert [one["kind"] for one in chain["events"]] == ["claimed", "sending", "sent"]
    assert set(chain["checks"]) == {check.value for check in Check}


def test_a_finding_stands_in_the_document_too(firm: Firm) -> None:
    change(firm, 3, gate_read_at=None)
    told = run(firm.session, "audit", "--json")
    assert told.code == 3
    [finding] = told.document["findings"]
    assert (finding["check"], finding["message"], finding["contact"]) == ("unread_inbox", 3, 1)


def test_one_message_is_told_line_by_line(firm: Firm) -> None:
    told = run(firm.session, "audit", "--message", "3")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0].split() == ["message", "3", "sent"]
    assert any(line.endswith("  sending") for line in lines)
    assert any("the oldest inbox read began 0.0 s before it left" in line for line in lines)
    assert any("1 of 50 in the 24 hours before" in line or "of 50" in line for line in lines)


def test_a_message_that_never_left_is_said(firm: Firm) -> None:
    told = run(firm.session, "audit", "--message", "99")
    assert (told.code, told.out) == (2, "")
    assert "there is no message 99" in told.err


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--contact", ANA), 2),
        (("--mailbox", "wang"), 4),
        (("--days", "1"), 2),
        (("--since", "2026-03-04"), 2),
        (("--since", "2030-01-01"), 0),
    ],
)
def test_filters_choose_what_is_judged(firm: Firm, words: tuple[str, ...], count: int) -> None:
    document = run(firm.session, "audit", "--json", "--all", *words).document
    assert document["messages"] == count
    assert len(document["chains"]) == count


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2026-03-04", "--days", "1"), "use one of --since and --days"),
        (("--mailbox", "wagn"), "there is no mailbox 'wagn'"),
        (("--contact", "nobody@x.example"), "there is no contact"),
    ],
)
def test_a_faulty_filter_is_said(firm: Firm, words: tuple[str, ...], said: str) -> None:
    told = run(firm.session, "audit", *words)
    assert told.code == 2
    assert said in told.err


def test_all_messages_are_listed_with_their_gates(firm: Firm) -> None:
    table = [line.split("\t") for line in run(firm.session, "audit", "--all").out.splitlines()]
    rows = [cells for cells in table if len(cells) > 10]
    assert [cells[0] for cells in rows] == ["id", "1", "2", "3", "4"]


def test_an_ordered_resend_is_said_and_no_finding(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.enroll(ANA)
    firm.courier.fail("DOT", DROP, is_kept=True)
    firm.tick()
    assert run(firm.session, "outbox", "resolve", "1", "--resend", "--yes").code == 0
    firm.later(minutes=30)
    firm.tick()
    told = run(firm.session, "audit")
    assert told.code == 0, told.out
    assert "in 2 attempts, 1 of them ordered by a person." in told.out
    assert "note: message 1 was sent once more at the order of wang" in told.err


class Sent:
    """What the Sent folder holds, in place of the mail server."""

    def __init__(self, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
        self.box = FakeMailbox(firm.clock)
        self.heads = RecordingSentHeads(self.box)
        for outgoing in firm.courier.received:
            self.box.append("Sent", b"".join(outgoing.pieces))
        monkeypatch.setattr("sequencer.mail.imap_sent_heads.ImapSentHeads", lambda *_given: self.heads)


def test_sent_folders_that_agree_are_said_to(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent(firm, monkeypatch)
    told = run(firm.session, "audit", "--against-sent")
    assert told.code == 0, told.err
    assert "in_sent_twice: each message lies in Sent once: 0 found" in told.out
    sent.box.append("Sent", b"".join(firm.courier.received[0].pieces))
    twice = run(firm.session, "audit", "--against-sent", "--json")
    assert twice.code == 3
    [finding] = twice.document["against_sent"]["findings"]
    assert (finding["check"], finding["message"]) == ("in_sent_twice", 1)
    assert twice.document["against_sent"]["mailboxes"][0]["ours"] == 4


def test_a_sent_folder_that_cannot_be_read_ends_in_1_unless_something_is_found(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Sent(firm, monkeypatch)
    sent.heads.failures = [ReadFailure("wang: mx:993 is silent", "check the network")] * 2
    told = run(firm.session, "audit", "--against-sent")
    assert told.code == 1
    assert "wang: mx:993 is silent (check the network)" in told.out
    assert "Sent could not be looked through: wang" in told.err
    change(firm, 3, gate_read_at=firm.clock.now() - timedelta(days=3))
    assert run(firm.session, "audit", "--against-sent").code == 3
