"""The product: `run --once` on a copy of the enrolled workspace, checked against its own books."""

import shutil
import sys
from pathlib import Path

from benchmarks.throughput import workspace
from benchmarks.throughput.imap_server import PASSWORD
from benchmarks.throughput.measure import Job, Result, run

NAME = "sequencer"


def send(job: Job, *, profile: str | None = None) -> Result:
    """Every enrolled contact gets the letter; AssertionError when a single one is not down as sent."""
    root = job.scratch / "product"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(job.workspace, root)
    workspace.configure(root, smtp=job.port, imap=job.imap_port)
    words = [sys.executable, "-m", "benchmarks.throughput.product_child", str(root)]
    words += ["--profile", str(Path(profile).absolute())] if profile else []
    result = run(words, job.messages, {"BENCHMARK_PASSWORD": PASSWORD})
    found = workspace.states(root)
    assert found == {"sent": job.messages}, found
    return result
