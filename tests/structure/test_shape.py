"""Small files, short functions, telling names."""

import ast

from tests.structure.sources import is_migration, name_of, python_files, tree_of

MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 40
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "models", "manager", "service"}


def test_no_file_is_longer_than_350_lines() -> None:
    lengths = {
        name_of(path): len(path.read_text("utf-8").splitlines())
        for path in python_files("sequencer", "tests", "benchmarks")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    too_long = [
        f"{name_of(path)}:{node.lineno}: {node.name} has {_length(node)} lines"
        for path in python_files("sequencer")
        if not is_migration(path)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > MAX_FUNCTION_LINES
    ]
    assert too_long == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    vague = [
        name_of(path)
        for path in python_files("sequencer", "tests", "benchmarks")
        if NAMES_THAT_SAY_NOTHING & {path.stem, path.parent.name}
    ]
    assert vague == []


def test_every_module_says_what_it_is_in_its_first_line() -> None:
    silent = [name_of(path) for path in python_files("sequencer") if not ast.get_docstring(tree_of(path))]
    assert silent == []
