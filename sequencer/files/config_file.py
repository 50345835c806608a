"""Reads config.toml into `config.Config`, or tells every fault in it with its line."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sequencer.config import Config, CountryDays
from sequencer.errors import FaultyInput
from sequencer.files.config_build import build_config
from sequencer.files.config_checks import check_config
from sequencer.files.config_names import check_names
from sequencer.files.config_presets import with_presets
from sequencer.files.config_shape import ConfigShape
from sequencer.files.fault_list import FaultList
from sequencer.files.shape_faults import Loc, add_shape_faults
from sequencer.files.slips import chinese_mark
from sequencer.files.text_file import read_text
from sequencer.files.toml_lines import toml_lines

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


HOLIDAYS = "holidays.yaml"


def read_config(path: Path) -> Config:
    """The settings in the config.toml at `path` and in holidays.yaml beside it.

    FaultyInput with every fault of both, as `config.toml:line: …`.
    """
    faults = FaultList(HOLIDAYS)
    calendar = _calendar(path.with_name(HOLIDAYS), faults)
    try:
        config = _config(path)
    except FaultyInput as error:
        raise FaultyInput([*error.faults, *faults.faults]) from None
    faults.raise_if_any()
    return replace(config, calendar=calendar)


def _calendar(path: Path, faults: FaultList) -> tuple[CountryDays, ...]:
    if not path.exists():
        return ()
    # Loading the YAML reader costs what most workspaces need not pay.
    from sequencer.files.holidays_file import read_holidays

    return read_holidays(path, faults)


def window_line(path: Path, name: str) -> int | None:
    """The line of config.toml on which a window stands."""
    try:
        return _Lines(read_text(path, path.name))(("windows", name))
    except FaultyInput:
        return None


def _config(path: Path) -> Config:
    text = read_text(path, path.name, missing_hint="make a workspace with `sequencer init DIR`")
    faults = FaultList(path.name)
    data = _parsed(text, faults)
    faults.raise_if_any()
    data = with_presets(data)
    lines = _Lines(text)

    def tell(loc: Loc, message: str, hint: str | None) -> None:
        faults.add(lines(loc), message, hint)

    check_names(data, tell)
    try:
        shape = ConfigShape.model_validate(data)
    except ValidationError as error:
        add_shape_faults(faults, error, ConfigShape, lines)
        raise FaultyInput(faults.faults) from None
    check_config(shape, path.parent, tell)
    faults.raise_if_any()
    return build_config(shape, path.parent)


def _parsed(text: str, faults: FaultList) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, message = _syntax_fault(str(error), text)
        mark = chinese_mark(text.split("\n")[line - 1])
        told = mark or (f"this is not TOML: {message}", _mend(message))
        faults.add(line, *told)
        return {}


class _Lines:
    """Way into the data → line of the deepest part of it that is in the file."""

    def __init__(self, text: str) -> None:
        self._lines = toml_lines(text)

    def __call__(self, loc: Loc) -> int | None:
        way = tuple(loc)
        return next(
            (self._lines[way[:size]] for size in range(len(way), 0, -1) if way[:size] in self._lines), None
        )


def _syntax_fault(error: str, text: str) -> tuple[int, str]:
    place = _PLACE.search(error)
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    message = _PLACE.sub("", error)
    return line, message[:1].lower() + message[1:]


def _mend(message: str) -> str | None:
    if "invalid value" in message:
        return "text goes in quotes, true and false are lower case"
    if "overwrite" in message or "twice" in message:
        return "the key or table is written twice; keep one"
    if "control character" in message or "newline" in message:
        return 'text of several lines goes between """ and """'
    if "hex value" in message or "unescaped" in message.lower():
        return "write every \\ of a path twice, or put the path between single quotes"
    if "expected '='" in message:
        return "write `key = value`"
    return None
