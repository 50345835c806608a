"""One trial: buyers walk through sequences by the daemon's flows, and two plans are held against that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.forecast.clockwork import Clockwork
from tests.forecast.equality import difference, planned, received
from tests.forecast.world import Caps, World, open_world

PLANNED_AGAIN_ON = 9
PLANNED_AGAIN_IN = timedelta(days=PLANNED_AGAIN_ON, hours=5, minutes=17)
"""Amid messages that were prepared, tasks that were set and windows that are open."""
FULL_CAPS: Caps = (50, 35, 70)
SMALL_CAPS: Caps = (4, 3, 4)
"""They bind with forty buyers, so that follow-ups come while others are still to be written to first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a trial came to."""

    messages: int
    """Received, by the SMTP server."""
    ticks: int
    differences: tuple[str, ...]
    """At most one for each plan: the first."""


def hold(
    root: Path,
    sequences: Mapping[str, Sequence[str]],
    *,
    contacts: int,
    days: int,
    caps: Caps = FULL_CAPS,
    more: Mapping[str, str] | None = None,
) -> Outcome:
    """`sequences` says who is in which; `more` are files beside the starter library, by path.

    The plan is made at the start, and again nine days later for the rest.
    """
    with open_world(root, contacts_count=contacts, caps=caps) as world:
        for path, text in (more or {}).items():
            file = world.engine.workspace.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        for sequence, addresses in sequences.items():
            world.enroll(sequence, addresses)
        return _walk(world, days)


def starter_sequences() -> list[str]:
    """The names of the repository's own."""
    return sorted(path.stem for path in (Path(__file__).parents[2] / "sequences").glob("*.yaml"))


def _walk(world: World, days: int) -> Outcome:
    start = world.clock.now()
    clockwork = Clockwork(world)
    first = world.plan(days)
    clockwork.play(start + PLANNED_AGAIN_IN)
    # The second ends with a whole day too, so both are walked to the later end.
    second = world.plan(days - PLANNED_AGAIN_ON)
    ends_at = start + timedelta(days=days)
    clockwork.play(ends_at)
    in_first = difference(planned(first), received(world, start, ends_at))
    count = len(world.arrivals)
    clockwork.play(ends_at + PLANNED_AGAIN_IN - timedelta(days=PLANNED_AGAIN_ON))
    in_second = difference(planned(second), received(world, start + PLANNED_AGAIN_IN, world.clock.now()))
    found = {"the first plan": in_first, f"the plan of day {PLANNED_AGAIN_ON + 1}": in_second}
    return Outcome(
        messages=count,
        ticks=clockwork.ticks,
        differences=tuple(f"{name}: {said}" for name, said in found.items() if said),
    )
