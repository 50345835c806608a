"""Simulates an office's workspace, and what came of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sequencer.simulate.outcome import Outcome, outcome_of
from sequencer.simulate.play import Play, Stage, staged
from sequencer.simulate.settings import Rates, Settings
from tests.flows.office import Office

SILENT = Rates(reply=0, ooo=0, bounce=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A simulation that is over; its copy is gone."""

    stage: Stage
    play: Play
    outcome: Outcome

    @property
    def messages(self) -> list[tuple[object, ...]]:
        """What arrived or was refused, in order."""
        return [(one.at, one.mailbox, one.is_new, one.is_refused) for one in self.play.buyers.delivered]


def simulated(
    office: Office, *, days: int = 40, look: Callable[[Play], None] = lambda _play: None, **settings: object
) -> Played:
    """Everything as the office has it, simulated from its own now on, by `wang`."""
    wanted = Settings(**({"days": days, "rates": SILENT} | settings))  # type: ignore[arg-type]
    engine = office.engine
    place = (engine.workspace, engine.config, engine.store.path)
    with staged(*place, engine.rep("wang"), wanted, office.clock.now()) as stage:
        play = Play(stage=stage)
        play.play()
        outcome = outcome_of(play)
        look(play)
    return Played(stage=stage, play=play, outcome=outcome)


def buyers(count: int) -> list[str]:
    """So many addresses, each at a firm of its own."""
    return [f"buyer@firm{number}.example" for number in range(count)]


def digests(root: Path) -> dict[str, str]:
    """Every file of a folder, by what is in it."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
