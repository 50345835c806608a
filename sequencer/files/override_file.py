"""A person's own text for one contact and step: `overrides/<sequence>/<address>/<step>.md`, read live."""

import os

from sequencer.core.sequence import Sequence, Template
from sequencer.errors import Fault, FaultyInput
from sequencer.files.fault_list import FaultList, mend_for_unknown
from sequencer.files.text_file import read_text
from sequencer.files.workspace import Workspace


def read_override(workspace: Workspace, sequence: str, address: str, step_id: str) -> Template | None:
    """The override, a template that replaces body, subject or both; None when there is none.

    The folder is the address as written, else in lower case. FaultyInput with the faults of the file.
    """
    # Asked for each message, and nearly nobody has any: a third of what Path takes.
    if not os.path.isdir(f"{workspace.root}/overrides/{sequence}"):  # noqa: PTH112
        return None
    for folder in dict.fromkeys((address, address.lower())):
        if any(mark in folder for mark in "/\\\0") or folder.startswith("."):
            continue  # no such folder can be meant
        path = f"overrides/{sequence}/{folder}/{step_id}.md"
        if (workspace.root / path).is_file():
            return _read(workspace, path)
    return None


def check_overrides(workspace: Workspace, sequence: Sequence) -> list[Fault]:
    """The faults of every override of a sequence; one for a step that does not exist would never be used."""
    known = [step.id for step in sequence.steps if not step.is_task]
    faults: list[Fault] = []
    for found in sorted((workspace.overrides / sequence.name).glob("*/*.md")):
        path = found.relative_to(workspace.root).as_posix()
        if found.stem not in known:
            what = f"the sequence {sequence.name!r} has no mail step {found.stem!r}"
            faults.append(Fault(where=path, message=what, hint=mend_for_unknown(found.stem, known)))
            continue
        try:
            _read(workspace, path)
        except FaultyInput as error:
            faults += error.faults
    return faults


def _read(workspace: Workspace, path: str) -> Template:
    # Not at the top: a daemon asks for overrides with every message, and most workspaces have none.
    from sequencer.files.template_checks import JinjaCheck
    from sequencer.files.template_file import parse_template

    faults = FaultList(path)
    template = parse_template(path, read_text(workspace.root / path, path), faults)
    JinjaCheck().check(template.body, template.body_line, faults)
    if template.subject is not None:
        JinjaCheck().check(template.subject, template.lines.get("subject", 1), faults)
    faults.raise_if_any()
    return template
