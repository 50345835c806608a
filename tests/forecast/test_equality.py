"""What `plan` says is, to the minute, what an SMTP server then gets. With 500 buyers: `make forecast`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.forecast.buyers import buyers
from tests.forecast.equality import Sending, difference
from tests.forecast.trial import SMALL_CAPS, hold, starter_sequences

pytestmark = pytest.mark.timeout(400)
BUYERS, DAYS = 40, 45
EVERYBODY = [one.address_key for one in buyers(BUYERS)]


@pytest.mark.parametrize("sequence", starter_sequences())
def test_what_is_planned_arrives_to_the_minute(sequence: str, tmp_path: Path) -> None:
    outcome = hold(tmp_path / "ws", {sequence: EVERYBODY}, contacts=BUYERS, days=DAYS, caps=SMALL_CAPS)
    assert outcome.messages >= 4 * BUYERS
    assert outcome.differences == (), "\n".join(outcome.differences)


ODD = """
sequence: odd
window: buyer
steps:
  - id: hello
    at: "10:40"
    template: odd/hello
  - id: soon
    wait: 20m
    expires: 90m
    template: odd/text
  - id: ask
    wait: 1d
    task: Ask how many
  - id: weekly
    wait: 2d
    on: [tue, thu]
    template: odd/text
    approve: key_accounts
  - id: some
    wait: 1bd
    when: country != "US"
    template: odd/text
  - id: call
    wait: 1bd
    at: "16:50"
    task: Call them
    wait_for_task: no
  - id: greeting
    wait: 1h
    before_holiday: 2d
    template: odd/text
  - id: dated
    on: [2026-04-07, 2026-04-09]
    template: odd/text
    expires: 2d
  - id: last
    wait: 0m
    template: odd/text
"""
ODD_FILES = {
    "sequences/odd.yaml": ODD,
    "templates/odd/hello.md": "---\nsubject: Pruners\n---\nHello.\n",
    "templates/odd/text.md": "One more thing.\n",
}


def test_steps_of_every_kind_beside_another_sequence_arrive_to_the_minute(tmp_path: Path) -> None:
    half = BUYERS // 2
    who = {"odd": EVERYBODY[:half], "key-account": EVERYBODY[half:]}
    outcome = hold(tmp_path / "ws", who, contacts=BUYERS, days=DAYS, caps=SMALL_CAPS, more=ODD_FILES)
    assert outcome.messages >= 4 * BUYERS
    assert outcome.differences == (), "\n".join(outcome.differences)


def test_buyers_in_two_sequences_at_once_get_what_is_planned_to_the_minute(tmp_path: Path) -> None:
    half = EVERYBODY[: BUYERS // 2]
    who = {"classic": half, "re-engage": half}
    outcome = hold(tmp_path / "ws", who, contacts=BUYERS, days=DAYS, caps=SMALL_CAPS)
    assert outcome.messages >= 8 * len(half)
    assert outcome.differences == (), "\n".join(outcome.differences)


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = Sending(at=NOON, contact="ana@luso.example", sequence="bd", step="offer", gates=("gap",))
SECOND = replace(FIRST, at=NOON + timedelta(minutes=3), contact="bo@muster.example")


def test_a_minute_is_a_difference_that_names_both_times_and_the_gates() -> None:
    late = replace(SECOND, at=SECOND.at + timedelta(minutes=1), gates=())
    said = difference({"li": [FIRST, SECOND]}, {"li": [FIRST, late]})
    assert said.startswith("message 2 of li\n")
    assert "planned  Mon 2026-03-02 12:03:00Z bd/offer to bo@muster.example (gates: gap)" in said
    assert "received Mon 2026-03-02 12:04:00Z bd/offer to bo@muster.example\n" in said


@pytest.mark.parametrize(
    "received",
    [
        {"li": [SECOND, FIRST]},
        {"li": [FIRST]},
        {"li": [FIRST, SECOND, SECOND]},
        {"wang": [FIRST, SECOND]},
        {"li": [FIRST, replace(SECOND, step="photo")]},
        {},
    ],
    ids=["other order", "one missing", "one too many", "other mailbox", "other step", "nothing"],
)
def test_whatever_else_differs_is_a_difference_too(received: dict[str, list[Sending]]) -> None:
    assert difference({"li": [FIRST, SECOND]}, received)
    assert difference({"li": [FIRST, SECOND]}, {"li": [FIRST, SECOND]}) == ""
