"""Where a contact's clock stands: an explicit zone, else the state or city, else the country's guess."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sequencer.config import CountryDays
from sequencer.core.contact import Contact
from sequencer.core.countries import country_code, folded
from sequencer.core.place_table import TERRITORIES, Places, State, places_of, zone_tab
from sequencer.core.place_words import parts, readings, with_last_words, with_state_behind
from sequencer.core.zone_names import UnknownZone as UnknownZone
from sequencer.core.zone_names import iana_zone as iana_zone
from sequencer.core.zone_names import known_zone

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
    calendar: tuple[CountryDays, ...] = ()
    """What holidays.yaml says of the days off there: of the country, then of the state."""

    @property
    def grounds(self) -> str:
        """Why the zone is only guessed, for people; empty when it is not."""
        if not self.is_guessed:
            return ""
        return {
            "country": "guessed from the country",
            "default": "guessed: the workspace's default",
        }.get(self.how, "guessed: part of the state, or a city of that name, has another")


@lru_cache(maxsize=16384)
def zone_of(country: str, state: str = "", city: str = "") -> ZoneGuess:
    """The zone of a place (country as ISO alpha-2 or a name).

    A country with one zone is no guess; in one with several the state and the city decide, and without
    them the country's largest business zone is a guess. Sources: zone.tab of the tz database for
    countries with one zone, `data/zones.tsv` for the others.
    """
    code = country_code(country)
    places = places_of(code)
    named = _named(code, places or Places(""), state, city) if state or city else None
    if named is not None:
        return named
    if places is not None:
        return ZoneGuess(places.default, "country", is_guess=not places.is_uniform)
    zones = zone_tab().get(code, ())
    if len(zones) == 1:
        return ZoneGuess(zones[0], "country", is_guess=False)
    return ZoneGuess("", "default", is_guess=True)


def place_of(contact: Contact, default_zone: str) -> Place:
    """The contact's place: their own zone column, else state or city, else country, else `default_zone`.

    Raises ValueError when the contact's zone column is no time zone.
    """
    country = country_code(contact.country)
    if contact.zone:
        return Place(known_zone(contact.zone) or iana_zone(contact.zone), country, contact.state)
    guess = zone_of(country, contact.state, contact.city)
    return Place(
        zone=guess.zone or default_zone,
        country=country,
        state=contact.state,
        is_guessed=guess.is_guess,
        how=guess.how,
    )


def is_state(country: str, text: str) -> bool:
    """Whether `text` names a state or province of a country (ISO alpha-2) in which clocks differ."""
    places = places_of(country)
    return places is not None and _state(country, places, text) is not None


def _named(code: str, places: Places, state: str, city: str) -> ZoneGuess | None:
    """What state and city say: the state decides, its city where the state is divided."""
    if code not in TERRITORIES and not places.default:
        return None
    found = _state(code, places, state)
    if found is not None:
        return _in_state(code, places, found, city)
    return (
        _territory(code, state)
        or _city(code, places, city)
        or _territory(code, city)
        or _misplaced(code, places, state, city)
        or _alone(code, places, city)
    )


def _state(code: str, places: Places, text: str) -> State | None:
    if not text or not places.states:
        return None
    return next((places.states[name] for name in readings(text, code) if name in places.states), None)


def _in_state(code: str, places: Places, state: State, city: str) -> ZoneGuess:
    names = [city, *(head for head, _ in with_state_behind(city))] if city else []
    for name in (reading for text in names for reading in readings(text, code)):
        own = places.within.get((state.code, name))
        if own:
            return ZoneGuess(own, "state", is_guess=False)
    return ZoneGuess(state.zone, "state", is_guess=state.is_guess)


def _city(code: str, places: Places, text: str) -> ZoneGuess | None:
    """A city, with its state behind it or alone."""
    if not text:
        return None
    if folded(text) not in places.cities:
        for head, behind in with_state_behind(text):
            if (state := _state(code, places, behind)) is not None:
                return _in_state(code, places, state, head)
        for head, behind in with_last_words(text):
            state = _state(code, places, behind)
            # `Austin TX`, `Dallas Texas`; but Port Washington is in New York.
            if state and (_is_code(behind) or (state.code, folded(head)) in places.within):
                return _in_state(code, places, state, head)
    for name in readings(text, code):
        if name in places.cities:
            return ZoneGuess(places.cities[name].zone, "state", is_guess=places.cities[name].is_guess)
    return None


def _misplaced(code: str, places: Places, state: str, city: str) -> ZoneGuess | None:
    """A city that stands in the state's column; a guess where the city's column says something else."""
    found = _city(code, places, state)
    return ZoneGuess(found.zone, found.how, found.is_guess or bool(city)) if found else None


def _alone(code: str, places: Places, city: str) -> ZoneGuess | None:
    """A state that stands in the city's column."""
    if "city" in folded(city).split():
        return None  # Virginia City is in Nevada
    state = _state(code, places, city)
    return ZoneGuess(state.zone, "state", is_guess=state.is_guess) if state else None


def _is_code(text: str) -> bool:
    return 2 <= len(text.strip(".")) <= 3


def _territory(code: str, text: str) -> ZoneGuess | None:
    """A place with a country code of its own that a list gives as a state or city of another country."""
    ours = TERRITORIES.get(code, frozenset())
    named = (country_code(one) for one in (text, *parts(text))) if text and ours else ()
    own = next((one for one in named if one in ours), "")
    guess = zone_of(own)
    return ZoneGuess(guess.zone, "state", is_guess=guess.is_guess) if guess.zone else None
