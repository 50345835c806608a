"""Rendering: a pinned template and a contact become subject, text and HTML; nothing is read here."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from sequencer.config import Rep, Sender
from sequencer.core.contact import Contact
from sequencer.core.languages import split_name, tags_for
from sequencer.core.mail_html import page
from sequencer.core.markdown import UnfitMarkdown, parts_of
from sequencer.core.outbox import Attachment, Content
from sequencer.core.render_fault import RenderFault
from sequencer.core.render_text import Place, Target, fill
from sequencer.core.seal import PathPart, Plain, Seal, Unprintable
from sequencer.core.sequence import SequenceVersion, Step, Template
from sequencer.core.subject import answer_mark
from sequencer.core.template_env import environment_of, template_path
from sequencer.core.template_values import signature_of, template_values

MAX_SUBJECT = 250
"""Characters; longer subjects are a sign of a field in the wrong place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rendered message whose attachments are still names under assets/."""

    subject: str | None
    """None: a follow-up in the thread."""
    text: str
    html: str
    preheader: str | None = None
    """Plain text; it stands in `html` already."""
    attach: tuple[str, ...] = ()
    template: str
    """The arm that was rendered."""
    source: str
    """The template file's name it came from, language included."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of what was rendered: equal exactly when the contact's data changed nothing."""
        said = json.dumps([self.subject, self.text, self.html, self.attach])
        return hashlib.sha256(said.encode()).hexdigest()

    def content(self, attachments: tuple[Attachment, ...] = ()) -> Content:
        """The outbox's content, with the attachments that `attach` names."""
        return Content(
            subject=self.subject,
            text=self.text,
            html=self.html,
            attachments=attachments,
            template=self.template,
        )


def render_step(
    version: SequenceVersion,
    step: Step,
    contact: Contact,
    rep: Rep,
    sender: Sender,
    *,
    arm: str,
    override: Template | None = None,
) -> Draft:
    """Render one message step for one contact.

    `arm` is one of `step.arms`; its `name.<language>` sibling is taken where one serves the contact's
    language. `override` (a person's text for this contact) replaces the body, the subject, or both.
    Raises RenderFault naming file, line and contact.
    """
    target = _target(version, step, contact, rep, sender)
    template = pick_template(version, arm, contact.language)
    head = replace(template, subject=step.subject, lines={}) if step.subject else template
    text, html = _body(target, version, override if override and override.body.strip() else template, rep)
    preheader = _first(_one_line(target, source, "preheader") for source in (override, template))
    return Draft(
        subject=_first(_subject(target, source) for source in (override, head)),
        text=text,
        html=page(html, language=language_of(template), preheader=preheader),
        preheader=preheader,
        attach=_attach(target, version, step, template),
        template=arm,
        source=template.name,
    )


def render_task(version: SequenceVersion, step: Step, contact: Contact, rep: Rep, sender: Sender) -> str:
    """The title of a task step for one contact; RenderFault as in `render_step`."""
    if step.task is None:
        raise ValueError(f"step {step.id!r} is not a task")
    target = _target(version, step, contact, rep, sender)
    place = Place(step.task, _sequence_path(version))
    return _visible(fill(target, place, Plain()), place.path, "the task's title")


def pick_template(version: SequenceVersion, arm: str, language: str) -> Template:
    """The arm's template in the contact's language, else the plain one; RenderFault when it is missing."""
    for tag in tags_for(language):
        sibling = version.templates.get(f"{arm}.{tag}")
        if sibling is not None:
            return sibling
    template = version.templates.get(arm)
    if template is None:
        raise RenderFault("the sequence version has no such template", where=template_path(arm))
    return template


def language_of(template: Template) -> str:
    """The language a template is written in: its front matter, else its file name, else English."""
    return template.language or split_name(template.name)[1] or "en"


def path_of(template: Template) -> str:
    """Where a template or override stands in the workspace."""
    return template.name if template.name.endswith(".md") else template_path(template.name)


def _target(version: SequenceVersion, step: Step, contact: Contact, rep: Rep, sender: Sender) -> Target:
    values = template_values(contact, rep, sender, version.sequence.name, step.id)
    return Target(environment_of(version), values, contact.address)


def _body(target: Target, version: SequenceVersion, source: Template, rep: Rep) -> tuple[str, str]:
    """Text and HTML of a body, signed: where the template prints `rep.signature`, else at the end."""
    seal = Seal("q" + version.hash[:12].lower())
    path = path_of(source)
    is_pinned = source.name in version.templates
    sealed = fill(target, Place(source.body, path, source.body_line), seal, keep=is_pinned)
    if not seal.has_signature:
        sealed = f"{sealed.rstrip()}\n\n{seal.put(signature_of(rep))}\n"
    try:
        parts = parts_of(sealed, seal.prefix)
        return seal.open_text(parts.text), seal.open_html(parts.html)
    except UnfitMarkdown as fault:
        where = f"{path}{_line_of(fault.written, source)}"
        raise RenderFault(seal.open_text(str(fault)), where=where) from None
    except Unprintable as fault:
        raise RenderFault(f"a value in a link {fault} (for {target.address})", where=path) from None


def _line_of(written: str, source: Template) -> str:
    """`:line` of the first line that has `written` in it; nothing when a value or a partial brought it."""
    lines = enumerate(source.body.split("\n"), start=source.body_line)
    return next((f":{number}" for number, line in lines if written in line), "")


def _subject(target: Target, source: Template | None) -> str | None:
    subject = _one_line(target, source, "subject")
    if subject is None or source is None:
        return None
    where = _where(source, "subject")
    mark = answer_mark(subject)
    if mark is not None:
        raise RenderFault(
            f"the subject begins with {mark!r}, but it starts a thread (for {target.address})",
            where=where,
            hint="leave the subject out to answer in the thread",
        )
    if len(subject) > MAX_SUBJECT:
        raise RenderFault(
            f"the subject is {len(subject)} characters long (for {target.address})", where=where
        )
    return subject


def _one_line(target: Target, source: Template | None, key: Literal["subject", "preheader"]) -> str | None:
    written = getattr(source, key) if source is not None else None
    if source is None or written is None:
        return None
    place = Place(written, path_of(source), source.lines.get(key, 0))
    return _visible(fill(target, place, Plain()), _where(source, key), f"the {key}")


def _visible(text: str, where: str, what: str) -> str:
    text = " ".join(text.strip("\n").split("\n")).strip()
    if not text:
        raise RenderFault(f"{what} comes out empty", where=where)
    return text


def _attach(target: Target, version: SequenceVersion, step: Step, template: Template) -> tuple[str, ...]:
    """Names under assets/, each once, in the order written."""
    own = [Place(pattern, _sequence_path(version)) for pattern in step.attach]
    line = template.lines.get("attach", 0)
    own += [Place(pattern, path_of(template), line) for pattern in template.attach]
    names = (fill(target, place, PathPart()) for place in own)
    return tuple(dict.fromkeys(_asset_name(name, place) for name, place in zip(names, own, strict=True)))


def _asset_name(name: str, place: Place) -> str:
    fault = asset_name_fault(name)
    if fault is not None:
        raise RenderFault(f"the attachment {name!r} {fault}", where=place.path)
    return name


def asset_name_fault(name: str) -> str | None:
    """Why `name` is no path under assets/ (with `/`); None when it is one."""
    if not name.strip() or name != name.strip():
        return "is empty or has blanks at its ends"
    if name.startswith("/") or "\\" in name or ":" in name:
        return "must be a path under assets/, written with /"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "leads out of assets/"
    return None


def _sequence_path(version: SequenceVersion) -> str:
    return f"sequences/{version.sequence.name}.yaml"


def _where(source: Template, key: str) -> str:
    line = source.lines.get(key)
    return f"{path_of(source)}:{line}" if line else path_of(source)


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text is not None), None)
