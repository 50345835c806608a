"""The project's own files, for the tests that hold its rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python_files(*folders: str) -> list[Path]:
    """Every .py under these folders of the repository."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, f"no Python files under {folders}"
    return found


def written_files() -> Iterator[Path]:
    """Everything people write and read here: code, documents, build files, the starter library."""
    folders = ("sequencer", "tests", "benchmarks", "docs", "sequences", "templates", ".ci")
    tops = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    nested = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in (*tops, *nested):
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".tsv", ""}:
            yield path


def is_migration(path: Path) -> bool:
    """A generated record of what the tables were: as long as they are wide."""
    return path.parent == ROOT / "sequencer/store/migrations/versions"


def name_of(path: Path) -> str:
    """The path as it is read in a failure: from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))
