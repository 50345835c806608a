"""Lint: every mail of a sequence, in each arm and language, under the rules of core/lint."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sequencer.config import Config, Rep
from sequencer.core.contact import Contact
from sequencer.core.languages import split_name
from sequencer.core.lint import Finding, Mail, Rule
from sequencer.core.lint.mail import AttachedFile, Buyer
from sequencer.core.lint.own_part import own_part, without_footers
from sequencer.core.lint.place import SourceLine, source_lines
from sequencer.core.render import language_of
from sequencer.core.render_fault import RenderFault
from sequencer.core.sequence import SequenceVersion, Step
from sequencer.core.template_values import signature_of
from sequencer.core.threads import Threading, threading_of
from sequencer.errors import Fault
from sequencer.files.assets import Assets, MissingAsset
from sequencer.flows.invented_buyer import invented_buyer
from sequencer.flows.lint_buyers import Rendering, fewer_known, render_bare


def lint_sequence(
    version: SequenceVersion, rep: Rep, config: Config, assets: Assets, rules: Sequence[Rule]
) -> list[Fault]:
    """What `rules` find, by file and line, each place told once; nothing of mails that do not render."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for mail in _Mails(version, rep, config, assets).made() if rules else ():
        for rule in rules:
            of_mail: dict[tuple[str, str], list[Finding]] = {}
            for finding in rule.check(mail):
                of_mail.setdefault((rule.name, finding.where), []).append(finding)
            for place, findings in of_mail.items():
                found.setdefault(place, list(dict.fromkeys(findings)))
    order = [rule.name for rule in rules]
    faults = [
        Fault(where=one.where, message=one.message, hint=one.hint, rule=name)
        for (name, _), findings in found.items()
        for one in findings
    ]
    return sorted(faults, key=lambda fault: (*_place(fault.where), order.index(fault.rule or "")))


def _place(where: str) -> tuple[str, int]:
    path, _, line = where.rpartition(":")
    return (path, int(line)) if line.isdigit() else (where, 0)


def languages_of(version: SequenceVersion, arm: str) -> list[str]:
    """A language for each template the arm has; `x` has none, so it gets the plain one."""
    return ["x", *(tag for stem, tag in map(split_name, version.templates) if stem == arm and tag)]


class _Mails:
    """Makes the mails of one version, step after step."""

    def __init__(self, version: SequenceVersion, rep: Rep, config: Config, assets: Assets) -> None:
        self._version = version
        self._rep = rep
        self._config = config
        self._assets = assets
        self._whole = Rendering(version=version, rep=rep, sender=config.sender)
        self._own = replace(self._whole, version=without_footers(version))
        self._path = f"sequences/{version.sequence.name}.yaml"
        self._earlier: dict[tuple[str, Buyer], tuple[Mail, ...]] = {}
        self._lines: dict[str, tuple[SourceLine, ...]] = {}

    def made(self) -> Iterator[Mail]:
        """Every mail, each after those of the steps above it."""
        full = invented_buyer(self._version)
        steps = [step for step in self._version.sequence.steps if not step.is_task]
        answers = 0
        for step in steps:
            answers = answers + 1 if threading_of(self._version, step) is Threading.ANSWERS else 0
            mails = [
                replace(mail, is_first=step is steps[0], is_last=step is steps[-1], answers=answers)
                for arm in step.arms
                for language in languages_of(self._version, arm)
                for mail in self._for_buyers(step, arm, replace(full, language=language))
            ]
            yield from mails
            for mail in mails:
                key = (mail.language, mail.buyer)
                self._earlier[key] = (*self._earlier.get(key, ()), replace(mail, earlier=()))

    def _for_buyers(self, step: Step, arm: str, full: Contact) -> Iterator[Mail]:
        """One arm in one language; nothing when it does not even render for a buyer who has everything."""
        try:
            of_full = self._mail(step, arm, Buyer.FULL, full)
        except RenderFault:
            return  # a fault of the sequence, told as such
        yield of_full
        for kind, buyer in fewer_known(full, step).items():
            contact, missing = render_bare(self._whole, step, arm, buyer, full)
            mail = self._mail(step, arm, kind, contact) if contact else of_full
            yield replace(mail, buyer=kind, missing=missing)

    def _mail(self, step: Step, arm: str, kind: Buyer, contact: Contact) -> Mail:
        draft = self._whole.draft(step, arm, contact)
        own = self._own.draft(step, arm, contact).text
        address = self._config.sender.postal_address
        template = self._version.templates[draft.source]
        language = language_of(template).lower().partition("-")[0]
        if template.name not in self._lines:
            self._lines[template.name] = source_lines(self._version, template)
        return Mail(
            step=step,
            template=template,
            language=language,
            buyer=kind,
            subject=draft.subject,
            preheader=draft.preheader,
            text=draft.text,
            own=own_part(own, signature_of(self._rep), address),
            greeting=draft.text.lstrip().partition("\n")[0],
            attachments=tuple(self._file(name) for name in draft.attach),
            postal_address=address,
            max_message_bytes=self._config.limits.max_message_bytes,
            lines=self._lines[template.name],
            sequence_path=self._path,
            sequence_text=self._version.texts.get(self._path, ""),
            touches=len(self._version.sequence.steps),
            earlier=self._earlier.get((language, kind), ()),
        )

    def _file(self, name: str) -> AttachedFile:
        try:
            return AttachedFile(name, self._assets.attachment(name).size)
        except MissingAsset:
            return AttachedFile(name, None)
