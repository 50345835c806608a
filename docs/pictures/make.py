"""Draws the documents' pictures: a mail of the starter library at two widths, and a command in a terminal.

`make pictures` runs it. Needs Chromium; no test needs this.
"""

import argparse
import html
import io
import os
import pty
import shlex
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from browser import Browser
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from sequencer.core.render import render_step
from sequencer.files.config_file import read_config
from sequencer.files.init_workspace import make_workspace
from sequencer.files.version import load_version
from sequencer.files.workspace import Workspace
from sequencer.flows.invented_buyer import invented_buyer

HERE = Path(__file__).parent
WIDTHS = (360, 1200)
COLUMNS = 110
HEAD, TAIL = 22, 12
"""Lines of a terminal that are shown, with `…` between them."""
MAX_BYTES = 150_000

_THEME = TerminalTheme(
    (30, 34, 42),
    (220, 223, 228),
    [
        *((80, 86, 100), (224, 108, 117), (152, 195, 121), (229, 192, 123)),
        *((97, 175, 239), (198, 120, 221), (86, 182, 194), (220, 223, 228)),
    ],
)
_TERMINAL = """\
<!DOCTYPE html><html><head><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; background: #ffffff; width: fit-content }}
div {{ padding: 18px 22px; border-radius: 8px; background: {background}; color: {foreground} }}
pre {{ margin: 0; font: 14px/1.4 "DejaVu Sans Mono", monospace }}
b.asked {{ font-weight: normal; color: #98c379 }}
</style></head><body><div><pre><b class="asked">$ {{asked}}</b>

{code}</pre></div></body></html>
"""


def mail(workspace: Workspace) -> str:
    """The HTML part of the first mail of `mail-group`, to an invented buyer."""
    config = read_config(workspace.config)
    version = load_version(workspace, "mail-group", config)
    step, buyer = version.sequence.steps[0], replace(invented_buyer(version), language="en")
    return render_step(version, step, buyer, config.reps[0], config.sender, arm=step.arms[0]).html


def terminal(command: str, folder: Path) -> str:
    """A page that shows what a command prints in a terminal, colours included."""
    ours, theirs = pty.openpty()
    shape = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(COLUMNS), "LINES": "60"}
    words = shlex.split(command)
    if words[0] == "sequencer":
        words[:1] = [sys.executable, "-m", "sequencer"]
    process = subprocess.Popen(  # noqa: S603 - the command is the caller's own
        words, cwd=folder, env={**os.environ, **shape}, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    printed = bytearray()
    try:
        while more := os.read(ours, 4096):
            printed += more
    except OSError:  # how Linux tells that nobody writes any more
        pass
    os.close(ours)
    if process.wait():
        raise SystemExit(f"Error: `{command}` failed:\n{printed.decode()}")
    return _page(command, printed.decode().replace("\r\n", "\n"))


def _shortened(printed: str) -> str:
    """Its first and last lines; a picture of all would be too long to look at."""
    lines = printed.rstrip().split("\n")
    return "\n".join(lines if len(lines) <= HEAD + TAIL else [*lines[:HEAD], "…", *lines[-TAIL:]])


def _page(command: str, printed: str) -> str:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(Text.from_ansi(_shortened(printed)))
    page = console.export_html(theme=_THEME, inline_styles=True, code_format=_TERMINAL)
    return page.replace("{asked}", html.escape(command))


def main() -> None:
    """Draw every picture, and refuse one too heavy for a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--command", default="sequencer demo", help="shown in demo.png (default: %(default)s)"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = make_workspace(Path(scratch) / "workspace")
        with Browser(Path(scratch) / "browser") as browser:
            for width in WIDTHS:
                browser.photograph(mail(workspace), width, HERE / f"mail-{width}.png")
            browser.photograph(
                terminal(asked.command, workspace.root), 1200, HERE / "demo.png", is_cropped=True
            )
    for picture in sorted(HERE.glob("*.png")):
        size = picture.stat().st_size
        if size > MAX_BYTES:
            raise SystemExit(f"Error: {picture.name} has {size:,} bytes, more than {MAX_BYTES:,}.")
        print(f"docs/pictures/{picture.name}: {size:,} bytes")


if __name__ == "__main__":
    main()
