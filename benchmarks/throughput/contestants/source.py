"""Postfix's smtp-source: one session, no text to make, nothing to remember. The yardstick."""

import os
import time

from benchmarks.throughput.measure import Absent, Job, Result, run
from benchmarks.throughput.sinks import tool

NAME = "smtp-source"
OWN_HEADER_BYTES = 135
"""What it writes besides the length it was asked for (seen in the sink's count)."""


def send(job: Job) -> Result:
    """All messages over one kept connection (-d)."""
    path = tool(NAME)
    if path is None:
        raise Absent("not installed (Debian: apt-get install --no-install-recommends postfix)")
    size = max(1, job.message_bytes - OWN_HEADER_BYTES)
    words = [path, "-d", "-s", "1", "-m", str(job.messages), "-l", str(size)]
    words += ["-f", "wang@firm.example", "-t", "buyer@firm.example", f"127.0.0.1:{job.port}"]
    before = os.times()
    started = time.perf_counter()
    done = run(words, job.messages)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Result(
        messages=job.messages,
        seconds=min(done.seconds, time.perf_counter() - started),
        cpu_seconds=cpu,
        peak_mb=done.peak_mb,
    )
