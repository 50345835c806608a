"""docs/states.md and the code say the same: arrows, holds, ends, and what each verdict does."""

from collections import Counter
from dataclasses import MISSING, fields
from enum import StrEnum

import pytest

from sequencer.core.effects import EFFECTS, Effect, Length
from sequencer.core.enrollment import (
    ENROLLMENT_ARROWS,
    REPLACED_BY_LATER_FINISH,
    FinishReason,
    HoldReason,
)
from sequencer.core.marks import MARKS, MarkEffect
from sequencer.core.outbox import OUTBOX_ARROWS, SPENT, UNSENT, OutboxState
from tests.docs.tables import Row, tables_of
from tests.structure.sources import ROOT

DOCUMENT = ROOT / "docs" / "states.md"
NEW = "(new)"


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    return tables_of(DOCUMENT)


def test_the_document_is_short_enough_to_be_read() -> None:
    assert len(DOCUMENT.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("States of a message", OutboxState),
        ("Holds", HoldReason),
        ("How an enrollment finishes", FinishReason),
        ("What each verdict does", EFFECTS),
    ],
)
def test_every_word_has_its_row_and_every_row_its_word(
    tables: dict[str, list[Row]], heading: str, known: type[StrEnum]
) -> None:
    assert Counter(row[0] for row in tables[heading]) == Counter(str(word) for word in known)


def test_the_arrows_of_a_message_are_those_of_the_code(tables: dict[str, list[Row]]) -> None:
    told = Counter((row[0], row[1]) for row in tables["Arrows of a message"])
    assert told == Counter((str(before or NEW), str(after)) for before, after in OUTBOX_ARROWS)


def test_the_arrows_of_an_enrollment_are_those_of_the_code(tables: dict[str, list[Row]]) -> None:
    told = Counter((row[0], row[1]) for row in tables["Arrows of an enrollment"])
    assert told == Counter((str(before), str(after)) for before, after in ENROLLMENT_ARROWS)


def test_the_states_that_count_and_those_that_are_cancelled_are_marked(tables: dict[str, list[Row]]) -> None:
    marks = {OutboxState(row[0]): row[2:] for row in tables["States of a message"]}
    assert marks == {
        state: ("yes" if state in SPENT else "no", "yes" if state in UNSENT else "no")
        for state in OutboxState
    }


def test_who_ends_a_hold_is_what_the_effects_say(tables: dict[str, list[Row]]) -> None:
    """Holds that no verdict sets are a person's; the others end as long as their effect holds."""
    dated = {
        effect.hold for effect in EFFECTS.values() if effect.hold and effect.hold_for is not Length.PERSON
    }
    told = {HoldReason(row[0]) for row in tables["Holds"] if row[2].startswith("by itself")}
    persons = {HoldReason(row[0]) for row in tables["Holds"] if row[2].startswith("a person")}
    assert told == dated
    assert persons == set(HoldReason) - dated


def test_only_one_finish_gives_way_to_a_later_one(tables: dict[str, list[Row]]) -> None:
    told = {row[0] for row in tables["How an enrollment finishes"] if row[2] == "no"}
    assert told == {REPLACED_BY_LATER_FINISH}
    assert {row[2] for row in tables["How an enrollment finishes"]} == {"yes", "no"}


def test_what_each_verdict_does_is_said_in_the_words_of_the_code(tables: dict[str, list[Row]]) -> None:
    told = {row[0]: row[1] for row in tables["What each verdict does"]}
    assert told == {str(case): effect.words for case, effect in EFFECTS.items()}


def test_what_each_verdict_does_is_said_field_by_field(tables: dict[str, list[Row]]) -> None:
    told = {row[0]: row[2] for row in tables["What each verdict does"]}
    assert told == {str(case): in_detail(effect) for case, effect in EFFECTS.items()}


def test_what_a_mark_does_is_said_in_the_words_of_the_code_and_field_by_field() -> None:
    told = tables_of(ROOT / "docs" / "marks.md")["What a mark does"]
    assert told == [(str(mark), effect.words, in_detail(effect, ", ")) for mark, effect in MARKS.items()]


def in_detail(effect: Effect | MarkEffect, between: str = " → ") -> str:
    """Every field but the words that is not as it is by default: a new field shows up by itself."""
    said = []
    for field in fields(effect):
        value = getattr(effect, field.name)
        if field.default is MISSING or value == field.default:
            continue
        if value is True:
            said.append(field.name)
        elif isinstance(value, tuple):
            said.append(f"{field.name}: {between.join(value)}")
        else:
            said.append(f"{field.name}: {value}")
    return " · ".join(said)
