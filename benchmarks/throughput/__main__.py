"""The product beside the others in one run, and whether each target is met.

    python -m benchmarks.throughput [--messages N] [--rounds N] [--quick] [--install DIR] [--profile PREFIX]

Exit 0: every target met; 1: one was missed; 3: not measured in whole, or the machine was busy.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.throughput import paced, page, workspace
from benchmarks.throughput.contestants import product
from benchmarks.throughput.install import install
from benchmarks.throughput.load import LARGE, SMALL, Load
from benchmarks.throughput.measure import Job
from benchmarks.throughput.page import Verdict
from benchmarks.throughput.rounds import Table, job_of, play
from benchmarks.throughput.sinks import Sink, fast_sink, imap_server, smtp_sink, tool

QUICK_SMALL, QUICK_LARGE = 200, 10
BUSY_LOAD = 0.5
"""A load average of more than this before we begin is somebody else's work."""


def arguments() -> argparse.Namespace:
    """What the user wants."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--messages", type=int, help="so many small messages instead of 10,000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--quick", action="store_true", help="one round of few messages; not the paced daemon"
    )
    parser.add_argument("--tools", type=Path, default=Path.home() / ".cache" / "sequencer-benchmark")
    parser.add_argument(
        "--install", type=Path, metavar="DIR", help="put nodemailer and mailmerge there, use them"
    )
    parser.add_argument("--profile", metavar="PREFIX", help="only profile the product on the small load")
    return parser.parse_args()


def main() -> int:
    """Measure everything, print the page."""
    options = arguments()
    tools = options.install or options.tools
    if options.install:
        install(options.install)
    load_average = os.getloadavg()[0]
    is_busy = load_average > BUSY_LOAD
    print(
        f"{os.cpu_count()} cores, load average at the start {load_average:.2f}"
        + (" (BUSY)" if is_busy else "")
    )
    small = SMALL.scaled(options.messages or (QUICK_SMALL if options.quick else None))
    large = LARGE.scaled(QUICK_LARGE if options.quick else None)
    found: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="throughput.") as folder:
        scratch = Path(folder)
        if options.profile:
            return profile(small, scratch, options.profile)
        rounds = 1 if options.quick else options.rounds
        for load in (small, large):
            found += measure(load, rounds, scratch, tools)
        if not options.quick:
            percent, rate = paced.measure(scratch / "paced")
            found.append(page.paced(percent, rate, paced.MAILBOXES))
    print("\nTargets")
    for verdict in found:
        print("  " + verdict.line(is_busy=is_busy))
    if any(verdict.is_met is False for verdict in found):
        return 1
    is_whole = not (is_busy or options.quick or options.messages or any(v.is_met is None for v in found))
    return 0 if is_whole else 3


def measure(load: Load, rounds: int, scratch: Path, tools: Path) -> list[Verdict]:
    """One load against both sinks."""
    root = scratch / f"enrolled.{load.name.replace(' ', '')}"
    workspace.make(root, load)
    tables: list[Table] = []
    with imap_server(1) as imap, fast_sink() as fast:
        size = message_bytes(root, load, fast, scratch, imap)
        print(f"\none message of {load.name} has {size:,} bytes on the wire", flush=True)
        places = {"tools": tools, "imap_port": imap, "scratch": scratch}
        if tool("smtp-sink") is None:
            print("  smtp-sink: not installed (Debian: apt-get install --no-install-recommends postfix)")
        else:
            with smtp_sink() as sink:
                tables.append(_table(load, rounds, job_of(load, sink, root, size, **places), sink))
        tables.append(_table(load, rounds, job_of(load, fast, root, size, **places), fast))
    print(page.sink_line(tables), flush=True)
    found = [verdict for table in tables for verdict in page.verdicts(table)]
    if len(tables) == 1:
        found.append(Verdict(target=f"{load.name} on smtp-sink", found="it is not installed", is_met=None))
    return found


def _table(load: Load, rounds: int, job: Job, sink: Sink) -> Table:
    table = play(sink, job, load, rounds, lambda line: print("  " + line, flush=True))
    print("\n".join(page.table_lines(table)), flush=True)
    return table


def message_bytes(root: Path, load: Load, fast: Sink, scratch: Path, imap: int) -> int:
    """The wire size of one message, from a workspace of a few, so that the others send as much."""
    few = load.scaled(5)
    workspace.make(scratch / f"few.{load.name.replace(' ', '')}", few)
    places = {"tools": scratch, "imap_port": imap, "scratch": scratch}
    job = job_of(few, fast, scratch / f"few.{load.name.replace(' ', '')}", 0, **places)
    before = fast.taken()
    product.send(job)
    after = fast.taken()
    assert before is not None
    assert after is not None
    return (after["bytes"] - before["bytes"]) // few.messages


def profile(load: Load, scratch: Path, prefix: str) -> int:
    """Where the product's time goes, into PREFIX.prepare and PREFIX.deliver."""
    root = scratch / "enrolled"
    workspace.make(root, load)
    with imap_server(1) as imap, fast_sink() as fast:
        job = job_of(load, fast, root, 0, tools=scratch, imap_port=imap, scratch=scratch)
        result = product.send(job, profile=prefix)
    print(f"{result.rate:,.0f} messages/s under the profiler; see {prefix}.prepare and {prefix}.deliver")
    return 0


if __name__ == "__main__":
    sys.exit(main())
