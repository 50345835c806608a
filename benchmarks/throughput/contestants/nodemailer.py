"""nodemailer with its pool of five connections, fed by nodemailer_send.js."""

import shutil
from pathlib import Path

from benchmarks.throughput.measure import Absent, Job, Result, run

NAME = "nodemailer pool=5"
SCRIPT = Path(__file__).with_name("nodemailer_send.js")


def send(job: Job) -> Result:
    """In Node."""
    node, module = shutil.which("node"), job.tools / "node_modules" / "nodemailer"
    if node is None:
        raise Absent("node is not installed")
    if not module.exists():
        raise Absent(f"nodemailer is not in {job.tools} (--install DIR puts it there)")
    words = [node, str(SCRIPT), str(module), str(job.workspace), str(job.port), str(job.messages)]
    return run([*words, *([str(job.attachment)] if job.attachment else [])], job.messages)
