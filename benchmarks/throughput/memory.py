"""What a process holds and uses, from /proc (Linux)."""

import os
from pathlib import Path


def peak_mb(pid: int | str = "self") -> float:
    """The most it ever held in RAM, in MB of a million bytes (proc(5): VmHWM); 0 when it is gone."""
    return _status(pid, "VmHWM:")


def resident_mb(pid: int | str = "self") -> float:
    """What it holds in RAM now, shared libraries included; 0 when it is gone."""
    return _status(pid, "VmRSS:")


def cpu_seconds(pid: int) -> float:
    """User and system time so far (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int | str, field: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(field)), 0.0)
