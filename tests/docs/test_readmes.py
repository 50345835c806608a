"""Both READMEs say the same: the same parts, the same commands, the same links."""

import re
from pathlib import Path

import pytest

from tests.docs.documents import fenced_lines
from tests.structure.sources import ROOT

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"


def headings(path: Path) -> list[str]:
    """The marks of the headings, in order: `#`, `##`, …"""
    return re.findall(r"^(#+) ", path.read_text("utf-8"), re.MULTILINE)


def commands(path: Path) -> list[str]:
    """What the blocks tell one to type, without the remarks behind it."""
    return [line.partition("  #")[0].rstrip() for _, line in fenced_lines(path)]


def links(path: Path) -> list[str]:
    """Where links and pictures lead, but for the line that leads to the other language."""
    found = re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8"))
    return [link for link in found if not link.startswith("README")]


def rows(path: Path) -> list[str]:
    """The first cell of each row of a table that names something."""
    return re.findall(r"^\| (`[^`]+`) \|", path.read_text("utf-8"), re.MULTILINE)


def figures(path: Path) -> list[str]:
    """Every number in prose, where numerals are written in both languages."""
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("part", [headings, commands, links, rows, figures])
def test_both_readmes_have_the_same(part: object) -> None:
    english, chinese = part(ENGLISH), part(CHINESE)  # type: ignore[operator]
    assert english
    assert chinese == english


def test_each_leads_to_the_other() -> None:
    assert "(README.zh-CN.md)" in ENGLISH.read_text("utf-8")
    assert "(README.md)" in CHINESE.read_text("utf-8")
