"""Where a contact's clock stands: an explicit zone, else the state or city, else the country's guess."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from sequencer.core.contact import Contact
from sequencer.core.countries import country_code, folded
from sequencer.core.near_words import near_word

How = Literal["column", "state", "country", "default"]
"""What a zone was taken from; `state` covers a city too."""


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """A zone and how it was found."""

    zone: str
    """IANA name; empty when nothing is known (`how` is then `default`)."""
    how: How
    is_guess: bool
    """True when the contact may well live in another zone: shown to the user, never silent."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contact is, for clocks and calendars."""

    zone: str
    """IANA name."""
    country: str = ""
    """ISO 3166-1 alpha-2; empty means Saturday and Sunday off and no public holidays."""
    state: str = ""
    """As the user wrote it; picks regional holidays where it names a subdivision."""
    is_guessed: bool = False
    how: How = "column"


class UnknownZone(ValueError):
    """There is no such time zone; `near` is the one that may be meant."""

    def __init__(self, text: str, near: str | None) -> None:
        meant = f"did you mean {near}?" if near else "write it like Europe/Berlin"
        super().__init__(f"there is no time zone {text!r}; {meant}")
        self.near = near


def iana_zone(text: str) -> str:
    """The IANA name of a zone as a user wrote it, its case mended; UnknownZone when there is none such."""
    wanted = text.strip().replace(" ", "_")
    zone = _zone_names().get(wanted.casefold())
    if zone is not None:
        return zone
    places = [name for name in _zone_names() if "/" in name and not name.startswith("etc/")]
    near = near_word(wanted, places)
    raise UnknownZone(text, _zone_names()[near] if near else None)


@lru_cache(maxsize=4096)
def zone_of(country: str, state: str = "", city: str = "") -> ZoneGuess:
    """The zone of a place (country as ISO alpha-2 or a name).

    A country with one zone is no guess; in one with several the state, then the city decide, and without
    them the country's largest business zone is a guess. Sources: zone.tab of the tz database for
    countries with one zone, `data/zones.tsv` for the others.
    """
    code = country_code(country)
    several = _several(code)
    if several is not None:
        named = several.of_state(folded(state)) or several.of_city(folded(city))
        if named:
            return ZoneGuess(named, "state", is_guess=False)
        return ZoneGuess(several.default, "country", is_guess=not several.is_uniform)
    zone = _single_zones().get(code)
    return ZoneGuess(zone, "country", is_guess=False) if zone else ZoneGuess("", "default", is_guess=True)


def place_of(contact: Contact, default_zone: str) -> Place:
    """The contact's place: their own zone column, else state or city, else country, else `default_zone`.

    Raises ValueError when the contact's zone column is not an IANA name.
    """
    country = country_code(contact.country)
    if contact.zone:
        return Place(iana_zone(contact.zone), country, contact.state)
    guess = zone_of(country, contact.state, contact.city)
    return Place(
        zone=guess.zone or default_zone,
        country=country,
        state=contact.state,
        is_guessed=guess.is_guess,
        how=guess.how,
    )


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Every IANA name by its case-folded form."""
    names = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {name.casefold(): name for name in names}


@lru_cache(maxsize=1)
def _zone_tab() -> dict[str, tuple[str, ...]]:
    """Country code → its zones, in the order of zone.tab."""
    found: dict[str, list[str]] = {}
    for line in resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            found.setdefault(code, []).append(zone)
    return {code: tuple(zones) for code, zones in found.items()}


@lru_cache(maxsize=1)
def _single_zones() -> dict[str, str]:
    return {code: zones[0] for code, zones in _zone_tab().items() if len(zones) == 1}


@dataclass(frozen=True, slots=True)
class _SeveralZones:
    default: str
    is_uniform: bool
    """Nearly every buyer lives by the default zone's clock, so that taking it is no guess."""
    states: dict[str, str]
    cities: dict[str, str]

    def of_state(self, name: str) -> str:
        return self.states.get(name) or self.cities.get(name) or ""

    def of_city(self, name: str) -> str:
        return self.cities.get(name) or self.states.get(name) or ""


@lru_cache(maxsize=1)
def _large_countries() -> dict[str, list[list[str]]]:
    """Country code → its lines in data/zones.tsv: zone, states, cities."""
    rows: dict[str, list[list[str]]] = {}
    data = resources.files("sequencer.core").joinpath("data/zones.tsv").read_text("utf-8")
    for line in data.splitlines():
        if not line.startswith("#"):
            code, *columns = line.split("\t")
            rows.setdefault(code, []).append([*columns, "", ""])
    return rows


@lru_cache(maxsize=256)
def _several(code: str) -> _SeveralZones | None:
    """The zones of a country in which one does not hold everywhere; None for any other."""
    lines = _large_countries().get(code)
    if lines is None:
        return None
    # zone.tab names each zone after its largest city.
    cities = {folded(zone.rpartition("/")[2].replace("_", " ")): zone for zone in _zone_tab().get(code, ())}
    states: dict[str, str] = {}
    for zone, in_states, in_cities, *_ in lines:
        states |= {folded(name): zone for name in in_states.split("|") if name not in ("", "*")}
        cities |= {folded(name): zone for name in in_cities.split("|") if name}
    return _SeveralZones(lines[0][0], lines[0][1] == "*", states, cities)
