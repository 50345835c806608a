"""What a tick, `plan` and the daily commands cost beside 10,000, a million and five million enrollments.

    python -m benchmarks.due [--upto N] [--rounds N] [--index SQL] [--analyze] [--folder DIR]

Five thousand are under way in each; all others are through. Exit 1: what must be flat costs more than 1.3
times what it costs at 10,000.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.due.fill import RUNNING, add_past, add_running, execute, set_ahead
from benchmarks.due.office import Office, make_office, open_office
from benchmarks.due.questions import AHEAD, COMMANDS, PLAN, START, TICK, Question

SMALL, SIZES = 10_000, (1_000_000, 5_000_000)
LIMIT = 1.3
FLOOR_MS = 0.05
"""Below this a ratio is the clock's noise."""
SAMPLE_MS, LONG_MS = 5.0, 1000.0
"""What is short is asked several times for one sample; what is long, three times in all."""
PLAN_MORE = (10_000, 50_000, 100_000)
"""So many under way, for what `plan` costs each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One question, asked in turns of both databases, in CPU milliseconds."""

    question: Question
    small_ms: float
    big_ms: float
    cold_ms: float | None
    """Of the clock on the wall, the file not in memory; None: this system does not let go of it."""

    @property
    def ratio(self) -> float:
        """What it costs beside the small database."""
        return self.big_ms / self.small_ms

    @property
    def is_over(self) -> bool:
        """It must be flat and is not."""
        return self.question.is_flat and self.ratio > LIMIT and self.big_ms - self.small_ms > FLOOR_MS

    def line(self) -> str:
        """As the table has it."""
        word = "OVER" if self.is_over else "" if self.question.is_flat else "(grows)"
        cold = "-" if self.cold_ms is None else f"{self.cold_ms:.1f}"
        return (
            f"  {self.question.name:32}{self.small_ms:>11.3f}{self.big_ms:>11.3f}{self.ratio:>8.2f}"
            f"{cold:>11}  {word}".rstrip()
        )


def arguments() -> argparse.Namespace:
    """What the user wants."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.due", description=__doc__)
    parser.add_argument("--upto", type=int, default=SIZES[-1], metavar="N", help="the largest database")
    parser.add_argument("--rounds", type=int, default=40, metavar="N")
    parser.add_argument("--index", action="append", default=[], metavar="SQL", help="an index more")
    parser.add_argument("--analyze", action="store_true", help="with SQLite's statistics")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where there is room: 1.5 GB a million")
    return parser.parse_args()


def main() -> int:
    """Grow one database, and time it beside the small one at each size."""
    options = arguments()
    print(f"{os.cpu_count()} cores, load average at the start {os.getloadavg()[0]:.2f}; CPU ms, medians")
    over: list[Timed] = []
    with tempfile.TemporaryDirectory(prefix="due.", dir=options.folder) as folder:
        small = make_small(Path(folder, "small"), options.index)
        shutil.copytree(Path(folder, "small"), Path(folder, "big"))
        big, before = open_office(Path(folder, "big")), SMALL
        for size in [one for one in SIZES if one <= options.upto] or [options.upto]:
            started = time.perf_counter()
            add_past(big, before, size)
            taken, gigabytes = time.perf_counter() - started, big.database.stat().st_size / 1e9
            print(f"\n{size:,} enrollments, {gigabytes:.1f} GB (filled in {taken:.0f} s)")
            for office in (small, big) if options.analyze else ():
                execute(office.database, "ANALYZE")
            over += compare(small, big, size, options.rounds)
            before = size
        plan_of_more(big, before)
    print(f"\n{len(over)} over {LIMIT} times" if over else "\nall flat")
    return 1 if over else 0


def make_small(root: Path, indexes: list[str]) -> Office:
    """Ten thousand enrollments."""
    small = make_office(root)
    for index in indexes:
        execute(small.database, index)
    add_running(small)
    add_past(small, RUNNING, SMALL)
    small.engine.store.close()
    return open_office(root)


def compare(small: Office, big: Office, size: int, rounds: int) -> list[Timed]:
    """Every question at this size; returns what is over."""
    found: list[Timed] = []
    parts = [("on each tick", TICK), ("once a start", START), ("a person's command", (*COMMANDS, PLAN))]
    for title, questions in parts:
        found += table(title, questions, small, big, rounds)
    set_ahead(big, size // 10)
    try:
        found += table(f"with {size // 10:,} more under way, weeks ahead", AHEAD, small, big, rounds)
    finally:
        set_ahead(big, size // 10, is_ahead=False)
    return [one for one in found if one.is_over]


def table(
    title: str, questions: tuple[Question, ...], small: Office, big: Office, rounds: int
) -> list[Timed]:
    """Times and tells them."""
    print(f"  {title:32}{'10,000':>11}{'here':>11}{'ratio':>8}{'cold, wall':>11}")
    found = []
    for question in questions:
        timed = compared(question, small, big, rounds)
        print(timed.line(), flush=True)
        found.append(timed)
    return found


def compared(question: Question, small: Office, big: Office, rounds: int) -> Timed:
    """In turns, so that a busy moment of the machine falls on both; what seems over is asked once more."""
    cold = wall_ms(question, big) if let_go(big.database) else None
    first = max(cpu_ms(question, office) for office in (small, big))
    times = max(1, int(SAMPLE_MS / first))
    found: list[Timed] = []
    for _ in range(2):
        pairs = [
            (cpu_ms(question, small, times), cpu_ms(question, big, times))
            for _ in range(3 if first > LONG_MS else rounds)
        ]
        small_ms, big_ms = (statistics.median(side) for side in zip(*pairs, strict=True))
        found.append(Timed(question=question, small_ms=small_ms, big_ms=big_ms, cold_ms=cold))
        if not found[-1].is_over:
            break
    return min(found, key=lambda timed: timed.ratio)


def cpu_ms(question: Question, office: Office, times: int = 1) -> float:
    """Of this process alone: neighbours on the machine count less than on the clock."""
    started = time.process_time()
    for _ in range(times):
        question.ask(office)
    return (time.process_time() - started) * 1000 / times


def wall_ms(question: Question, office: Office) -> float:
    """With the waiting for the disk."""
    started = time.perf_counter()
    question.ask(office)
    return (time.perf_counter() - started) * 1000


def let_go(database: Path) -> bool:
    """Have the system forget what it keeps of the file in memory; False where it cannot be asked to."""
    forget = getattr(os, "posix_fadvise", None)
    if forget is None:
        return False
    with database.open("rb") as file:
        os.fsync(file.fileno())
        forget(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def plan_of_more(big: Office, size: int) -> None:
    """What `plan` costs when more are under way: it names each of them, so that it must grow with them."""
    print("\n  plan with more under way           CPU s   ms each")
    for count in PLAN_MORE:
        if count > size:
            return
        set_ahead(big, count - RUNNING)
        seconds = cpu_ms(PLAN, big) / 1000
        print(f"  {count:>24,}{seconds:>16.1f}{seconds / count * 1000:>10.2f}", flush=True)
        set_ahead(big, count - RUNNING, is_ahead=False)


if __name__ == "__main__":
    sys.exit(main())
