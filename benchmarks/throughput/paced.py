"""Fifty mailboxes, each with its own gap, together one message a second: what the daemon costs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.throughput import workspace
from benchmarks.throughput.imap_server import PASSWORD, names
from benchmarks.throughput.load import Load
from benchmarks.throughput.memory import cpu_seconds
from benchmarks.throughput.sinks import fast_sink, imap_server

MAILBOXES = 50
GAP, JITTER = "40s", "20s"
"""Jitter adds up to so much: 50 s in the mean, and the mailboxes drift apart."""
WARM_UP_SECONDS, MEASURED_SECONDS = 40.0, 60.0
LETTERS_EACH = 4


def measure(
    root: Path, *, warm_up: float = WARM_UP_SECONDS, measured: float = MEASURED_SECONDS
) -> tuple[float, float]:
    """Percent of a core, and messages per second, of `sequencer run` once its first letters have left."""
    boxes = names(MAILBOXES)
    load = Load(name="paced", messages=MAILBOXES * LETTERS_EACH)
    workspace.make(root, load, boxes)
    with imap_server(MAILBOXES) as imap, fast_sink() as sink:
        workspace.configure(root, smtp=sink.port, imap=imap, names=boxes, gap=GAP, jitter=JITTER)
        words = [sys.executable, "-m", "sequencer", "run", "--log-file", str(root / "run.log")]
        environment = os.environ | {"BENCHMARK_PASSWORD": PASSWORD}
        daemon = subprocess.Popen(words, cwd=root, env=environment)
        try:
            time.sleep(warm_up)
            cpu, taken, started = cpu_seconds(daemon.pid), sink.taken(), time.perf_counter()
            time.sleep(measured)
            seconds = time.perf_counter() - started
            used, after = cpu_seconds(daemon.pid) - cpu, sink.taken()
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(60)
    assert taken is not None
    assert after is not None
    assert after["messages"] > 0, (root / "run.log").read_text()[-2000:]
    return used / seconds * 100, (after["messages"] - taken["messages"]) / seconds
