"""Where in the user's files a rendered text comes from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sequencer.core.lint.words import tokens
from sequencer.core.render import path_of
from sequencer.core.sequence import SequenceVersion, Template

_INCLUDE = re.compile(r"\{%-?\s*include\s+[\"']([^\"']+?)(?:\.md)?[\"']")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a template or partial that says something to the buyer."""

    where: str
    """`templates/….md:line`."""
    text: str
    words: frozenset[str]
    """Without those in Jinja tags."""


def source_lines(version: SequenceVersion, template: Template) -> tuple[SourceLine, ...]:
    """The lines with text of a template, then those of the partials it takes in."""
    return tuple(line for source in _reached(version.templates, template) for line in _lines(source))


def _reached(templates: Mapping[str, Template], template: Template) -> list[Template]:
    found = [template]
    for source in found:  # grows as it goes
        names = _INCLUDE.findall(source.body)
        found += [templates[name] for name in names if name in templates and templates[name] not in found]
    return found


def _lines(source: Template) -> Iterator[SourceLine]:
    told = _COMMENT.sub(_breaks_only, source.body)
    bare = _TAG.sub(_breaks_only, told)
    for number, (text, said) in enumerate(
        zip(told.split("\n"), bare.split("\n"), strict=True), start=source.body_line
    ):
        if text.strip():
            yield SourceLine(f"{path_of(source)}:{number}", text, frozenset(tokens(said)))


def _breaks_only(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def line_with(text: str, lines: tuple[SourceLine, ...]) -> str | None:
    """Where `text` is written: word for word, else the line that shares most of its words with it.

    None when no line has at least half of them, as for text that a field brought.
    """
    text = text.strip()
    literal = next((line.where for line in lines if text and text in line.text), None)
    if literal is not None:
        return literal
    wanted = frozenset(tokens(text))
    best = max(lines, key=lambda line: len(line.words & wanted), default=None)
    if best is None or not wanted or 2 * len(best.words & wanted) < len(wanted):
        return None
    return best.where


def step_line(text: str, step_id: str, key: str) -> int:
    """The line of a sequence file on which a step has `key`, else on which it begins; 1 when unknown."""
    begins = re.compile(rf"\bid\s*:\s*['\"]?{re.escape(step_id)}['\"]?\s*(?:$|[,}}#])")
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if begins.search(line)), None)
    if first is None:
        return 1
    for index in range(first, len(lines)):
        if index > first and lines[index].lstrip().startswith("- "):
            break
        if re.search(rf"(?:^|[{{,\s-]){key}\s*:", lines[index]):
            return index + 1
    return first + 1
