"""Check sequences: every fault of their files, what does not render, and attachments that are missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sequencer.config import Config, Rep
from sequencer.core.languages import split_name
from sequencer.core.render import render_step, render_task
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.errors import Fault, FaultyInput
from sequencer.files.assets import Assets, MissingAsset, fixed_assets
from sequencer.files.override_file import check_overrides
from sequencer.files.stray_files import stray_sequences
from sequencer.files.version import load_version, sequence_names
from sequencer.files.workspace import Workspace
from sequencer.flows.invented_buyer import invented_buyer


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found in one sequence."""

    name: str
    version: SequenceVersion | None
    """None when its files cannot be read into one."""
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    """Attachments that are missing or too big: such a message would not leave."""


def check_sequences(workspace: Workspace, config: Config, names: Sequence[str]) -> list[Checked]:
    """Check the named sequences, or all, misnamed files included; InputError when a name is unknown."""
    checked = [check_sequence(workspace, config, name) for name in names or sequence_names(workspace)]
    strays = [] if names else stray_sequences(workspace)
    return checked + [
        Checked(name=stray.where.rpartition("/")[2], version=None, faults=(stray,)) for stray in strays
    ]


def check_sequence(workspace: Workspace, config: Config, name: str) -> Checked:
    """Check one sequence: its files, its overrides, and each mail rendered for an invented buyer."""
    try:
        version = load_version(workspace, name, config)
    except FaultyInput as error:
        return Checked(name=name, version=None, faults=error.faults)
    rep = config.rep(config.me) or config.reps[0]
    faults = [*check_overrides(workspace, version.sequence), *_render_faults(version, rep, config)]
    assets = Assets(workspace)
    warnings = [
        fault for step in version.sequence.steps for fault in _asset_faults(version, step, assets, config)
    ]
    return Checked(
        name=name,
        version=version,
        faults=tuple(dict.fromkeys(faults)),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _render_faults(version: SequenceVersion, rep: Rep, config: Config) -> list[Fault]:
    """What goes wrong when each step is rendered in each of its variants and languages."""
    faults: list[Fault] = []
    buyer = invented_buyer(version)
    for step in version.sequence.steps:
        try:
            if step.is_task:
                render_task(version, step, buyer, rep, config.sender)
        except RenderFault as fault:
            faults.append(_fault(fault))
        for arm in step.arms:
            for language in _languages(version, arm):
                contact = replace(buyer, language=language)
                try:
                    render_step(version, step, contact, rep, config.sender, arm=arm)
                except RenderFault as fault:
                    faults.append(_fault(fault))
    return faults


def _languages(version: SequenceVersion, arm: str) -> list[str]:
    """A language for each template the arm has; `x` has none, so it gets the plain one."""
    return ["x", *(tag for stem, tag in map(split_name, version.templates) if stem == arm and tag)]


def _fault(fault: RenderFault) -> Fault:
    return Fault(where=fault.where or "", message=fault.message, hint=fault.hint)


def _asset_faults(version: SequenceVersion, step: Step, assets: Assets, config: Config) -> list[Fault]:
    found, size = [], 0
    for name in fixed_assets(version, step):
        try:
            size += assets.attachment(name).size
        except MissingAsset as missing:
            found.append(Fault(where=missing.where or name, message=missing.message, hint=missing.hint))
    encoded, limit = size * 4 // 3, config.limits.max_message_bytes
    if encoded > limit:
        what = f"the step {step.id!r} attaches {encoded:,} bytes (encoded), more than the {limit:,} allowed"
        hint = "attach less, link to a shared file, or raise max_message_bytes"
        found.append(Fault(where=f"sequences/{version.sequence.name}.yaml", message=what, hint=hint))
    return found
