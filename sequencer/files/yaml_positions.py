"""Loads YAML 1.2 with the line of every key; duplicate keys are refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sequencer.files.fault_list import FaultList
from sequencer.files.shape_faults import Loc
from sequencer.files.slips import yaml_slip

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_MAX_NODES = 20_000
"""A file of aliases to aliases grows without bound; no sequence is this long."""


@dataclass(frozen=True, slots=True)
class YamlData:
    """Plain data of a YAML text and where it stands."""

    data: Any
    line_of: Callable[[Loc], int | None]


def load_yaml(text: str, faults: FaultList, first_line: int = 1) -> YamlData | None:
    """The data of `text`, which begins on `first_line` of its file; None after adding a fault."""
    try:
        tree = YAML(typ="rt").load(text)
        if isinstance(tree, str) and (slip := yaml_slip(text.splitlines(), range(text.count("\n") + 1))):
            faults.add(first_line + slip[0], *slip[1:])
            return None
        return YamlData(_Plain().of(tree), lambda loc: _line_of(tree, loc, first_line))
    except DuplicateKeyError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else None
        found = re.search(r'duplicate key "([^"]*)"', str(error.problem))
        faults.add(line, f"the key {found[1] if found else '?'!r} is written twice", "keep one of them")
    except MarkedYAMLError as error:
        number, message, hint = _said(error, text)
        faults.add(first_line + number, message, hint)
    except RecursionError:
        faults.add(first_line, "this is not YAML: nested too deeply")
    except (YAMLError, ValueError) as error:
        found_date = _no_date(text) if isinstance(error, ValueError) else None
        if found_date is not None:
            faults.add(first_line + found_date[0], f"{found_date[1]} is no date", "no month has such a day")
            return None
        faults.add(first_line, f"this is not YAML: {str(error).splitlines()[0]}")
    return None


def _no_date(text: str) -> tuple[int, str] | None:
    """The line (counted from 0) of a date that no calendar has, and the date."""
    for number, line in enumerate(text.splitlines()):
        for written in _DATE.findall(line):
            try:
                date.fromisoformat(written)
            except ValueError:
                return number, written
    return None


def _said(error: MarkedYAMLError, text: str) -> tuple[int, str, str | None]:
    """The line (counted from 0), what is wrong there, and the mend."""
    lines = text.splitlines()
    problem_at, begun_at = (mark.line if mark else 0 for mark in (error.problem_mark, error.context_mark))
    # What is read as wrong is often the end of what began to go wrong a line before.
    slip = yaml_slip(lines, sorted({begun_at, problem_at - 1, problem_at}))
    if slip is not None:
        return slip
    line = lines[problem_at] if 0 <= problem_at < len(lines) else ""
    context, problem = str(error.context), str(error.problem or error.context)
    if "quoted scalar" in context and "end of stream" in problem:
        return begun_at, "this is not YAML: a quote is opened and never closed", None
    if "another document" in problem:
        return problem_at, "this is not YAML: a second document begins", "remove the line of three dashes"
    if "could not find expected ':'" in problem:
        return begun_at, "this is not YAML: a key without its value", "write `key: value`"
    return problem_at, *_problem(problem, context, line, text)


def _problem(problem: str, context: str, line: str, text: str) -> tuple[str, str | None]:
    if "\t" in line and "cannot start any token" in problem:
        return "a tab is no indentation in YAML", "use spaces"
    if "{{" in text and ("flow mapping" in context or re.search(r":\s*\{\{|\[\s*\{\{", line)):
        return f"this is not YAML: {problem}", "a value that begins with {{ or { goes in quotes"
    if "mapping values are not allowed" in problem:
        return "this is not YAML: a colon where none may stand", "put text with a colon in quotes"
    if "block" in problem:
        return "this is not YAML: the line does not fit the lines above", "check its indentation"
    return f"this is not YAML: {problem}", None


class _Plain:
    """Turns ruamel's tree into plain values, which know nothing of YAML."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, node: Any) -> Any:
        self._count += 1
        if self._count > _MAX_NODES:
            raise ValueError(f"more than {_MAX_NODES:,} values")
        if isinstance(node, CommentedMap):
            return {self._key(key): self.of(value) for key, value in node.items()}
        if isinstance(node, CommentedSeq):
            return [self.of(value) for value in node]
        for kind in (bool, int, float, str):
            if isinstance(node, kind):
                return kind(node)
        return node

    @staticmethod
    def _key(key: Any) -> str:
        return key if type(key) is str else str(key)


def _line_of(tree: Any, loc: Loc, first_line: int) -> int | None:
    """The line of the deepest part of `loc` that is in the file."""
    line = first_line + (tree.lc.line if isinstance(tree, CommentedMap | CommentedSeq) else 0)
    node = tree
    for part in loc:
        if isinstance(node, CommentedMap) and part in node:
            line = first_line + node.lc.key(part)[0]
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = first_line + node.lc.item(part)[0]
        else:
            break
        node = node[part]
    return line
