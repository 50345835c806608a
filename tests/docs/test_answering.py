"""docs/answering.md and the code say the same of a rep's answer: its states and its arrows."""

from collections import Counter

import pytest

from sequencer.core.reply import REPLY_ARROWS, VOID, ReplyState
from tests.docs.tables import Row, tables_of
from tests.structure.sources import ROOT


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    return tables_of(ROOT / "docs" / "answering.md")


def test_every_state_has_its_row_and_says_whether_it_counts(tables: dict[str, list[Row]]) -> None:
    told = {row[0]: row[2] for row in tables["Once"]}
    assert told == {state.value: "no" if state in VOID else "yes" for state in ReplyState}


def test_the_arrows_are_those_of_the_code(tables: dict[str, list[Row]]) -> None:
    told = Counter((row[0], row[1]) for row in tables["Arrows of an answer"])
    assert told == Counter((str(before or "(new)"), str(after)) for before, after in REPLY_ARROWS)
