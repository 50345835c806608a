"""`python -m tests.forecast --contacts 500 --days 45`: the plan of each starter sequence, and what leaves."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sequencer.clock import SystemClock
from tests.forecast.buyers import buyers
from tests.forecast.trial import Outcome, hold, starter_sequences


def main(arguments: Sequence[str] | None = None) -> int:
    """0: every plan was kept to the minute; 1: one was not."""
    parser = argparse.ArgumentParser(prog="make forecast ARGS=…", description=__doc__)
    parser.add_argument("--contacts", type=int, default=500, help="buyers in each sequence (500)")
    parser.add_argument("--days", type=int, default=45, help="days that are planned and played (45)")
    parser.add_argument("--sequence", action="append", help="only this one; repeatable (all)")
    options = parser.parse_args(arguments)
    names = options.sequence or starter_sequences()
    is_equal = True
    with ProcessPoolExecutor(min(len(names), os.cpu_count() or 1)) as pool:
        found = pool.map(_timed, names, [options.contacts] * len(names), [options.days] * len(names))
        for name, (outcome, seconds) in zip(names, found, strict=True):
            print(told(name, options.contacts, outcome, seconds), flush=True)
            is_equal = is_equal and not outcome.differences
    return 0 if is_equal else 1


def told(name: str, contacts: int, outcome: Outcome, seconds: float) -> str:
    """A line, and the first message of each plan that differs."""
    said = "DIFFERS" if outcome.differences else "equal to the minute, in order"
    line = f"{name}: {contacts} contacts, {outcome.messages} messages, {seconds:.0f} s: {said}"
    return "\n".join((line, *outcome.differences))


def _timed(name: str, contacts: int, days: int) -> tuple[Outcome, float]:
    clock = SystemClock()
    began = clock.monotonic()
    with tempfile.TemporaryDirectory() as place:
        everybody = {name: [one.address_key for one in buyers(contacts)]}
        outcome = hold(Path(place) / "workspace", everybody, contacts=contacts, days=days)
    return outcome, clock.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
