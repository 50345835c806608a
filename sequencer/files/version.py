"""Pins a sequence: reads its YAML and every template it can reach, checks them, and hashes the texts."""

import hashlib
import json
from collections.abc import Mapping

from sequencer.config import Config
from sequencer.core.sequence import Sequence, SequenceVersion
from sequencer.errors import FaultyInput, InputError, SequencerError
from sequencer.files.fault_list import FaultList, mend_for_unknown
from sequencer.files.known_names import SUFFIX, sequence_names
from sequencer.files.sequence_file import ReadSequence, check_steps, parse_sequence
from sequencer.files.stray_files import stray_sequences
from sequencer.files.subject_checks import check_subjects
from sequencer.files.template_checks import JinjaCheck
from sequencer.files.template_file import parse_template
from sequencer.files.template_library import TemplateLibrary
from sequencer.files.text_file import read_text
from sequencer.files.workspace import Workspace

FOLDER = "sequences"


def load_version(
    workspace: Workspace, name: str, config: Config, *, earlier: Sequence | None = None
) -> SequenceVersion:
    """Read, check and pin `sequences/<name>.yaml` with its templates, partials and language siblings.

    `earlier` is the sequence as it was pinned last; with it, a step renamed without `was` is a fault.
    InputError when there is no such sequence, FaultyInput with the faults of all its files.
    """
    known = sequence_names(workspace)
    if name not in known:
        strays = [stray for stray in stray_sequences(workspace) if stray.hint == f"call it {name}{SUFFIX}"]
        hint = f"{strays[0].where} is not read: {strays[0].hint}" if strays else mend_for_unknown(name, known)
        raise InputError(f"there is no sequence {name!r}", where=FOLDER, hint=hint)
    path = f"{FOLDER}/{name}{SUFFIX}"
    limit = config.limits.max_template_bytes
    text = read_text(workspace.root / path, path, max_bytes=limit)
    faults, jinja = FaultList(path), JinjaCheck()
    read = parse_sequence(text, name, faults)
    if read is None:
        raise FaultyInput(faults.faults)
    library = TemplateLibrary(workspace, jinja, limit)
    _check(read, config, library, faults, jinja, earlier)
    found = faults.faults + library.faults
    if found:
        raise FaultyInput(found)
    texts = {path: text, **library.texts}
    return SequenceVersion(
        hash=_hash(texts), sequence=read.sequence, templates=dict(library.templates), texts=texts
    )


def _check(
    read: ReadSequence,
    config: Config,
    library: TemplateLibrary,
    faults: FaultList,
    jinja: JinjaCheck,
    earlier: Sequence | None,
) -> None:
    window, windows = read.sequence.window, [window.name for window in config.windows]
    if window not in windows:
        hint = mend_for_unknown(window, windows)
        faults.add(read.line_of(("window",)), f"config.toml has no window {window!r}", hint)
    check_steps(read, jinja, faults)
    for index, step in enumerate(read.sequence.steps):
        for position, arm in enumerate(step.arms):
            key = ("template",) if position == 0 else ("variants", position - 1)
            if not library.take(arm):
                line = read.line_of(("steps", index, *key))
                faults.add(line, f"there is no templates/{arm}.md", library.mend(arm))
    check_subjects(read, library, faults)
    if earlier is not None:
        _check_renamed(read, earlier, faults)


def _check_renamed(read: ReadSequence, earlier: Sequence, faults: FaultList) -> None:
    """A step that kept its template under another id would be sent again to those who had it."""
    kept = {step.id for step in read.sequence.steps} | {step.was for step in read.sequence.steps}
    gone = {step.template: step.id for step in earlier.steps if step.template and step.id not in kept}
    before = {step.id for step in earlier.steps}
    for index, step in enumerate(read.sequence.steps):
        if step.id not in before and step.was not in before and step.template in gone:
            line = read.line_of(("steps", index, "id"))
            old = gone[step.template]
            faults.add(line, f"the step {old!r} is now called {step.id!r}", f"add `was: {old}`")


def version_from_texts(texts: Mapping[str, str], name: str) -> SequenceVersion:
    """The version whose stored `texts` these are: equal to what `load_version` gave.

    SequencerError when they cannot be read, which means that the stored version is damaged.
    """
    faults = FaultList(f"{FOLDER}/{name}{SUFFIX}")
    read = parse_sequence(texts[faults.path], name, faults) if faults.path in texts else None
    templates = {}
    for path, text in texts.items():
        if path.startswith("templates/"):
            key = path.removeprefix("templates/").removesuffix(".md")
            templates[key] = parse_template(key, text, faults)
    if read is None or faults:
        raise SequencerError(
            f"the stored version of the sequence {name!r} cannot be read", hint="restore a backup"
        )
    return SequenceVersion(hash=_hash(texts), sequence=read.sequence, templates=templates, texts=dict(texts))


def _hash(texts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(texts.items()), ensure_ascii=True).encode()).hexdigest()
