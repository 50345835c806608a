"""`make fuzz`: damage golden messages (and CORPUS) and read them, guided by coverage if atheris is here."""

import argparse
import importlib.util
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random

from sequencer.clock import SystemClock

FOUND = Path(".fuzz")
"""Where messages that break a promise are kept."""
SLOWEST_SECONDS = 2


def seeds(corpus: Path | None) -> list[bytes]:
    """The golden messages, and every message of a folder."""
    folders = [Path(__file__).parents[1] / "messages", *([corpus] if corpus else [])]
    return [path.read_bytes()[:65_536] for folder in folders for path in sorted(folder.rglob("*.eml"))]


def guided(messages: list[bytes], seconds: int) -> None:
    """Let atheris follow the branches of the reading rooms; it ends the process."""
    import atheris  # type: ignore[import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["sequencer.core", "email"]):
        from tests.fuzz.target import read
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, message in enumerate(messages):
        (folder / f"{number}.eml").write_bytes(message)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST_SECONDS}",
        "-max_len=65536",
        "-rss_limit_mb=1024",
        f"-artifact_prefix={FOUND}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], read)
    atheris.Fuzz()


def unguided(messages: list[bytes], seconds: int, seed: int) -> int:
    """Damage at random until the time is over; the first message that breaks a promise is kept."""
    from tests.fuzz.mutate import mutated
    from tests.fuzz.target import read

    clock, random, count = SystemClock(), Random(seed), 0
    ends_at = clock.now() + timedelta(seconds=seconds)
    while clock.now() < ends_at:
        message = mutated(messages, random)
        count += 1
        try:
            read(message)
        except Exception as error:
            kept = FOUND / f"seed-{seed}-{count}.eml"
            kept.write_bytes(message)
            print(f"{kept}: {type(error).__name__}: {error}")
            return 1
    print(f"{count} damaged messages read in {seconds} s, none broke a promise (seed {seed})")
    return 0


def main() -> int:
    """Parse the options, fuzz."""
    parser = argparse.ArgumentParser(prog="make fuzz ARGS=…", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a folder of .eml files to start from as well")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unguided", action="store_true", help="at random even where atheris is installed")
    options = parser.parse_args()
    messages = seeds(options.corpus)
    FOUND.mkdir(exist_ok=True)
    if options.unguided or importlib.util.find_spec("atheris") is None:
        return unguided(messages, options.seconds, options.seed)
    guided(messages, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
