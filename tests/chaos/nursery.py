"""Nursery: a process that has imported everything and forks a daemon per life, so that a life costs little.

    python -m tests.chaos.nursery WORKSPACE    (orders as JSON lines on stdin, how each ended on stdout)

It has one thread and no open database when it forks. It kills from outside, after a delay or when the
daemon has nothing left to do, and says how each life ended.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import sequencer
from sequencer.clock import SystemClock
from sequencer.files.config_file import read_config
from sequencer.files.version import load_version
from sequencer.files.workspace import find_workspace
from sequencer.mail.tls import client_context
from tests.chaos.journal import Doom
from tests.chaos.life import BEGUN, IDLE, LifePlan, live

TOO_LONG_IN = 60.0
"""A life that neither dies nor idles within these seconds has hung; it is killed, and counts as stuck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Killing:
    """When a life is ended from outside, in seconds."""

    delay_in: float | None = None
    """After its ticks began; None: not by time."""
    linger_in: float | None = None
    """After every mailbox has ticked; None: never."""


def bear(plan: LifePlan, killing: Killing) -> str:
    """One life, from its fork to its end: `instant`, `timer`, `idle`, `stuck`, `exit`, or `failed`."""
    hears, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hears)
        _live(plan, tell)
    os.close(tell)
    try:
        how = _watch(hears, killing)
        if how:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(hears)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return how or "instant"
    return "exit" if os.WEXITSTATUS(status) == 0 else "failed"


def _live(plan: LifePlan, tell: int) -> None:
    """The child: never returns into the nursery's loop."""
    code = 1
    try:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # stdout is the nursery's own
        live(plan, tell)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _watch(hears: int, killing: Killing) -> str:
    """Why it is to be killed now; empty: it is gone already."""
    clock = SystemClock()
    ends_at, why = clock.monotonic() + TOO_LONG_IN, "stuck"
    while True:
        left = ends_at - clock.monotonic()
        if left <= 0 or not select.select([hears], [], [], left)[0]:
            return why
        said = os.read(hears, 1)
        if not said:
            return ""
        planned = {BEGUN: (killing.delay_in, "timer"), IDLE: (killing.linger_in, "idle")}[said]
        if planned[0] is not None and clock.monotonic() + planned[0] < ends_at:
            ends_at, why = clock.monotonic() + planned[0], planned[1]


def _warm(folder: Path) -> None:
    """Import and make once what every life would."""
    for module in pkgutil.walk_packages(sequencer.__path__, "sequencer."):
        if "__main__" not in module.name and ".migrations" not in module.name:
            importlib.import_module(module.name)
    for name in (
        "apscheduler.schedulers.background",
        "apscheduler.executors.pool",
        "apscheduler.triggers.interval",
    ):
        importlib.import_module(name)
    workspace = find_workspace(folder)
    config = read_config(workspace.config)
    load_version(workspace, "spine", config)
    for mailbox in config.mailboxes:
        for server in (mailbox.smtp, mailbox.imap):
            if server is not None:
                client_context(server.ca_file)
    gc.collect()
    gc.freeze()


def main() -> None:
    _warm(Path(sys.argv[1]))
    for line in sys.stdin:
        order = json.loads(line)
        doom = Doom(**order["plan"].pop("doom"))
        how = bear(LifePlan(**order["plan"], doom=doom), Killing(**order["killing"]))
        print(how, flush=True)


if __name__ == "__main__":
    main()
