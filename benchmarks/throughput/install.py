"""`--install DIR`: nodemailer and mailmerge into a folder of their own, only when asked."""

import shutil
import subprocess
import sys
from pathlib import Path


def install(folder: Path) -> None:
    """By npm and pip; what cannot be had is told and left out."""
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "mailmerge" / "bin" / "python"
    npm = shutil.which("npm")
    steps = [
        [sys.executable, "-m", "venv", str(folder / "mailmerge")],
        [str(python), "-m", "pip", "install", "--quiet", "mailmerge"],
    ]
    if npm is None:
        print("nodemailer: npm is not installed", file=sys.stderr)
    else:
        steps.append([npm, "install", "--silent", "--no-fund", "--prefix", str(folder), "nodemailer"])
    for step in steps:
        try:
            done = subprocess.run(step, check=False, capture_output=True, text=True)
        except OSError as error:
            print(f"not installed: {error}", file=sys.stderr)
            continue
        if done.returncode:
            print(f"not installed ({' '.join(step[-2:])}): {done.stderr.strip()[-300:]}", file=sys.stderr)
