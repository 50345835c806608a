"""CSV as spreadsheets take it."""

import csv
import io

import pytest

from sequencer.core.csv_text import csv_text


def test_it_begins_with_a_bom_and_ends_its_lines_as_spreadsheets_do() -> None:
    assert csv_text(["公司"], [["宁波"]]).encode() == "\ufeff公司\r\n宁波\r\n".encode()


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_would_run_as_a_formula_is_neutralised(formula: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["a"], [[formula]])[1:], newline="")))
    assert rows[1] == ["'" + formula]


def test_a_heading_is_guarded_like_a_cell() -> None:
    assert csv_text(["=cmd()"], []).startswith("\ufeff'=cmd()")


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert csv_text(["a", "b", "c"], [[-3, None, 0.5]]).splitlines()[1] == "-3,,0.5"
