"""Only sequencer/mail opens URLs; import-linter forbids whole packages, and urllib.parse is for all."""

import ast
from pathlib import Path

from tests.structure.sources import ROOT, name_of, python_files, tree_of

MAIL = ROOT / "sequencer" / "mail"


def opens_urls(path: Path) -> bool:
    """Whether it imports urllib.request, by whatever form of import."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        else:
            continue
        if "urllib.request" in names:
            return True
    return False


def test_urls_are_opened_in_mail_alone() -> None:
    opening = [path for path in python_files("sequencer") if opens_urls(path)]
    assert opening
    assert [name_of(path) for path in opening if not path.is_relative_to(MAIL)] == []
