"""Where the time zones of an imported list come from, as JSON and as lines."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sequencer.cli.output import note, say
from sequencer.core.zone_tally import ZoneTally, by_country

_SHOWN = 5


def zones_json(tally: ZoneTally) -> dict[str, Any]:
    """Counts by source; `guessed` is the sum of the last three."""
    return {
        "contacts": tally.contacts,
        "guessed": tally.guessed,
        "from_column": tally.from_column,
        "from_state_or_city": tally.from_place - tally.guessed_from_place.total(),
        "from_country": tally.from_country,
        "guessed_from_state_or_city": _counts(tally.guessed_from_place),
        "guessed_from_country": _counts(tally.guessed_from_country),
        "default": tally.default,
        "default_zone": tally.default_zone,
        "unknown_places": [
            {"place": place, "contacts": count} for place, count in tally.unknown_places.most_common()
        ],
    }


def _counts(counts: Counter[str]) -> list[dict[str, Any]]:
    return [{"country": code, "name": name, "contacts": count} for code, name, count in by_country(counts)]


def say_zones(tally: ZoneTally, *, quiet: bool) -> None:
    """One line of counts on stdout; on stderr what is guessed, and the mend."""
    if not tally.contacts:
        return
    say(f"  zones     {tally.contacts:>6}  {', '.join(_sources(tally))}")
    for line in _guesses(tally):
        note(line, quiet=quiet)


def _sources(tally: ZoneTally) -> Iterator[str]:
    sources = (
        (tally.from_column, "from a zone column"),
        (tally.from_place - tally.guessed_from_place.total(), "from state or city"),
        (tally.from_country, "from the country"),
        (tally.guessed, "guessed"),
    )
    yield from (f"{count} {source}" for count, source in sources if count)


def _guesses(tally: ZoneTally) -> Iterator[str]:
    of = f"of {tally.contacts} buyers' zones"
    count = tally.guessed_from_country.total()
    if count:
        yield f"{count} {of} {_are(count)} guessed from the country: {_named(tally.guessed_from_country)}"
    if tally.unknown_places:
        places = [f"{place} {count}" for place, count in tally.unknown_places.most_common(_SHOWN)]
        yield f"  not in our table of places: {'; '.join(places)}{_more(tally.unknown_places)}"
    count = tally.guessed_from_place.total()
    if count:
        named = _named(tally.guessed_from_place)
        yield f"{count} {of} {_are(count)} guessed from a divided state or a city of a common name: {named}"
    if tally.default:
        fell = "fell" if tally.default > 1 else "falls"
        yield f"{tally.default} {of} {fell} to the default {tally.default_zone}: no known country"
    if tally.guessed:
        yield "  add a column country, state, city or zone, and import the list again"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _named(counts: Counter[str]) -> str:
    named = [f"{name} {count}" for _, name, count in by_country(counts)]
    return ", ".join(named[:_SHOWN]) + (f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else "")


def _more(counts: Counter[str]) -> str:
    return f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
