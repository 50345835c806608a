"""holidays.yaml: days off that a team knows better than the program."""

from datetime import date
from pathlib import Path

import pytest

from sequencer.config import CountryDays
from sequencer.core.days_off import days_of, is_day_off, with_calendar
from sequencer.core.zones import Place
from sequencer.errors import FaultyInput
from sequencer.files.config_file import read_config
from tests.files.workspaces import a_workspace

GERMANY = """\
Germany:
  weekend: [Saturday, sun]
  add:
    - {name: Works outing, first: 2027-06-10}
    - {name: Between the years, first: 2027-12-27, last: 2027-12-31}
  remove: [2027-10-31]
  move: [{day: 2027-05-01, to: 2027-05-03}]
  work: [2027-06-12]
  states:
    Bayern:
      remove: [2027-05-27]
"""


def calendar(root: Path, text: str) -> tuple[CountryDays, ...]:
    workspace = a_workspace(root)
    workspace.holidays.write_text(text, encoding="utf-8")
    return read_config(workspace.config).calendar


def days_off(place: Place, *days: str) -> list[bool]:
    return [is_day_off(date.fromisoformat(day), place.country, place.state, place.calendar) for day in days]


def test_days_are_added_removed_moved_and_worked(tmp_path: Path) -> None:
    berlin = with_calendar(Place("Europe/Berlin", "DE", "Berlin"), calendar(tmp_path, GERMANY))
    assert days_off(berlin, "2027-06-10", "2027-12-27", "2027-12-31", "2028-01-03") == [
        True,
        True,
        True,
        False,
    ]
    # 1 May 2027 is a Saturday; Labour Day is on Monday the 3rd, by this file.
    assert days_of(berlin, 2027).holidays[date(2027, 5, 3)] == "Labor Day"
    assert date(2027, 5, 1) not in days_of(berlin, 2027).holidays
    # A Saturday that is worked; the one after it is not.
    assert days_off(berlin, "2027-06-12", "2027-06-19") == [False, True]


def test_a_state_has_its_own_on_top_and_no_other_has_them(tmp_path: Path) -> None:
    found = calendar(tmp_path, GERMANY)
    # Corpus Christi, Thursday 27 May 2027, is a holiday in Bavaria, in Hesse too, and not in Berlin.
    for state, is_off in (("Bayern", False), ("BY", False), ("Hessen", True), ("Berlin", False)):
        place = with_calendar(Place("Europe/Berlin", "DE", state), found)
        assert days_off(place, "2027-05-27", "2027-06-10") == [is_off, True], state


def test_another_country_is_as_it_was(tmp_path: Path) -> None:
    place = Place("Europe/Vienna", "AT")
    assert with_calendar(place, calendar(tmp_path, GERMANY)) is place


def test_a_day_moves_over_the_turn_of_the_year(tmp_path: Path) -> None:
    text = "FR:\n  move: [{day: 2027-12-25, to: 2028-01-03}, {day: 2027-08-02, to: 2027-08-03}]\n"
    place = with_calendar(Place("Europe/Paris", "FR"), calendar(tmp_path, text))
    assert days_of(place, 2028).holidays[date(2028, 1, 3)] == "Christmas Day"
    assert date(2027, 12, 25) not in days_of(place, 2027).holidays
    # What is moved need not have been known.
    assert days_of(place, 2027).holidays[date(2027, 8, 3)] == "Public holiday"


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_says_nothing(tmp_path: Path, text: str) -> None:
    assert calendar(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- DE\n", "holidays.yaml:1: the file must be a group of countries"),
        ("DE: sunny\n", "holidays.yaml:1: the file must be a group of keys"),
        ("DE:\n\tweekend: [sat]\n", "holidays.yaml:2: a tab is no indentation in YAML (use spaces)"),
    ],
)
def test_a_file_of_another_shape_is_told(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(FaultyInput) as told:
        calendar(tmp_path, text)
    assert str(told.value.faults[0]).startswith(fault)


def test_its_faults_are_told_with_those_of_the_settings(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    workspace.holidays.write_text("Atlantis: {}\n", encoding="utf-8")
    text = workspace.config.read_text("utf-8")
    workspace.config.write_text(text.replace("default_zone", "default_zoe", 1), encoding="utf-8")
    with pytest.raises(FaultyInput) as told:
        read_config(workspace.config)
    files = {fault.where.partition(":")[0] for fault in told.value.faults}
    assert files == {"config.toml", "holidays.yaml"}


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    workspace.holidays.write_bytes("中国:\n  weekend: [六]\n".encode("gbk"))
    with pytest.raises(FaultyInput) as told:
        read_config(workspace.config)
    assert str(told.value.faults[0]).startswith("holidays.yaml:1: the file is not UTF-8")
