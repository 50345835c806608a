"""A page whose fenced blocks tell what really happens: compared, or with UPDATE_DOCS=1 written anew."""

import difflib
import os
import re
from collections.abc import Callable
from pathlib import Path

IS_UPDATING = os.environ.get("UPDATE_DOCS") == "1"

_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_QUOTE = re.compile(r"^>[ ]?(.*)$", re.MULTILINE)
_MASKS = (
    (re.compile(r"(?<!\d)\d\d:\d\d(?::\d\d)?(?!\d)"), "TIME"),
    (re.compile(r"\b\d+ (?:s|min) ago\b"), "AGO"),
    (re.compile(r"\b(port = |127\.0\.0\.1:)\d+"), r"\1PORT"),
    (re.compile(r"\bafter \d+ s\b"), "after SOME s"),
    (re.compile(r"<[^<>\s@]+@([^<>\s@]+)>"), r"<ID@\1>"),
    (re.compile(r" {2,}"), "  "),  # what is masked need not have been as wide
)


def masked(text: str) -> str:
    """The text without what differs from run to run: times of day, ports, Message-IDs, widths of columns."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def says(written: str, happened: str) -> bool:
    """Whether a block tells what happened; a line `…` in it stands for any number of lines."""
    parts = re.split(r"^…$", masked(written), flags=re.MULTILINE)
    return re.fullmatch(".*".join(map(re.escape, parts)), masked(happened), re.DOTALL) is not None


class Page:
    """The blocks of a page, told one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = path.read_text("utf-8")
        self._blocks = list(_BLOCK.finditer(self._text))
        self._told: list[str] = []

    @property
    def quotation(self) -> str:
        """What stands behind `>`: a letter."""
        return "\n".join(_QUOTE.findall(self._text))

    def tell(self, kind: str, happened: str) -> None:
        """The next block is a `kind` block and says what happened."""
        self._told.append(self._kept(self._next(kind), happened))

    def given(self, kind: str) -> str:
        """The next block is a `kind` block that the page prescribes; it stays as it is."""
        text = self._next(kind)
        self._told.append(text)
        return text

    def run(self, command: Callable[[str], str]) -> None:
        """The next block is a `console` block: each `$ ` line is run, and followed by what it printed."""
        asked = [part for part in re.split(r"^(?=\$ )", self._next("console"), flags=re.MULTILINE) if part]
        told = []
        for written in asked:
            line = written.splitlines()[0]
            told.append(self._kept(written, f"{line}\n{command(line.removeprefix('$ '))}"))
        self._told.append("".join(told))

    def end(self) -> None:
        """Every block was told; a page that is being updated is written."""
        assert len(self._told) == len(self._blocks), "the page goes on where the walk has ended"
        if IS_UPDATING:
            told = iter(self._told)
            fresh = _BLOCK.sub(lambda block: f"```{block['kind']}\n{next(told)}```", self._text)
            self._path.write_text(fresh, "utf-8")

    def _kept(self, written: str, happened: str) -> str:
        """What the page goes on saying; AssertionError when it is something else and not to be updated."""
        happened = "".join(f"{line.rstrip()}\n" for line in happened.splitlines())
        is_told = says(written, happened)
        assert is_told or IS_UPDATING, self._difference(written, happened)
        return written if is_told else happened

    def _difference(self, written: str, happened: str) -> str:
        """Where they differ; lines that `…` stands for are among them."""
        lines = difflib.unified_diff(
            masked(written).splitlines(),
            masked(happened).splitlines(),
            self._path.name,
            "happened",
            lineterm="",
        )
        return "\n".join(("the page tells something else (UPDATE_DOCS=1 writes it anew):", *lines))

    def _next(self, kind: str) -> str:
        number = len(self._told)
        assert number < len(self._blocks), "the page ends where the walk goes on"
        block = self._blocks[number]
        assert block["kind"] == kind, f"block {number + 1} of the page is {block['kind']}, not {kind}"
        return block["text"]
