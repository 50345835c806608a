"""Only sequencer/clock.py reads the time: everything else takes a Clock or a `now`."""

import ast
from collections.abc import Iterator

import pytest

from tests.structure.sources import name_of, python_files, tree_of

CLOCK_READS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.localtime",
    "time.gmtime",
    "time.sleep",
    # These read the clock by themselves.
    "email.utils.localtime",
    "email.utils.make_msgid",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
}


def clock_reads(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of each mention of a clock, however it was imported or renamed."""
    meanings = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from ((node.lineno, name) for name in named & CLOCK_READS)
        if isinstance(node, ast.Attribute):
            head, _, rest = _dotted(node).partition(".")
            name = f"{meanings.get(head, head)}.{rest}"
            if name in CLOCK_READS:
                yield node.lineno, name


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    (alias.name if alias.asname else alias.name.partition(".")[0]),
                )
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def test_the_package_reads_no_clock_but_its_own() -> None:
    reads = [
        f"{name_of(path)}:{line}: {name}"
        for path in python_files("sequencer")
        if name_of(path) != "sequencer/clock.py"
        for line, name in clock_reads(tree_of(path))
    ]
    assert reads == []


def test_tests_read_a_clock_only_where_a_line_says_why() -> None:
    """`# noqa: TID251` with a reason, as for a deadline of a real subprocess."""
    reads = [
        f"{name_of(path)}:{line}: {name}"
        for path in python_files("tests")
        for line, name in clock_reads(tree_of(path))
        if "noqa: TID251" not in path.read_text("utf-8").splitlines()[line - 1]
    ]
    assert reads == []


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime as dt\nmade = dt.datetime.utcnow",
        "from datetime import datetime as d\nfield(default_factory=d.now)",
        "from datetime import date as day\nday.today()",
        "import time\ntime.sleep(1)",
        "import time as t\nt.monotonic()",
        "from time import sleep as nap\nnap(1)",
        "import email.utils\nemail.utils.make_msgid()",
        "from email.utils import make_msgid",
        "from sqlalchemy import func\nfunc.now()",
    ],
)
def test_a_clock_read_is_found_under_any_name(code: str) -> None:
    assert list(clock_reads(ast.parse(code)))


def test_a_clock_of_our_own_is_no_clock_read() -> None:
    code = "import time\nclock.now()\nself.time.time()\nsession.clock.monotonic()\ntime.strftime('x', when)"
    assert list(clock_reads(ast.parse(code))) == []
