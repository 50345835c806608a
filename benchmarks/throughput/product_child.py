"""In a process of its own: `sequencer run --once` on a prepared workspace, timed.

    python -m benchmarks.throughput.product_child WORKSPACE [--profile PREFIX]

Everything is what the command line builds: couriers, readers, log file, daemon. Timed is from the first read
of the mailbox to the end of its tick; what it took is printed as JSON. `--profile` writes PREFIX.prepare and
PREFIX.deliver, the 60 functions that cost most by themselves and with what they call.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from benchmarks.throughput.memory import peak_mb
from sequencer import daemon as daemon_module
from sequencer.cli.run import open_daemon
from sequencer.cli.session import Session
from sequencer.flows import tick as tick_module

if TYPE_CHECKING:
    from cProfile import Profile

PROFILED = 60


class Stopwatch:
    """Seconds spent in functions of a module, by name; nothing else about them changes."""

    def __init__(self, profiled: tuple[str, ...] = ()) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.profiles = _profiles(profiled)

    def on(self, module: Any, name: str) -> None:
        """From now on calls of `module.name` are timed."""
        setattr(module, name, self._timed(name, getattr(module, name)))

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        profile = self.profiles.get(name)

        def timed(*args: Any, **named: Any) -> Any:
            started, cpu = time.perf_counter(), time.process_time()
            if profile:
                profile.enable()
            try:
                return function(*args, **named)
            finally:
                if profile:
                    profile.disable()
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
                self.cpu[name] = self.cpu.get(name, 0.0) + time.process_time() - cpu

        return timed


def run_once(root: Path) -> dict[str, Any]:
    """What `sequencer run --once --log-file FILE` does."""
    session = Session(workspace=str(root), acting=None, quiet=True, debug=False)
    return open_daemon(session, "text", root / "run.log").run_once()


def _profiles(names: tuple[str, ...]) -> "dict[str, Profile]":
    """One a name; without any the profiler is not loaded, which would count as the product's memory."""
    if not names:
        return {}
    from cProfile import Profile

    return {name: Profile() for name in names}


def write_profile(profile: "Profile", path: Path) -> None:
    """By own time, then with what is called."""
    import io
    import pstats

    text = io.StringIO()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profile, stream=text).sort_stats(order).print_stats(PROFILED)
    path.write_text(text.getvalue(), encoding="utf-8")


@click.command(help=__doc__)
@click.argument("workspace", type=click.Path(path_type=Path))
@click.option("--profile", metavar="PREFIX")
def main(workspace: Path, profile: str | None) -> None:
    """Run, tell; 1 when the mailbox was not worked. Click, since the command line has loaded it anyway."""
    watch = Stopwatch(("prepare", "deliver_due") if profile else ())
    for name in ("prepare", "deliver_due", "file_copies"):
        watch.on(tick_module, name)
    for name in ("read", "work"):
        watch.on(daemon_module, name)
    before = peak_mb()
    ticked = run_once(workspace)
    told = {
        "seconds": watch.seconds["read"] + watch.seconds["work"],
        "cpu_seconds": watch.cpu["read"] + watch.cpu["work"],
        "parts": watch.seconds,
        "peak_mb": peak_mb(),
        "imported_mb": before,
        "handed_over": sum(one.handed_over for one in ticked.values()),
    }
    print(json.dumps(told), flush=True)
    for name, found in watch.profiles.items():
        write_profile(found, Path(f"{profile}.{name.removesuffix('_due')}"))
    sys.exit(0 if ticked else 1)


if __name__ == "__main__":
    main()
