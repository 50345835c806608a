"""Snippets of a workspace: `snippets/*.md`, Markdown with the fields of templates, a file a language."""

import re

from sequencer.core.languages import split_name
from sequencer.core.sequence import Template
from sequencer.core.snippet import sibling_for
from sequencer.errors import Fault, FaultyInput, InputError
from sequencer.files.fault_list import FaultList, mend_for_unknown
from sequencer.files.template_checks import JinjaCheck
from sequencer.files.template_file import parse_template
from sequencer.files.text_file import read_text
from sequencer.files.workspace import Workspace

_MAX_BYTES = 100_000


def snippet_names(workspace: Workspace) -> list[str]:
    """Every file's name without `.md`, language siblings included, sorted."""
    return sorted(path.name.removesuffix(".md") for path in workspace.snippets.glob("*.md"))


def without_siblings(names: list[str]) -> dict[str, list[str]]:
    """Name → the languages it has siblings for."""
    split = {name: split_name(name) for name in names}
    alone = [name for name, (stem, tag) in split.items() if not tag or stem not in split]
    found: dict[str, list[str]] = {name: [] for name in alone}
    for stem, tag in split.values():
        if tag and stem in found:
            found[stem].append(tag)
    return found


def read_snippet(workspace: Workspace, name: str, language: str) -> Template:
    """The snippet in that language, else as it is; InputError for an unknown one, FaultyInput for faults."""
    names = snippet_names(workspace)
    if name not in names:
        known = list(without_siblings(names))
        hint = mend_for_unknown(name, known) if known else "write it: a file snippets/NAME.md"
        raise InputError(f"there is no snippet {name!r}", hint=hint)
    snippet, faults = _read(workspace, sibling_for(name, language, names))
    if faults:
        raise FaultyInput(faults)
    return snippet


def snippet_faults(workspace: Workspace, name: str) -> list[Fault]:
    """What is wrong in one file."""
    try:
        return _read(workspace, name)[1]
    except FaultyInput as error:
        return list(error.faults)


def _read(workspace: Workspace, name: str) -> tuple[Template, list[Fault]]:
    faults = FaultList(f"snippets/{name}.md")
    text = read_text(workspace.snippets / f"{name}.md", faults.path, max_bytes=_MAX_BYTES)
    snippet = parse_template(faults.path, text, faults)
    for included in JinjaCheck().check(snippet.body, snippet.body_line, faults):
        faults.add(included.line, "{% include %} has no place in a snippet", "write the words themselves")
    if snippet.subject is not None or snippet.attach or snippet.preheader is not None:
        hint = "an answer goes in its thread; name files with `inbox reply --attach`"
        faults.add(1, "a snippet has text only: no subject, preheader or attach", hint)
    if not snippet.body.strip():
        faults.add(snippet.body_line, "the snippet has no text", "write what the buyer is to read")
    return snippet, list(faults.faults)


def first_line(workspace: Workspace, name: str) -> str:
    """The first words a buyer would read, fields as they stand in the file."""
    try:
        snippet, _faults = _read(workspace, name)
    except FaultyInput:
        return ""
    body = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", snippet.body, flags=re.DOTALL)
    return next((line.strip() for line in body.split("\n") if line.strip()), "")
