"""`mailboxes`: the state of each, and the switch that stops them."""

from pathlib import Path

import pytest

from sequencer.config import Retired
from sequencer.core.outbox import OutboxState
from sequencer.errors import InputError
from sequencer.store import mailboxes
from sequencer.testing import a_config, a_mailbox
from tests.cli.command_line import run
from tests.firm import Firm

ANA = "ana@luso.example"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    boxes = (a_mailbox("wang"), a_mailbox("li", imap=None, replies_in="wang", daily_cap=30))
    return Firm(tmp_path, a_config(*boxes, retired=(Retired(name="old", replies_in="wang"),)))


def test_a_pause_before_the_first_run_holds(firm: Firm) -> None:
    firm.enroll(ANA)
    ran = run(firm.session, "mailboxes", "pause", "--all")
    assert ran.out == "2 paused: li, wang.\n"
    firm.tick(firm.enrollment().mailbox)
    assert firm.courier.received == []
    assert firm.message(1).state is OutboxState.READY
    run(firm.session, "mailboxes", "resume", "--all")
    firm.tick(firm.enrollment().mailbox)
    assert len(firm.courier.received) == 1


def test_the_list_tells_use_reading_and_pause(firm: Firm) -> None:
    firm.enroll(ANA)
    firm.tick("wang")
    firm.tick("li")
    run(firm.session, "mailboxes", "pause", "wang", "--reason", "quota")
    firm.later(minutes=5)
    with firm.store.write() as tx:
        mailboxes.read_failed(tx, "wang", "password refused", firm.clock.now())
    li, wang = run(firm.session, "mailboxes", "list", "--json").document["mailboxes"]
    assert (li["name"], li["reader"], li["sent_24h"], li["daily_cap"]) == ("li", "wang", 1, 30)
    assert (wang["sent_24h"], wang["pause_reason"], wang["read_failure"]) == (0, "quota", "password refused")
    assert li["read_at"] == wang["read_at"] == "2026-03-02T12:00:00Z"
    table = run(firm.session, "mailboxes", "list").out
    assert "1 of 30\t5 min ago (in wang)" in table
    assert "PAUSED: quota" in table
    assert "inbox unread since 2026-03-02 20:05: password refused" in table


def test_what_left_more_than_24_hours_ago_no_longer_counts(firm: Firm) -> None:
    firm.enroll(ANA)
    firm.tick("li")
    firm.later(hours=24)
    li, _wang = run(firm.session, "mailboxes", "list", "--json").document["mailboxes"]
    assert li["sent_24h"] == 0


def test_a_retired_mailbox_stays_in_the_list(firm: Firm) -> None:
    with firm.store.write() as tx:
        mailboxes.sync(tx, {"old": "wang"})
    assert "retired: read in wang" in run(firm.session, "mailboxes", "list").out


def test_the_reason_defaults_to_who_did_it_and_the_first_one_stays(firm: Firm) -> None:
    run(firm.session, "mailboxes", "pause", "wang")
    ran = run(firm.session, "mailboxes", "pause", "wang", "--reason", "later")
    assert ran.out == "0 paused: they were paused already.\n"
    with firm.store.read() as tx:
        paused = {one.name: one.pause_reason for one in mailboxes.statuses(tx)}
    assert paused["wang"] == "paused by wang"


@pytest.mark.parametrize("words", [("pause",), ("pause", "wang", "--all"), ("resume",), ("pause", "wnag")])
def test_a_wrong_call_pauses_nothing(firm: Firm, words: tuple[str, ...]) -> None:
    ran = run(firm.session, "mailboxes", *words)
    assert ran.code == 2
    if "wnag" in words:
        assert "did you mean wang?" in ran.err
    with firm.store.read() as tx:
        assert all(one.paused_at is None for one in mailboxes.statuses(tx))


def test_everything_can_be_stopped_while_the_settings_are_broken(firm: Firm) -> None:
    firm.tick("wang")
    del firm.session.__dict__["config"]
    (firm.workspace.root / "config.toml").write_text("me = [", "utf-8")
    with pytest.raises(InputError):
        _ = firm.session.config
    ran = run(firm.session, "mailboxes", "pause", "--all")
    assert (ran.code, ran.out) == (0, "2 paused: li, wang.\n")
    assert "config.toml can't be read" in ran.err
    assert run(firm.session, "mailboxes", "pause", "wang").code == 2
