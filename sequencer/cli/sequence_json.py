"""Sequences, checks and previews as JSON documents."""

from typing import Any

from sequencer.core.contact import Contact
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.threads import threading_of
from sequencer.errors import Fault
from sequencer.flows.check_sequences import Checked
from sequencer.flows.preview import Preview


def threads_of(version: SequenceVersion) -> list[tuple[str, str]]:
    """Each step's id and whether it starts a thread or answers in one."""
    return [(step.id, str(threading_of(version, step))) for step in version.sequence.steps]


def summary_json(one: Checked) -> dict[str, Any]:
    """One line of the list."""
    sequence = one.version.sequence if one.version else None
    return {
        "name": one.name,
        "description": sequence.description if sequence else None,
        "steps": len(sequence.steps) if sequence else None,
        "faults": len(one.faults),
    }


def checked_json(one: Checked) -> dict[str, Any]:
    """What a check found in one sequence."""
    threads = threads_of(one.version) if one.version else []
    return {
        "name": one.name,
        "faults": [_fault_json(fault) for fault in one.faults],
        "warnings": [{**_fault_json(fault), "rule": fault.rule} for fault in one.warnings],
        "steps": [{"id": step, "thread": thread} for step, thread in threads],
    }


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {"where": fault.where, "message": fault.message, "hint": fault.hint}


def sequence_json(version: SequenceVersion) -> dict[str, Any]:
    """A whole sequence, each step with all its keys."""
    sequence, threads = version.sequence, dict(threads_of(version))
    return {
        "name": sequence.name,
        "description": sequence.description,
        "window": sequence.window,
        "on_reply": sequence.on_reply,
        "version": version.hash,
        "files": sorted(version.texts),
        "steps": [
            {
                "id": step.id,
                **_timing_json(step),
                "thread": threads[step.id],
                "templates": list(step.arms),
                "weights": list(step.weights or (1,) * len(step.arms)),
                "task": step.task,
                "wait_for_task": step.wait_for_task,
                "when": step.when,
                "attach": list(step.attach),
                "approve": step.approve,
                "subject": step.subject,
                "was": step.was,
            }
            for step in sequence.steps
        ],
    }


def _timing_json(step: Step) -> dict[str, Any]:
    """When it is due, key by key; `expires` as it holds, given or not."""
    timing, before = step.timing, step.before_holiday
    return {
        "wait": str(step.wait),
        "at": f"{step.at:%H:%M}" if step.at else None,
        "on": timing.on_words,
        "before_holiday": (
            {"days": str(before.lead), "name": before.name or None, "within": str(before.within)}
            if before
            else None
        ),
        "expires": str(timing.lasts) if timing.lasts else None,
    }


def preview_json(name: str, contact: Contact, shown: list[Preview], *, is_invented: bool) -> dict[str, Any]:
    """Every previewed step with subject, text and HTML."""
    return {
        "sequence": name,
        "contact": contact.address,
        "is_invented": is_invented,
        "steps": [_step_json(one) for one in shown],
    }


def _step_json(one: Preview) -> dict[str, Any]:
    draft = one.draft
    return {
        "id": one.step.id,
        **_timing_json(one.step),
        "thread": str(one.threading),
        "task": one.task,
        "template": draft.template if draft else None,
        "subject": one.subject,
        "text": draft.text if draft else None,
        "html": draft.html if draft else None,
        "attachments": [
            {"name": file.name, "path": file.path, "size": file.size, "media_type": file.media_type}
            for file in one.attachments
        ],
        "missing": list(one.missing),
        "faults": [
            {"where": fault.where, "message": fault.message, "hint": fault.hint} for fault in one.faults
        ],
    }
