"""The shipped table of places: in a country with several time zones, which state and city goes by which."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from sequencer.core.countries import folded

TERRITORIES: Mapping[str, frozenset[str]] = {
    country: frozenset(codes.split())
    for country, codes in {
        "AU": "CC CX HM NF",
        "CN": "HK MO TW",
        "DK": "FO GL",
        "FI": "AX",
        "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
        "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
        "NL": "AW BQ CW SX",
        "NO": "BV SJ",
        "NZ": "CK NU TK",
        "US": "AS GU MP PR UM VI",
    }.items()
}
"""Country → places with an ISO 3166-1 code of their own that lists write as its states or cities."""


class Named(NamedTuple):
    """The zone a name stands for."""

    zone: str
    is_guess: bool


class State(NamedTuple):
    """A state or province, and the zone most of it goes by."""

    code: str
    zone: str
    is_guess: bool


@dataclass(frozen=True, slots=True)
class Places:
    """What the table knows of one country."""

    default: str
    """The zone of the largest business centre."""
    is_uniform: bool = False
    """Nineteen buyers in twenty go by the default zone's clock, so that taking it is no guess."""
    states: dict[str, State] = field(default_factory=dict)
    """By folded spelling."""
    cities: dict[str, Named] = field(default_factory=dict)
    """By folded name, where no state is said."""
    within: dict[tuple[str, str], str] = field(default_factory=dict)
    """(Code of the state, folded city) → the city's own zone."""


@lru_cache(maxsize=1)
def zone_tab() -> dict[str, tuple[str, ...]]:
    """Country code → its zones, in the order of zone.tab of the tz database."""
    found: dict[str, list[str]] = {}
    for line in resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            found.setdefault(code, []).append(zone)
    return {code: tuple(zones) for code, zones in found.items()}


@lru_cache(maxsize=256)
def places_of(code: str) -> Places | None:
    """The table of a country in which one zone does not hold everywhere; None for any other."""
    lines = _lines().get(code)
    if lines is None:
        return None
    places = Places(lines[0][0], any("*" in states.split("|") for _, states, _ in lines))
    for zone, states, cities in lines:
        _add(places, zone, [one for one in states.split("|") if one not in ("", "*")], cities)
    for zone in zone_tab().get(code, ()):
        # zone.tab names each zone after its largest city.
        name = folded(zone.rpartition("/")[2].replace("_", " "))
        places.cities.setdefault(name, Named(zone, is_guess=False))
    return places


def _add(places: Places, zone: str, states: list[str], cities: str) -> None:
    code = states[0].strip("@?") if states else ""
    if states and not states[0].startswith("@"):
        state = State(code, zone, states[0].endswith("?"))
        places.states.update((folded(one), state) for one in states)
    for text in filter(None, cities.split("|")):
        city = folded(text)
        places.within.setdefault((code, city), zone)
        if text.endswith("?"):
            places.cities[city] = Named(zone, is_guess=True)
        elif not text.endswith("~"):
            places.cities.setdefault(city, Named(zone, is_guess=False))


@lru_cache(maxsize=1)
def _lines() -> dict[str, list[tuple[str, str, str]]]:
    """Country code → its lines in data/zones.tsv: zone, states, cities."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    data = resources.files("sequencer.core").joinpath("data/zones.tsv").read_text("utf-8")
    for line in data.splitlines():
        if not line.startswith("#"):
            code, zone, states, cities, *_ = (*line.split("\t"), "", "")
            found.setdefault(code, []).append((zone, states, cities))
    return found
