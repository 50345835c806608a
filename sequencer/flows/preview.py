"""Preview: what each step would say to a contact, rendered as it would be for sending."""

from dataclasses import dataclass

from sequencer.config import Config, Rep
from sequencer.core.arms import choose_arm
from sequencer.core.contact import Contact
from sequencer.core.outbox import Attachment
from sequencer.core.render import Draft, render_step, render_task
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.threads import Threading, threading_of
from sequencer.errors import Fault, FaultyInput
from sequencer.files.assets import Assets, MissingAsset
from sequencer.files.override_file import read_override
from sequencer.files.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One step as a contact would see it."""

    step: Step
    threading: Threading
    draft: Draft | None = None
    """None for a task, and where `faults` say why nothing could be rendered."""
    task: str | None = None
    thread_subject: str | None = None
    """The subject of the thread that a follow-up answers in."""
    attachments: tuple[Attachment, ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def subject(self) -> str | None:
        """What the buyer would read as the subject."""
        if self.draft is None or self.draft.subject is not None:
            return self.draft.subject if self.draft else None
        return f"Re: {self.thread_subject}" if self.thread_subject else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """For whom, and with what, steps are previewed."""

    workspace: Workspace
    config: Config
    contact: Contact
    rep: Rep


def preview(version: SequenceVersion, viewer: Viewer) -> list[Preview]:
    """Every step of `version` for the viewer's contact; a step that does not render carries its faults."""
    assets, key = Assets(viewer.workspace), viewer.workspace.read_key()
    subject: str | None = None
    shown: list[Preview] = []
    for step in version.sequence.steps:
        try:
            one = _step(version, step, viewer, assets, key, subject)
        except FaultyInput as error:
            one = Preview(step=step, threading=threading_of(version, step), faults=error.faults)
        except RenderFault as error:
            fault = Fault(where=error.where or "", message=error.message, hint=error.hint)
            one = Preview(step=step, threading=threading_of(version, step), faults=(fault,))
        subject = one.draft.subject if one.draft is not None and one.draft.subject else subject
        shown.append(one)
    return shown


def _step(
    version: SequenceVersion, step: Step, viewer: Viewer, assets: Assets, key: bytes, subject: str | None
) -> Preview:
    contact, rep, sender = viewer.contact, viewer.rep, viewer.config.sender
    threading = threading_of(version, step)
    if step.is_task:
        return Preview(step=step, threading=threading, task=render_task(version, step, contact, rep, sender))
    name = version.sequence.name
    arm = choose_arm(key, name, step, contact.address_key)
    override = read_override(viewer.workspace, name, contact.address, step.id)
    draft = render_step(version, step, contact, rep, sender, arm=arm, override=override)
    found, missing = _attachments(draft, assets)
    return Preview(
        step=step,
        threading=threading,
        draft=draft,
        thread_subject=subject,
        attachments=found,
        missing=missing,
    )


def _attachments(draft: Draft, assets: Assets) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    found: list[Attachment] = []
    missing: list[str] = []
    for name in draft.attach:
        try:
            found.append(assets.attachment(name))
        except MissingAsset:
            missing.append(name)
    return tuple(found), tuple(missing)
