"""Where the time zones of a list's buyers come from, and how many are only guessed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sequencer.core.contact import Contact
from sequencer.core.countries import country_name
from sequencer.core.zones import place_of


@dataclass(slots=True, kw_only=True)
class ZoneTally:
    """How many contacts have their zone from where; the sources add up to `contacts`."""

    default_zone: str
    """IANA name: the zone of those of whom nothing is known."""
    contacts: int = 0
    from_column: int = 0
    from_place: int = 0
    """From a state or city, sure or guessed."""
    from_country: int = 0
    """From the country alone, which has one zone, or one that nearly all its buyers go by."""
    guessed_from_country: Counter[str] = field(default_factory=Counter)
    """ISO code of a country with several zones → contacts of whom nothing else is known."""
    guessed_from_place: Counter[str] = field(default_factory=Counter)
    """ISO code → contacts whose state is divided, or whose city has a namesake."""
    unknown_places: Counter[str] = field(default_factory=Counter)
    """`Narnia, BR` → contacts guessed from the country though a state or city was given."""
    default: int = 0

    @property
    def guessed(self) -> int:
        """All whose zone may well be another."""
        return self.guessed_from_country.total() + self.guessed_from_place.total() + self.default


def tally_zones(people: Iterable[Contact], default_zone: str) -> ZoneTally:
    """Count where the zones of `people` come from."""
    tally = ZoneTally(default_zone=default_zone)
    for contact in people:
        place = place_of(contact, default_zone)
        tally.contacts += 1
        match place.how:
            case "column":
                tally.from_column += 1
            case "state":
                tally.from_place += 1
                tally.guessed_from_place[place.country] += place.is_guessed
            case "country" if place.is_guessed:
                tally.guessed_from_country[place.country] += 1
                if said := contact.city or contact.state:
                    tally.unknown_places[f"{said}, {place.country}"] += 1
            case "country":
                tally.from_country += 1
            case "default":
                tally.default += 1
    return tally


def by_country(counts: Counter[str]) -> list[tuple[str, str, int]]:
    """(ISO code, English name, count), the most first."""
    return [(code, country_name(code), count) for code, count in counts.most_common() if count]
