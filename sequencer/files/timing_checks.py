"""What cannot be of a step's times: two ways to choose its day, a holiday nobody has."""

from collections.abc import Iterator
from functools import lru_cache

from sequencer.core.countries import folded
from sequencer.core.near_words import near_word
from sequencer.core.sequence import Step

_YEARS = range(2020, 2031)
"""Years whose holidays are looked through for a name: some come only in some years."""
_Found = tuple[tuple[str | int, ...], str, str | None]


def timing_faults(step: Step) -> Iterator[_Found]:
    """By key: what is wrong, and the mend."""
    if step.before_holiday is None:
        return
    if step.weekdays or step.dates:
        hint = "keep one of them; make two steps if both are meant"
        yield ("on",), f"the step {step.id!r} has `on` and `before_holiday`", hint
    name = step.before_holiday.name
    if name and not _is_holiday(name):
        near = near_word(name, sorted(holiday_names()))
        hint = f"did you mean {near!r}?" if near else "write it in English, such as Christmas Day"
        yield ("before_holiday", "name"), f"no country has a public holiday called {name!r}", hint


@lru_cache(maxsize=64)
def _is_holiday(name: str) -> bool:
    return any(folded(name) in folded(known) for known in holiday_names())


@lru_cache(maxsize=1)
def holiday_names() -> frozenset[str]:
    """The name of every public holiday of every country, in English where the source has it."""
    import holidays

    names: set[str] = set()
    for country in holidays.list_supported_countries(include_aliases=False):
        found = holidays.country_holidays(country, years=_YEARS, language="en_US")
        for joined in set(found.values()):
            names |= {part.strip() for part in joined.split(";")}
    return frozenset(names)
