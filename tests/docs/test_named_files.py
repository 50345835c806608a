"""Files, functions, targets and pages that the documents name are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.documents import Told, documents
from tests.structure.sources import ROOT, tree_of

ROOMS = ROOT / "sequencer"
WORKSPACE_FILES = {"config.toml", "holidays.yaml", "workspace.key", "mine.md"}
"""A user's own: made by `init`, or written by hand as in the examples."""

_PATH = re.compile(r"(?<![\w/.-])[\w.<>-]+(?:/[\w.<>-]*)*")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
_IN_BACKQUOTES = re.compile(r"`([^`\n]+)`")
_PLACEHOLDER = re.compile(r"<\w+>|[A-Z]{3,}")
_SUFFIXES = (".py", ".md", ".toml", ".yaml", ".tsv")


def paths_in(text: str) -> Iterator[str]:
    """Words that can only be a path: their first part is a folder of ours, or they end like a file."""
    folders = {path.name for top in (ROOT, ROOMS) for path in top.iterdir() if path.is_dir()}
    for word in _PATH.findall(text):
        word = word.rstrip(".")
        if (word.partition("/")[0] in folders and "/" in word) or word.endswith(_SUFFIXES):
            yield word


def is_there(path: str) -> bool:
    """Whether a path, a module without suffix, or `module.name` exists, from the root or the package.

    Of a path with a placeholder (`NAME.eml`, `<noun>.py`) the folder must exist.
    """
    if path in WORKSPACE_FILES:
        return True
    if _PLACEHOLDER.search(Path(path).name) and not (ROOT / path).exists():
        path = str(Path(path).parent)
    return any((top / path).exists() or _is_module(top / path) for top in (ROOT, ROOMS))


def _is_module(path: Path) -> bool:
    if path.with_name(f"{path.name}.py").is_file():
        return True
    module = path.with_name(f"{path.name.partition('.')[0]}.py")
    return module.is_file() and path.name.partition(".")[2] in _names_of(module)


def _names_of(module: Path) -> set[str]:
    defined = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in tree_of(module).body if isinstance(node, defined)}


def told() -> Iterator[Told]:
    for document in documents():
        for number, line in enumerate(document.read_text("utf-8").splitlines(), start=1):
            yield f"{document.relative_to(ROOT)}:{number}", line


def test_every_file_that_a_document_names_exists() -> None:
    assert [
        f"{where}: {path}" for where, line in told() for path in paths_in(line) if not is_there(path)
    ] == []


def test_every_page_that_a_document_links_to_exists() -> None:
    missing = [
        f"{document.name}: {link}"
        for document in documents()
        for link in _LINK.findall(document.read_text("utf-8"))
        if not (document.parent / link).exists()
    ]
    assert missing == []


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    named = [
        (where, span.split()[1])
        for where, line in told()
        for span in (*_IN_BACKQUOTES.findall(line), line)
        if re.match(r"make [a-z]+\b", span)
    ]
    assert len(named) > 3
    assert [f"{where}: make {target}" for where, target in named if target not in targets] == []


@pytest.mark.parametrize("page", ["architecture.md", "walkthrough.md"])
def test_pages_are_short_enough_to_be_read(page: str) -> None:
    assert len((ROOT / "docs" / page).read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize(
    "path",
    [
        "flows/tick.py",
        "core/classify",
        "store/ledger.recover",
        "cli/<noun>.py",
        "tests/messages/NAME.eml",
        "docs/",
    ],
)
def test_a_path_that_is_there_is_found(path: str) -> None:
    assert list(paths_in(f"see `{path}` there")) == [path]
    assert is_there(path)


@pytest.mark.parametrize(
    "path",
    ["flows/tock.py", "core/classifier", "store/ledger.recovers", "tests/letters/NAME.eml", "docs/faq.md"],
)
def test_a_path_that_is_not_there_is_told(path: str) -> None:
    assert list(paths_in(f"see {path}, there")) == [path]
    assert not is_there(path)


def test_a_sentence_names_no_files() -> None:
    assert list(paths_in("either/or, 4xx/5xx, li.wei@firm.example, and nothing else.")) == []
