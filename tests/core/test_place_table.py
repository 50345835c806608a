"""The shipped table of places: right zones, no contradictions, nothing out of reach."""

import subprocess
import sys
from collections import defaultdict
from importlib import resources
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.core import place_table
from sequencer.core.countries import country_code, folded
from sequencer.core.place_table import TERRITORIES, places_of, zone_tab
from sequencer.core.zones import is_state, zone_of

OUT_OF_REACH = {("CN", "Asia/Urumqi"): "one legal time holds in all of China, and business keeps it"}
"""Zones of tzdata that no state or city leads to, and why."""

BEYOND_ZONE_TAB = {("XK", "Europe/Belgrade"), ("BV", "Europe/Oslo"), ("HM", "Indian/Kerguelen")}
"""Kosovo and two uninhabited islands, which zone.tab lacks."""


HOLIDAYS_ONLY = {
    "BR": {"São Paulo Capital"},
    "AU": {"NSW Western", "New South Wales Western Division"},
}
"""What the holidays package calls a subdivision and no list does."""


class Line(NamedTuple):
    country: str
    zone: str
    states: tuple[str, ...]
    cities: tuple[str, ...]


def _lines() -> list[Line]:
    data = resources.files("sequencer.core").joinpath("data/zones.tsv").read_text("utf-8")
    found = []
    for line in data.splitlines():
        if not line.startswith("#"):
            country, zone, states, cities, *_ = (*line.split("\t"), "", "")
            found.append(
                Line(
                    country,
                    zone,
                    tuple(filter(None, states.split("|"))),
                    tuple(filter(None, cities.split("|"))),
                )
            )
    return found


LINES = _lines()


def _zones_of_countries() -> set[tuple[str, str]]:
    """Country and zone, by zone.tab and by zone1970.tab (where a zone serves several countries)."""
    found = {(code, zone) for code, zones in zone_tab().items() for zone in zones}
    shared = resources.files("tzdata").joinpath("zoneinfo/zone1970.tab").read_text("utf-8")
    for line in shared.splitlines():
        if not line.startswith("#"):
            codes, _, zone, *_ = line.split("\t")
            found |= {(code, zone) for code in codes.split(",")}
    return found


def test_every_zone_of_the_table_exists_and_belongs_to_its_country_or_a_territory_of_it() -> None:
    known = _zones_of_countries() | BEYOND_ZONE_TAB
    for line in LINES:
        assert ZoneInfo(line.zone)
        homes = {line.country, *TERRITORIES.get(line.country, ())}
        assert any((home, line.zone) in known for home in homes), line


def test_every_country_with_several_zones_is_in_the_table_and_its_lines_stand_together() -> None:
    several = {code for code, zones in zone_tab().items() if len(zones) > 1}
    assert several - {line.country for line in LINES} == set()
    order = [line.country for line in LINES]
    assert sum(before != after for before, after in pairwise(order)) == len(set(order)) - 1


def test_every_zone_of_every_country_is_reached_by_a_state_or_city_or_says_why_not() -> None:
    unreached = set()
    for code, zones in zone_tab().items():
        places = places_of(code)
        if len(zones) > 1 and places is not None:
            reached = {state.zone for state in places.states.values()} | set(places.within.values())
            reached |= {named.zone for named in places.cities.values()}
            unreached |= {(code, zone) for zone in zones if zone not in reached}
    assert unreached == OUT_OF_REACH.keys()


def test_no_spelling_of_a_state_means_two_zones_of_a_country() -> None:
    for code in {line.country for line in LINES}:
        owners: dict[str, str] = {}
        for line in LINES:
            if line.country == code and line.states and not line.states[0].startswith("@"):
                for name in line.states:
                    if name != "*":
                        assert owners.setdefault(folded(name), line.zone) == line.zone, (code, name)


def test_a_city_in_two_zones_of_a_country_says_which_one_is_meant_alone() -> None:
    zones: dict[tuple[str, str], set[str]] = defaultdict(set)
    meant: dict[tuple[str, str], int] = defaultdict(int)
    for line in LINES:
        for city in line.cities:
            if not city.endswith("~"):
                zones[line.country, folded(city)].add(line.zone)
                meant[line.country, folded(city)] += city.endswith("?")
    undecided = [name for name, several in zones.items() if len(several) > 1 and meant[name] != 1]
    assert undecided == []


def test_the_signs_of_the_table_hold_in_whatever_order_its_lines_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = ("Asia/Tokyo", "AA", "Lone~|Twin~|Pair")
    large = ("Asia/Seoul", "BB", "Twin|Pair?")
    for lines in ([small, large], [large, small]):
        monkeypatch.setattr(place_table, "_lines", lambda lines=lines: {"ZZ": lines})
        places = places_of.__wrapped__("ZZ")
        assert places is not None
        assert places.cities == {"twin": ("Asia/Seoul", False), "pair": ("Asia/Seoul", True)}
        assert places.within["AA", "lone"] == places.within["AA", "pair"] == "Asia/Tokyo"


def test_other_parts_of_a_state_are_parts_of_a_state_that_the_table_has() -> None:
    for line in LINES:
        if line.states and line.states[0].startswith("@"):
            assert is_state(line.country, line.states[0].removeprefix("@")), line


def test_a_state_whose_name_is_a_city_of_another_zone_is_told_apart_by_the_column() -> None:
    apart = set()
    for code in {line.country for line in LINES}:
        places = places_of(code)
        assert places is not None
        for name, state in places.states.items():
            if name in places.cities and places.cities[name].zone != state.zone:
                apart.add((code, name))
    # Washington and its namesake; LA; Ontario in California; 华盛顿 the state and the capital.
    assert apart == {("US", "washington"), ("US", "la"), ("US", "华盛顿")}


@pytest.mark.parametrize("code", ["US", "CA", "BR", "AU", "MY", "FM", "CL", "NZ", "PT", "ES", "AR"])
def test_the_states_that_the_holidays_package_names_are_known_or_go_by_the_countrys_clock(code: str) -> None:
    theirs = getattr(holidays, code)
    names = [*theirs.subdivisions, *getattr(theirs, "subdivisions_aliases", {})]
    unknown = [name for name in names if zone_of(code, name).how == "country"]
    places = places_of(code)
    assert places is not None
    assert places.is_uniform or set(unknown) == HOLIDAYS_ONLY.get(code, set())


def test_a_zone_that_every_buyer_shares_is_no_guess_and_the_rest_is() -> None:
    for code in {line.country for line in LINES}:
        guess = zone_of(code)
        places = places_of(code)
        assert places is not None
        assert guess.is_guess is not places.is_uniform
        assert country_code(code) == code


@given(st.sampled_from(["US", "CA", "BR", "MX", "AU", "RU", "ID", "FR", "CN", "DE"]), st.text(), st.text())
def test_whatever_stands_in_the_columns_the_zone_is_one_of_the_country(
    country: str, state: str, city: str
) -> None:
    guess = zone_of(country, state, city)
    homes = {country, *TERRITORIES.get(country, ())}
    assert any((home, guess.zone) in _ZONES for home in homes)


_ZONES = _zones_of_countries()


@st.composite
def _disguised(draw: st.DrawFn) -> tuple[Line, str]:
    """A state of the table as somebody else would write it."""
    line = draw(st.sampled_from([line for line in LINES if line.states and line.states[0][0] not in "@*"]))
    name = draw(st.sampled_from([folded(one).title() for one in line.states]))
    is_word = len(name) > 4 and name.isascii()
    forms = ["{}", " {} ", "({})"] + (
        ["{} Province", "State of {}", "{} State", "Estado de {}"] if is_word else []
    )
    text = draw(st.sampled_from(forms)).format(name)
    return line, draw(st.sampled_from([text, text.upper(), text.lower()]))


@given(_disguised())
def test_a_state_is_known_in_any_case_and_with_the_kind_of_place_it_is(case: tuple[Line, str]) -> None:
    line, text = case
    assert zone_of(line.country, text).zone == line.zone, text


def test_nothing_is_read_before_it_is_needed() -> None:
    code = (
        "import sys; from sequencer.core import candidate, place_table, zone_names, zone_tally; "
        "print(place_table._lines.cache_info().currsize, zone_names._zone_names.cache_info().currsize, "
        "'tzlocal' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0", "False"]
