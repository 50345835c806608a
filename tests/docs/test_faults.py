"""docs/faults.md and the fault matrix say the same of each fault. UPDATE_DOCS=1 writes the tables anew."""

import os

import pytest

from tests.docs.tables import tables_of, with_rows
from tests.faults.table import TABLES
from tests.structure.sources import ROOT

DOCUMENT = ROOT / "docs" / "faults.md"


@pytest.mark.parametrize("heading", TABLES)
def test_the_table_is_that_of_the_matrix(heading: str) -> None:
    rows = TABLES[heading]
    assert not [cell for row in rows for cell in row if "|" in cell]
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text(with_rows(DOCUMENT.read_text("utf-8"), heading, rows), "utf-8")
    assert tables_of(DOCUMENT)[heading] == rows


def test_the_page_has_no_other_tables() -> None:
    assert tables_of(DOCUMENT).keys() == TABLES.keys()
