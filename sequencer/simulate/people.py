"""Contacts who are made up: names, firms and cities from where such lists come from, under `.example`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sequencer.core.contact import Contact
from sequencer.core.pacing import fraction
from sequencer.core.sequence import SequenceVersion
from sequencer.flows.invented_buyer import invented_buyer


@dataclass(frozen=True, slots=True)
class _Home:
    """Somewhere buyers live; the city tells the zone."""

    country: str
    state: str
    city: str
    people: str
    """Key of `_NAMES`."""
    share: int
    """Of a hundred."""


_HOMES = (
    _Home("US", "NY", "New York", "english", 8),
    _Home("US", "TX", "Houston", "spanish", 6),
    _Home("US", "CA", "Los Angeles", "english", 6),
    _Home("DE", "", "Hamburg", "german", 9),
    _Home("GB", "", "Leeds", "english", 7),
    _Home("FR", "", "Lyon", "french", 6),
    _Home("ES", "", "Valencia", "spanish", 5),
    _Home("PL", "", "Gdansk", "polish", 5),
    _Home("IT", "", "Bologna", "italian", 5),
    _Home("NL", "", "Rotterdam", "german", 4),
    _Home("BR", "SP", "São Paulo", "italian", 5),
    _Home("MX", "", "Mexico City", "spanish", 5),
    _Home("CL", "", "Santiago", "spanish", 2),
    _Home("AE", "", "Dubai", "arabic", 5),
    _Home("SA", "", "Jeddah", "arabic", 4),
    _Home("EG", "", "Alexandria", "arabic", 2),
    _Home("TR", "", "Izmir", "turkish", 4),
    _Home("IN", "MH", "Mumbai", "indian", 4),
    _Home("JP", "", "Osaka", "japanese", 2),
    _Home("AU", "VIC", "Melbourne", "english", 3),
    _Home("ZA", "", "Durban", "english", 3),
)
"""A guess at an exporter's list of general goods, a third each from America, Europe, and the rest."""

_NAMES: dict[str, tuple[str, str]] = {
    "english": ("Alice Brian Carol Derek Ellen Grant", "Ashdown Birkett Calloway Denholm Everley"),
    "german": ("Anke Bernd Claudia Dirk Elke Frank", "Althof Brandner Diekhof Eversberg Harmsen"),
    "french": ("Agathe Benoit Celine Didier Elodie Fabien", "Aubrac Bertignol Carlier Delmas Fauvel"),
    "spanish": ("Adriana Bruno Carmen Diego Elena Felipe", "Arbeloa Bustillo Cordero Duarte Escalona"),
    "polish": ("Anna Bartosz Celina Damian Ewa Filip", "Adamiak Borecki Czubek Drozd Falkowski"),
    "italian": ("Alba Bruno Carla Dario Elisa Fabio", "Altieri Bonfanti Corsini Donelli Fabbroni"),
    "arabic": ("Amal Bashir Dalia Faris Hana Idris", "Alhamdan Barakat Darwish Fayad Haddadin"),
    "turkish": ("Aylin Burak Ceren Deniz Elif Furkan", "Akbulut Bozkurt Celikoz Dincer Erdil"),
    "indian": ("Anjali Bharat Chitra Dev Esha Girish", "Adhikari Bhatnagar Chaudhuri Dhawan Gokhale"),
    "japanese": ("Akiko Daichi Emi Fumio Haruka Ichiro", "Akabane Doigawa Ebihara Fukamori Hanazono"),
}
_TRADES = "Tools Trading Hardware Garden Imports Supplies Industrial Home Outdoor Workshop"


def invented_people(count: int, seed: int, version: SequenceVersion, owner: str) -> Iterator[Contact]:
    """So many contacts, each at a firm of their own; the same for a seed everywhere.

    Every field that `version` mentions has a value.
    """
    known = invented_buyer(version)
    for number in range(1, count + 1):
        yield _person(number, f"simulate {seed}".encode(), replace(known, owner=owner))


def _person(number: int, seed: bytes, known: Contact) -> Contact:
    def drawn(what: str, size: int) -> int:
        return int(fraction(seed, "invent", what, str(number)) * size)

    home = _home(drawn("home", sum(one.share for one in _HOMES)))
    firsts, lasts = (words.split() for words in _NAMES[home.people])
    trades = _TRADES.split()
    first, last = firsts[drawn("first", len(firsts))], lasts[drawn("last", len(lasts))]
    trade = trades[drawn("trade", len(trades))]
    domain = f"{last}-{trade}-{number}.example".lower()
    address = f"{first}.{last}@{domain}".lower()
    return replace(
        known,
        address=address,
        address_key=address,
        external_id=f"invented-{number}",
        name=f"{first} {last}",
        first_name=first,
        last_name=last,
        company=f"{last} {trade} {number}",
        website=f"https://{domain}",
        country=home.country,
        state=home.state,
        city=home.city,
        zone="",
        domain=domain,
    )


def _home(drawn: int) -> _Home:
    for home in _HOMES:
        drawn -= home.share
        if drawn < 0:
            return home
    raise ValueError("a draw beyond the shares")
