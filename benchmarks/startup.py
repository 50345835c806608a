"""What `sequencer --help` costs beside the import of click alone (target: at most 2.5 times)."""

import compileall
import subprocess
import sys
import time
from pathlib import Path

TARGET = 2.5
ROUNDS = 15

BARE = [sys.executable, "-c", "import click"]
HELP = [sys.executable, "-m", "sequencer", "--help"]


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one run."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> int:
    """Compile, measure side by side, print the ratio; 1 when it is over the target."""
    # Without bytecode the first import costs 2-3 times as much and says nothing about later ones.
    compileall.compile_dir(Path(__file__).parents[1] / "sequencer", quiet=1)
    for command in (BARE, HELP):
        seconds(command)
    # In turns, so that a busy moment of the machine falls on both; the best of each is the least disturbed.
    pairs = [(seconds(BARE), seconds(HELP)) for _ in range(ROUNDS)]
    bare, full = (min(times) for times in zip(*pairs, strict=True))
    ratio = full / bare
    verdict = "within" if ratio <= TARGET else "OVER"
    print(
        f"startup: import click {bare * 1000:.0f} ms, sequencer --help {full * 1000:.0f} ms, "
        f"ratio {ratio:.2f} ({verdict} the target of {TARGET})"
    )
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
