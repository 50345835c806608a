"""A simulation: what it draws comes to pass, its figures add up, and the workspace stays as it was."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequencer.core.inbound import VerdictKind
from sequencer.errors import InputError
from sequencer.simulate.play import Play
from sequencer.simulate.settings import Invented, Rates
from sequencer.simulate.shut import Shut
from sequencer.store import inbox, mailboxes, simulating
from tests.flows.office import MONDAY, Office
from tests.simulate.playing import SILENT, buyers, digests, simulated

WITH_A_PERSON = """
sequence: short
description: A mail that is looked at, a call, and another mail
window: buyer
steps:
  - id: intro
    template: short/intro
    approve: always
  - id: call
    wait: 2d
    task: Call {{ contact.first_name }}
  - id: last
    wait: 1d
    template: short/last
"""


def _office(root: Path, count: int = 6, **fields: object) -> Office:
    office = Office(root, **fields)  # type: ignore[arg-type]
    for address in buyers(count):
        office.add_contact(address, owner=None)
    if count:
        office.enroll(*buyers(count))
    return office


def test_where_nobody_answers_everybody_goes_through_all_of_it(tmp_path: Path) -> None:
    outcome = simulated(_office(tmp_path)).outcome
    assert (outcome.total("new"), outcome.total("follow_ups")) == (6, 12)
    assert (outcome.total("replies"), outcome.total("auto_replies"), outcome.total("bounces")) == (0, 0, 0)
    assert (outcome.ended, outcome.open) == ({"completed": 6}, 0)
    assert outcome.last_finish_at is not None
    assert outcome.last_finish_at > MONDAY + timedelta(days=9)


def test_where_everybody_answers_each_gets_one_mail(tmp_path: Path) -> None:
    outcome = simulated(_office(tmp_path), rates=Rates(reply=1, ooo=0, bounce=0)).outcome
    assert (outcome.total("new"), outcome.total("follow_ups"), outcome.total("replies")) == (6, 0, 6)
    assert outcome.ended == {"replied": 6}


def test_dead_addresses_end_at_their_first_mail_whichever_way_it_shows(tmp_path: Path) -> None:
    played = simulated(_office(tmp_path, 12), rates=Rates(reply=1, ooo=1, bounce=1))
    assert played.outcome.ended == {"bounced": 12}
    assert played.outcome.total("bounces") == 12
    refused = sum(one.is_refused for one in played.play.buyers.delivered)
    assert 0 < refused < 12
    assert played.outcome.sent == 12 - refused


def test_a_note_of_absence_holds_for_a_while_and_ends_nothing(tmp_path: Path) -> None:
    office = _office(tmp_path)
    away = simulated(office, days=200, rates=Rates(reply=0, ooo=1, bounce=0)).outcome
    assert away.total("auto_replies") == away.sent == 18
    assert away.ended == {"completed": 6}
    present = simulated(office, days=200).outcome
    assert away.last_finish_at is not None
    assert present.last_finish_at is not None
    assert away.last_finish_at > present.last_finish_at + timedelta(days=7)


def test_answers_are_read_as_what_they_are(tmp_path: Path) -> None:
    """By the program's own classifier, out of bytes."""
    read: Counter[str] = Counter()

    def look(play: Play) -> None:
        with play.stage.engine.store.read() as tx:
            read.update(kind for _at, kind in simulating.read_since(tx, MONDAY))

    office = _office(tmp_path, 0)
    played = simulated(
        office,
        look=look,
        rates=Rates(reply=0.3, ooo=0.5, bounce=0.3),
        invented=Invented(count=80, sequence="short"),
    )
    assert set(read) == {VerdictKind.REPLY, VerdictKind.AUTO_REPLY, VerdictKind.BOUNCE}
    assert played.outcome.total("other") == 0
    assert played.outcome.ended["replied"] == read[VerdictKind.REPLY]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**40),
    shares=st.tuples(*[st.floats(0, 0.6, allow_nan=False)] * 3),
    days=st.integers(1, 30),
)
def test_the_figures_add_up(
    tmp_path_factory: pytest.TempPathFactory, seed: int, shares: tuple[float, float, float], days: int
) -> None:
    office = _office(tmp_path_factory.mktemp("office"))
    rates = Rates(reply=shares[0], ooo=shares[1], bounce=shares[2])
    played = simulated(office, days=days, seed=seed, rates=rates)
    outcome = played.outcome
    assert len(outcome.days) == days + 1
    assert outcome.sent == sum(one.total for one in outcome.mailboxes)
    assert outcome.sent == len(played.messages) - sum(one.is_refused for one in played.play.buyers.delivered)
    assert sum(outcome.ended.values()) + outcome.open == 6
    assert outcome.total("replies") + outcome.total("auto_replies") <= outcome.sent
    assert outcome.total("new") + outcome.total("bounces") >= outcome.ended.get("bounced", 0)
    again = simulated(office, days=days, seed=seed, rates=rates)
    assert asdict(again.outcome) == asdict(outcome)
    assert again.messages == played.messages


def test_another_seed_comes_out_otherwise(tmp_path: Path) -> None:
    office, rates = _office(tmp_path), Rates(reply=0.3, ooo=0.3, bounce=0.1)
    seen = {str(asdict(simulated(office, seed=seed, rates=rates).outcome)) for seed in (1, 2, 3)}
    assert len(seen) == 3


def test_one_draw_moves_no_other(tmp_path: Path) -> None:
    """Two more contacts change nothing of what the first of them do."""
    office = _office(tmp_path)
    rates = Rates(reply=0.5, ooo=0, bounce=0)

    def repliers() -> set[str]:
        found: set[str] = set()

        def look(play: Play) -> None:
            with play.stage.engine.store.read() as tx:
                found.update(one.from_address for one in inbox.listed(tx))

        simulated(office, look=look, rates=rates)
        return found

    before = repliers()
    for address in ("new@later.example", "other@latest.example"):
        office.add_contact(address, owner=None)
    office.enroll("new@later.example", "other@latest.example")
    assert {one for one in repliers() if "firm" in one} == before
    assert before


def test_a_person_approves_at_once_and_does_each_task_on_its_date(tmp_path: Path) -> None:
    outcome = simulated(_office(tmp_path, sequence=WITH_A_PERSON)).outcome
    assert (outcome.approvals, outcome.tasks) == (6, 6)
    assert (outcome.total("new"), outcome.total("follow_ups")) == (6, 6)
    assert outcome.ended == {"completed": 6}


def test_what_waits_in_a_mailbox_that_is_gone_leads_nowhere(tmp_path: Path) -> None:
    office = _office(tmp_path, sequence=WITH_A_PERSON)
    office.tick()
    office.clock.advance(timedelta(hours=1))
    [_wang, li] = office.engine.config.mailboxes
    office.reconfigure(mailboxes=(li,))
    outcome = simulated(office, days=5).outcome
    assert (outcome.approvals, outcome.sent, outcome.active) == (6, 0, 6)


def test_the_day_is_told_on_which_a_cap_begins_to_bind(tmp_path: Path) -> None:
    """Eight on a Monday from a mailbox that may send five, without and with a pause between them."""
    for gap in ("0s", "90s"):
        office = _office(tmp_path / gap, 8, cap=5, gap=gap)
        [li, wang] = simulated(office).outcome.mailboxes
        assert (li.mailbox, li.total, li.cap_binds_at) == ("li", 0, None)
        assert wang.cap_binds_at is not None
        assert wang.cap_binds_at.date() == MONDAY.date()
        assert [one.messages for one in wang.days][:2] == [5, 3]
    free = simulated(_office(tmp_path / "free", 5, cap=5, gap="90s"), days=2).outcome.mailboxes
    assert [one.cap_binds_at for one in free] == [None, None]


def test_a_mailbox_that_bounces_too_often_pauses_itself(tmp_path: Path) -> None:
    office = _office(tmp_path, 0)
    outcome = simulated(
        office, rates=Rates(reply=0, ooo=0, bounce=0.5), invented=Invented(count=120, sequence="short")
    ).outcome
    [wang] = [one for one in outcome.mailboxes if one.mailbox == "wang"]
    assert wang.paused_at is not None
    assert "dead addresses" in (wang.pause_reason or "")
    assert outcome.active > 0


def test_a_paused_mailbox_stays_paused_and_a_rehearsal_list_is_passed_over(tmp_path: Path) -> None:
    office = _office(tmp_path)
    office.with_only_to("*@nobody.example")
    rehearsing = simulated(office)
    assert (rehearsing.outcome.sent, rehearsing.stage.is_rehearsing) == (18, True)
    with office.engine.store.write() as tx:
        mailboxes.pause(tx, ["wang"], "a person looks at it", office.clock.now())
    paused = simulated(office).outcome
    assert (paused.sent, paused.active) == (0, 6)


def test_what_was_written_before_goes_on_as_follow_ups(tmp_path: Path) -> None:
    office = _office(tmp_path)
    office.tick()
    office.clock.advance(timedelta(hours=1))
    outcome = simulated(office, rates=Rates(reply=0, ooo=0, bounce=1)).outcome
    assert (outcome.total("new"), outcome.total("follow_ups"), outcome.total("bounces")) == (0, 12, 0)
    assert len(office.received()) == 6


def test_a_mailbox_that_was_read_far_begins_anew_in_the_copy(tmp_path: Path) -> None:
    """The real one may have the UIDVALIDITY of ours, and be at its five hundredth mail."""
    office = _office(tmp_path)
    for number in range(9):
        raw = (
            f"From: a@b.example\r\nSubject: News {number}\r\nMessage-ID: <{number}@b.example>\r\n\r\nNo.\r\n"
        )
        office.mailboxes["wang"].append("INBOX", raw.encode())
    office.tick()
    office.clock.advance(timedelta(hours=1))
    outcome = simulated(office, rates=Rates(reply=1, ooo=0, bounce=0)).outcome
    assert outcome.total("replies") == outcome.total("follow_ups") == 6
    assert outcome.ended == {"replied": 6}


@pytest.mark.parametrize("gap", ["0s", "600s"])
def test_what_windows_keep_back_comes_out_alike_put_off_together_or_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gap: str
) -> None:
    office = _office(tmp_path, 4, cap=12, gap=gap)
    played = partial(simulated, office, days=12, invented=Invented(count=30, sequence="short"))
    together = played()
    monkeypatch.setattr(Shut, "put_off", lambda _self, _mailbox: None)
    assert played().messages == together.messages
    assert len(together.messages) > 60


def test_the_workspace_is_left_as_it_is_while_somebody_works_on_it(tmp_path: Path) -> None:
    """Nor is it waited for who writes. (The log's index is this process's own: tests/cli has another.)"""
    office = _office(tmp_path)
    office.tick()
    with office.engine.store.write() as tx:
        mailboxes.sync(tx, {"somebody": "somebody"})
        before = digests(tmp_path)
        assert before.pop("sequencer.db-shm")
        assert before.keys() >= {"sequencer.db", "sequencer.db-wal"}
        invented = Invented(count=3, sequence="short")
        outcome = simulated(office, invented=invented, rates=Rates(reply=0.5, ooo=0, bounce=0)).outcome
        assert before.items() <= digests(tmp_path).items()
    assert outcome.sent > 6
    assert len(office.enrollments()) == 6


def test_it_begins_at_the_next_quarter_or_when_it_is_told_to(tmp_path: Path) -> None:
    office = _office(tmp_path)
    office.clock.advance(timedelta(minutes=1, seconds=7))
    assert simulated(office, days=1).stage.start == MONDAY + timedelta(minutes=15)
    later = MONDAY + timedelta(days=3, minutes=4)
    assert simulated(office, days=1, start=later).stage.start == later
    with pytest.raises(InputError, match="things have happened in this workspace"):
        simulated(office, days=1, start=MONDAY - timedelta(hours=1))


def test_nobody_is_invented_into_a_sequence_or_mailbox_that_is_not_there(tmp_path: Path) -> None:
    office = _office(tmp_path, 0)
    with pytest.raises(InputError, match="there is no sequence 'long'"):
        simulated(office, invented=Invented(count=2, sequence="long"))
    with pytest.raises(InputError, match="wang writes from no mailbox 'li'"):
        simulated(office, invented=Invented(count=2, sequence="short", mailboxes=("li",)))
    other = (office.engine.workspace.sequences / "short.yaml").read_text("utf-8")
    other = other.replace("sequence: short", "sequence: other")
    (office.engine.workspace.sequences / "other.yaml").write_text(other, "utf-8")
    with pytest.raises(InputError, match="say which sequence"):
        simulated(office, invented=Invented(count=2))


def test_invented_contacts_leave_from_the_mailboxes_that_are_named(tmp_path: Path) -> None:
    office = _office(tmp_path, 0)
    [rep, other] = office.engine.config.reps
    office.reconfigure(reps=(replace(rep, mailboxes=("wang", "li")), other))
    for wanted in ((), ("li",), ("wang", "li")):
        invented = Invented(count=4, sequence="short", mailboxes=wanted)
        outcome = simulated(office, days=4, invented=invented).outcome
        used = {one.mailbox: one.total for one in outcome.mailboxes}
        assert (used["wang"] > 0, used["li"] > 0) == (wanted != ("li",), True)
    assert outcome.zone == "Europe/Lisbon"


@pytest.mark.parametrize("share", [-0.1, 1.01, 2.0, float("nan"), float("inf")])
def test_a_share_is_from_nothing_to_all(share: float) -> None:
    for name in ("reply", "ooo", "bounce"):
        with pytest.raises(InputError, match="is a share from 0 to 1"):
            replace(SILENT, **{name: share})
