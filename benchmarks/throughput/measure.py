"""A child process timed: what it says, how long it took, its CPU and the most memory it held."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.throughput.memory import peak_mb

LOOK_EVERY_SECONDS = 0.01
ROOT = Path(__file__).parents[2]


class Absent(Exception):
    """A contestant that cannot run here, with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one contestant did in one round."""

    messages: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    more: dict[str, Any] = field(default_factory=dict)
    """What only this contestant can tell."""

    @property
    def rate(self) -> float:
        """Messages per second."""
        return self.messages / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a contestant is asked to do."""

    port: int
    messages: int
    message_bytes: int
    """Of one message on the wire, as the product writes it."""
    attachment: Path | None
    workspace: Path
    """The enrolled workspace: only copied. The others find letter.json and contacts.csv in it."""
    tools: Path
    """Where nodemailer and mailmerge are installed."""
    imap_port: int
    scratch: Path


def run(words: Sequence[str], messages: int, environment: dict[str, str] | None = None) -> Result:
    """Run a child to its end. One that prints JSON times itself, so that its start-up does not count."""
    started = time.perf_counter()
    process = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | (environment or {}),
    )
    peaks, is_over = [0.0], threading.Event()

    def watch() -> None:
        while True:
            peaks.append(peak_mb(process.pid))
            if is_over.wait(LOOK_EVERY_SECONDS):
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    # ru_maxrss of a child counts what its parent held before exec: hence the watcher.
    said, complaint = process.communicate()
    seconds = time.perf_counter() - started
    is_over.set()
    watcher.join()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(words[:3])} … ended with {process.returncode}: {complaint[-2000:]}")
    told = json.loads(said) if said.strip().startswith("{") else {}
    return Result(
        messages=messages,
        seconds=float(told.pop("seconds", seconds)),
        cpu_seconds=float(told.pop("cpu_seconds", 0.0)),
        peak_mb=max(float(told.pop("peak_mb", 0.0)), *peaks),
        more=told,
    )
