"""Reads holidays.yaml, in which a team writes what it knows better of days off abroad."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from sequencer.config import CountryDays
from sequencer.core.countries import country_code, folded
from sequencer.core.days_off import known_subdivisions
from sequencer.core.near_words import near_word
from sequencer.errors import FaultyInput
from sequencer.files.fault_list import FaultList
from sequencer.files.holidays_shape import CountryShape, StateShape
from sequencer.files.shape_faults import Loc, add_shape_faults
from sequencer.files.text_file import read_text
from sequencer.files.yaml_positions import YamlData, load_yaml

LONGEST_DAYS = 366
"""Of one entry under `add`."""

S = TypeVar("S", bound=StateShape)
_Tell = Callable[[Loc, str, str | None], None]


def read_holidays(path: Path, faults: FaultList) -> tuple[CountryDays, ...]:
    """What the file says, countries before their states; nothing when there is no such file."""
    if not path.exists():
        return ()
    try:
        text = read_text(path, faults.path)
    except FaultyInput as error:
        faults.take(error.faults)
        return ()
    loaded = load_yaml(text, faults)
    if loaded is None or loaded.data is None:
        return ()
    if not isinstance(loaded.data, dict):
        faults.add(1, "the file must be a group of countries", "write `AE:` and below it, indented, its days")
        return ()
    return tuple(_countries(loaded, faults))


def _countries(loaded: YamlData, faults: FaultList) -> Iterator[CountryDays]:
    seen: dict[str, str] = {}
    for name, body in loaded.data.items():
        code = country_code(name)
        if not code:
            hint = "write its name or its two letters, such as AE"
            faults.add(loaded.line_of((name,)), f"there is no country {name!r}", hint)
        elif code in seen:
            hint = "put both under one name"
            faults.add(loaded.line_of((name,)), f"{name!r} is the same country as {seen[code]!r}", hint)
        else:
            seen[code] = name
            shape = _shape(CountryShape, body, (name,), loaded, faults)
            if shape is not None:
                yield _days(code, "", shape, (name,), loaded, faults)
                yield from _states(code, shape, name, loaded, faults)


def _states(
    code: str, shape: CountryShape, country: str, loaded: YamlData, faults: FaultList
) -> Iterator[CountryDays]:
    known = known_subdivisions(code) if shape.states else {}
    for state, body in shape.states.items():
        at = (country, "states", state)
        if known and folded(state) not in {folded(name) for name in known}:
            near = near_word(state, sorted(known))
            hint = f"did you mean {near!r}?" if near else "known: " + ", ".join(sorted(known))
            faults.add(loaded.line_of(at), f"{country} has no state {state!r}", hint)
            continue
        of_state = _shape(StateShape, body, at, loaded, faults)
        if of_state is not None:
            yield _days(code, state, of_state, at, loaded, faults)


def _shape(kind: type[S], body: Any, at: tuple[str, ...], loaded: YamlData, faults: FaultList) -> S | None:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        add_shape_faults(faults, error, kind, lambda loc: loaded.line_of((*at, *loc)))
        return None


def _days(
    code: str, state: str, shape: StateShape, at: tuple[str, ...], loaded: YamlData, faults: FaultList
) -> CountryDays:
    add: list[tuple[date, str]] = []
    for index, one in enumerate(shape.add):
        last = one.last or one.first
        if last < one.first or (last - one.first).days >= LONGEST_DAYS:
            line = loaded.line_of((*at, "add", index, "last"))
            what = "ends before it begins" if last < one.first else "lasts longer than a year"
            faults.add(line, f"the holiday {one.name!r} {what}")
            continue
        add += [(one.first + timedelta(days=n), one.name) for n in range((last - one.first).days + 1)]
    off = {day for day, _name in add}
    for index, day in enumerate(shape.work):
        if day in off:
            line = loaded.line_of((*at, "work", index))
            faults.add(line, f"{day} is under `add` and under `work`", "keep one of them")
    return CountryDays(
        country=code,
        state=state,
        weekend=shape.weekend,
        add=tuple(add),
        remove=tuple(shape.remove),
        move=tuple((one.day, one.to) for one in shape.move),
        work=tuple(shape.work),
    )
