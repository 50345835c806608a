"""Tables of due times in Markdown, read as cases: what users write on the left, by hand when it leaves.

A row is `| buyer | the step before ends | step | window | leaves |`. Blocks above it in its section are
read as a workspace would: `toml` with windows and closures, `yaml` as holidays.yaml. A line that begins
with `Source:` says where the facts of its section are from.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sequencer.config import Closure, CountryDays, Window
from sequencer.core.days_off import with_calendar
from sequencer.core.due import Due, due_at
from sequencer.core.timing import Timing
from sequencer.core.zones import Place
from sequencer.files.config_build import closure_of, window_of
from sequencer.files.config_shape import ClosureShape, WindowShape
from sequencer.files.fault_list import FaultList
from sequencer.files.holidays_file import read_holidays
from sequencer.files.sequence_file import parse_sequence

SENDER = "Asia/Shanghai"
SHOWN = "%a %Y-%m-%d %H:%M"
_INSTANT = re.compile(r"^(\w{3}) (\d{4}-\d\d-\d\d \d\d:\d\d)( again)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCase:
    """One row."""

    where: str
    place: Place
    anchor: datetime
    step: str
    timing: Timing
    window: Window
    closures: tuple[Closure, ...]
    expected: str
    source: str

    @property
    def found(self) -> str:
        """What the program says, in the words of the table."""
        due = due_at(self.anchor, self.timing, self.window, self.place, self.closures, SENDER)
        return in_words(due, self.place, with_end=", until " in self.expected)


def in_words(due: Due, place: Place, *, with_end: bool = True) -> str:
    """`Tue 2026-03-03 09:30, until Thu 2026-03-05 09:30`, or `skipped (no_holiday)`."""
    if due.skipped:
        return f"skipped ({due.skipped})"
    zone = ZoneInfo(place.zone)
    leaves = due.at.astimezone(zone).strftime(SHOWN)
    if due.expires_at is None or not with_end:
        return leaves
    return f"{leaves}, until {due.expires_at.astimezone(zone).strftime(SHOWN)}"


@dataclass(slots=True)
class _Section:
    windows: dict[str, Window]
    closures: list[Closure] = field(default_factory=list)
    calendar: tuple[CountryDays, ...] = ()
    source: str = ""


def cases_in(page: Path, scratch: Path) -> list[TimeCase]:
    """Every row of the page; `scratch` is an empty folder to put its files in."""
    return list(_cases(page, scratch))


def _cases(page: Path, scratch: Path) -> Iterator[TimeCase]:
    section, block, kind = _Section({}), list[str](), ""
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        if line.startswith("```"):
            if kind:
                _take_block(section, kind, "\n".join(block), scratch)
            kind, block = ("" if kind else line[3:].strip() or "text"), []
        elif kind:
            block.append(line)
        elif line.startswith("#"):
            # Windows are the page's; everything else is a section's own.
            section = _Section(section.windows)
        elif line.startswith("Source:"):
            section.source = line.removeprefix("Source:").strip()
        elif line.startswith("|") and not re.match(r"^\|\s*(buyer|-)", line):
            yield _case(
                f"{page.name}:{number}", [cell.strip() for cell in line.strip("|").split(" | ")], section
            )


def _take_block(section: _Section, kind: str, text: str, scratch: Path) -> None:
    if kind == "toml":
        data = tomllib.loads(text)
        for name, body in data.get("windows", {}).items():
            section.windows[name] = window_of(name, WindowShape.model_validate(body))
        section.closures += [closure_of(ClosureShape.model_validate(one)) for one in data.get("closures", [])]
    elif kind == "yaml" and not text.lstrip().startswith(("sequence:", "- id:", "steps:")):
        path = scratch / "holidays.yaml"
        path.write_text(text, encoding="utf-8")
        faults = FaultList("holidays.yaml")
        section.calendar = read_holidays(path, faults)
        assert not faults.faults, faults.faults


def _case(where: str, cells: list[str], section: _Section) -> TimeCase:
    buyer, anchor, step, window, expected = (cell.strip("`") for cell in cells)
    zone, _, rest = buyer.partition(" ")
    country, _, state = rest.partition(" ")
    place = with_calendar(Place(zone, country, state), section.calendar)
    for named in re.findall(r"\w{3} \d{4}-\d\d-\d\d \d\d:\d\d", expected):
        _instant(named, zone)
    return TimeCase(
        where=where,
        place=place,
        anchor=_instant(anchor, zone),
        step=step,
        timing=_timing(step),
        window=section.windows[window],
        closures=tuple(section.closures),
        expected=expected,
        source=section.source,
    )


def _timing(step: str) -> Timing:
    """`wait: 1d, at: "09:30"`, read as the step of a sequence would be."""
    faults = FaultList("s.yaml")
    keys = f", {step}" if step else ""
    text = f"sequence: s\nwindow: w\nsteps:\n  - {{id: one, template: t{keys}}}\n"
    read = parse_sequence(text, "s", faults)
    assert read is not None, faults.faults
    return read.sequence.steps[0].timing


def _instant(text: str, zone: str) -> datetime:
    match = _INSTANT.match(text)
    assert match, text
    wall = datetime.fromisoformat(match[2]).replace(tzinfo=ZoneInfo(zone), fold=1 if match[3] else 0)
    assert wall.strftime("%a") == match[1], f"{text} is a {wall:%a}"
    return wall.astimezone(UTC)
