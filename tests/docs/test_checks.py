"""docs/checks.md and the code say the same of each lint rule."""

from sequencer.core.lint import RULES
from tests.docs.tables import tables_of
from tests.structure.sources import ROOT

DOCUMENT = ROOT / "docs" / "checks.md"


def test_the_table_of_rules_is_that_of_the_code() -> None:
    told = tables_of(DOCUMENT)["The rules"]
    assert told == [(rule.name, rule.what, rule.why) for rule in RULES]
