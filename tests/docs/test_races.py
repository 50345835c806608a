"""docs/races.md and the tests say the same: what may happen, at which moments, and what holds then."""

import os

from tests.docs.tables import Row, tables_of, with_rows
from tests.flows.happenings import DIFFERENCES, HAPPENINGS
from tests.flows.moments import Moment, Way
from tests.structure.sources import ROOT

DOCUMENT = ROOT / "docs" / "races.md"
TOLD: dict[str, list[Row]] = {
    "What holds": [(one.name, one.rule.value) for one in HAPPENINGS],
    "Ways of delivering": [(one.name.lower(), one.value) for one in Way],
    "Moments of a tick": [(one.name.lower(), one.value) for one in Moment],
    "Where a batch differs": [
        (name, moment.name.lower(), what) for (name, moment), what in DIFFERENCES.items()
    ],
}


def test_the_document_is_short_enough_to_be_read() -> None:
    assert len(DOCUMENT.read_text("utf-8").splitlines()) <= 120


def test_each_happening_and_each_moment_has_its_row() -> None:
    if os.environ.get("UPDATE_DOCS"):
        text = DOCUMENT.read_text("utf-8")
        for heading, rows in TOLD.items():
            text = with_rows(text, heading, rows)
        DOCUMENT.write_text(text, "utf-8")
    assert tables_of(DOCUMENT) == TOLD
