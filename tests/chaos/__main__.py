"""`python -m tests.chaos --kills 500 --messages 1000 --seed 1`: one campaign under fire for each seed."""

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sequencer.clock import SystemClock
from tests.chaos.broken import BREAKS
from tests.chaos.campaign import Campaign
from tests.chaos.judge import Verdict, judge
from tests.chaos.site import open_site
from tests.chaos.story import told

STEPS_PER_CONTACT = 2.1
"""Of three: answers, dead addresses and what is unsure end the others' way early."""
PART_THAT_BEGINS = 0.85
"""Of the lives: then everybody has begun, and the last follow-ups leave under fire too."""


def play(
    root: Path,
    *,
    seed: int,
    kills: int,
    messages: int,
    broken: str = "",
    outages: float = 0.08,
    only: tuple[str, ...] = (),
    every_instant: bool = True,
    enrolled: Path | None = None,
) -> Verdict:
    """One campaign in `root`, judged; the parameters are those of Campaign and open_site."""
    dice = random.Random(seed)
    # A kill leaves a message in doubt now and then, and its buyer's later steps never fall due.
    contacts = max(10, round((messages + kills / 4) / STEPS_PER_CONTACT))
    lives = max(1, round(kills * PART_THAT_BEGINS))
    with open_site(root, contacts=contacts, lives=lives, dice=dice, enrolled=enrolled) as site:
        with Campaign(site, dice, broken=broken, outages=outages, only=only) as campaign:
            run = campaign.play(kills, every_instant=every_instant)
        verdict = judge(site, run)
    verdict.seed = seed
    if verdict.due < messages:
        verdict.breaches.append(f"only {verdict.due} messages fell due, {messages} were asked for")
    return verdict


def main(arguments: Sequence[str] | None = None) -> int:
    """0: everything held, for each seed; 1: something did not."""
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="SIGKILLs in each run (500)")
    parser.add_argument("--messages", type=int, default=1000, help="messages that fall due, at least (1000)")
    parser.add_argument("--seed", type=int, action="append", help="a run with this seed; repeatable (1 2 3)")
    parser.add_argument("--broken", choices=sorted(BREAKS), default="", help="break the build: it must fail")
    parser.add_argument("--keep", type=Path, help="keep databases, journals and logs in this new folder")
    options = parser.parse_args(arguments)
    clock, is_whole = SystemClock(), True
    for seed in options.seed or (1, 2, 3):
        began = clock.monotonic()
        with tempfile.TemporaryDirectory() as place:
            root = (options.keep or Path(place)) / f"seed{seed}"
            root.mkdir(parents=True)
            verdict = play(
                root, seed=seed, kills=options.kills, messages=options.messages, broken=options.broken
            )
        print(told(verdict, clock.monotonic() - began), flush=True)
        is_whole = is_whole and not verdict.breaches
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
