"""Plays a whole demo: stage, campaign, judgement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sequencer.clock import VirtualClock
from sequencer.demo.campaign import Campaign, Progress
from sequencer.demo.outcome import Outcome, judge
from sequencer.demo.sabotage import Sabotage
from sequencer.demo.stage import STARTS_AT, Stage, make_host, set_stage
from sequencer.demo.story import Thread, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What is played."""

    seed: int
    days: int
    sabotage: Sabotage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A demo that is over."""

    outcome: Outcome
    threads: tuple[Thread, ...]


@contextmanager
def staged(folder: Path, play: Play) -> Iterator[Stage]:
    """The stage in `folder` with its servers up, while the `with` block lasts."""
    clock = VirtualClock(STARTS_AT)
    with make_host(clock, play.seed) as host:
        stage = set_stage(folder, host, clock, play.seed, play.sabotage)
        try:
            yield stage
        finally:
            stage.engine.store.close()


def perform(stage: Stage, play: Play, tell: Callable[[Progress], None] = lambda _progress: None) -> Played:
    """Play the campaign and judge it."""
    campaign = Campaign(stage=stage, days=play.days, tell=tell)
    campaign.play()
    return Played(outcome=judge(campaign, play.seed), threads=tuple(threads(campaign)))
