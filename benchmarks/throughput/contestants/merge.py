"""mailmerge, driven through its own classes by merge_child.py in an environment of its own."""

from pathlib import Path

from benchmarks.throughput.measure import Absent, Job, Result, run

NAME = "mailmerge"
SCRIPT = Path(__file__).with_name("merge_child.py")


def send(job: Job) -> Result:
    """In the environment that holds it."""
    python = job.tools / "mailmerge" / "bin" / "python"
    if not python.exists():
        raise Absent(f"mailmerge is not in {job.tools} (--install DIR puts it there)")
    words = [str(python), str(SCRIPT), str(job.workspace), str(job.port), str(job.messages), str(job.scratch)]
    return run([*words, *([str(job.attachment)] if job.attachment else [])], job.messages)
