"""What an idle `run` with 50 mailboxes costs in memory (target: 120 MB) and of a core (target: 2 %)."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MAILBOXES = 50
TARGET_MB, TARGET_PERCENT = 120.0, 2.0
WARM_UP_SECONDS, MEASURED_SECONDS = 12.0, 30.0
"""Measured is one `poll_every` of the default settings: each mailbox is read once in it."""
NAMES = [f"m{number:02}" for number in range(MAILBOXES)]

HEAD = """
me = "wang"
default_zone = "Asia/Shanghai"
only_to = []
[sender]
company = "Harbour Tools Co., Ltd."
postal_address = "88 Harbour Road, Ningbo, China"
[windows.buyer]
zone = "buyer"
hours = ["09:00-17:00"]
[[reps]]
name = "wang"
full_name = "Wang Lei"
email = "wang@firm.example"
mailboxes = [{names}]
signature = "Wang Lei"
"""
MAILBOX = """
[[mailboxes]]
name = "{name}"
address = "{name}@firm.example"
display_name = "{name}"
[mailboxes.smtp]
host = "127.0.0.1"
port = 2525
security = "none"
[mailboxes.imap]
host = "127.0.0.1"
port = {port}
security = "none"
username = "{name}"
password = "env:BENCHMARK_PASSWORD"
"""


def serve() -> None:
    """In a process of its own: an IMAP server with every mailbox; says its port and works until killed."""
    from sequencer.demo.imap_host import ImapHost

    with ImapHost(dict.fromkeys(NAMES, "secret")) as host:
        print(host.port, flush=True)
        signal.pause()


@contextlib.contextmanager
def process(*words: str, **options: object) -> Iterator["subprocess.Popen[str]"]:
    """A child that is gone afterwards."""
    started = subprocess.Popen([sys.executable, *words], text=True, **options)  # type: ignore[call-overload]
    try:
        yield started
    finally:
        started.terminate()
        started.wait(30)


def cpu_seconds(pid: int) -> float:
    """User and system time so far (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory held in RAM, shared libraries included."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1000


def main() -> int:
    """Start both, wait until all is read once, measure one polling interval."""
    if not Path("/proc/self/stat").exists():
        print("idle: not measured, this system has no /proc")
        return 0
    with (
        tempfile.TemporaryDirectory() as folder,
        process(__file__, "--serve", stdout=subprocess.PIPE) as server,
    ):
        assert server.stdout is not None
        port = int(server.stdout.readline())
        workspace = Path(folder, "w")
        subprocess.run(
            [sys.executable, "-m", "sequencer", "--quiet", "init", str(workspace)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        names = ", ".join(f'"{name}"' for name in NAMES)
        boxes = (MAILBOX.format(name=name, port=port) for name in NAMES)
        (workspace / "config.toml").write_text(HEAD.format(names=names) + "".join(boxes), encoding="utf-8")
        environment = os.environ | {"BENCHMARK_PASSWORD": "secret"}
        words = ("-m", "sequencer", "run", "--log-file", str(workspace / "log"))
        with process(*words, cwd=workspace, env=environment) as daemon:
            time.sleep(WARM_UP_SECONDS)
            before = cpu_seconds(daemon.pid)
            time.sleep(MEASURED_SECONDS)
            percent = (cpu_seconds(daemon.pid) - before) / MEASURED_SECONDS * 100
            memory = resident_mb(daemon.pid)
            said = (workspace / "log").read_text()
    assert daemon.returncode == 0, said
    assert "fails" not in said, said
    is_within = memory <= TARGET_MB and percent <= TARGET_PERCENT
    print(
        f"idle: {MAILBOXES} mailboxes, {memory:.0f} MB and {percent:.1f} % of a core "
        f"({'within' if is_within else 'OVER'} the targets of {TARGET_MB:.0f} MB and {TARGET_PERCENT:.0f} %)"
    )
    return 0 if is_within else 1


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    sys.exit(main())
