"""Check sequences: every fault of their files, what does not render or attach, and what the rules mind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sequencer.config import Config, Rep
from sequencer.core.languages import split_name
from sequencer.core.lint import RULES, Rule
from sequencer.core.render import render_step, render_task
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.snippet import fill_snippet
from sequencer.errors import Fault, FaultyInput
from sequencer.files.assets import Assets, MissingAsset, fixed_assets
from sequencer.files.known_names import sequence_names
from sequencer.files.override_file import check_overrides
from sequencer.files.snippets import read_snippet, snippet_faults, snippet_names
from sequencer.files.stray_files import stray_sequences
from sequencer.files.version import load_version
from sequencer.files.workspace import Workspace
from sequencer.flows.check_times import times_outside
from sequencer.flows.invented_buyer import buyer_for, invented_buyer
from sequencer.flows.lint_sequence import languages_of, lint_sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found in one sequence."""

    name: str
    version: SequenceVersion | None
    """None when its files cannot be read into one."""
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    """Attachments that are missing or too big (their mails would not leave), then what lint rules found."""


def check_sequences(
    workspace: Workspace, config: Config, names: Sequence[str], rules: Sequence[Rule] = RULES
) -> list[Checked]:
    """Check the named sequences, or all, with misnamed files and snippets; InputError for an unknown name."""
    is_all = not names
    wanted = sequence_names(workspace) if is_all else names
    checked = [check_sequence(workspace, config, name, rules) for name in wanted]
    strays = [*stray_sequences(workspace), *_snippet_faults(workspace, config)] if is_all else []
    return checked + [
        Checked(name=stray.where.rpartition("/")[2], version=None, faults=(stray,)) for stray in strays
    ]


def _snippet_faults(workspace: Workspace, config: Config) -> list[Fault]:
    """What is wrong in the snippets, each filled for an invented buyer of its language."""
    rep = config.rep(config.me) or config.reps[0]
    found: list[Fault] = []
    for name in snippet_names(workspace):
        faults = snippet_faults(workspace, name)
        if not faults:
            snippet = read_snippet(workspace, name, "")
            buyer = buyer_for([snippet.body], split_name(name)[1] or "en")
            try:
                fill_snippet(snippet, buyer, rep, config.sender)
            except RenderFault as fault:
                faults = [_fault(fault)]
        found += faults
    return found


def check_sequence(workspace: Workspace, config: Config, name: str, rules: Sequence[Rule] = RULES) -> Checked:
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
    warnings += times_outside(version, config)
    warnings += lint_sequence(version, rep, config, assets, rules)
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
            for language in languages_of(version, arm):
                contact = replace(buyer, language=language)
                try:
                    render_step(version, step, contact, rep, config.sender, arm=arm)
                except RenderFault as fault:
                    faults.append(_fault(fault))
    return faults


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
