"""Edit: a person's own words in one message that has not left yet."""

from dataclasses import dataclass, replace

from sequencer.core.edited_text import as_markdown, parts_of_own_text
from sequencer.core.outbox import Content, OutboxRow, OutboxState
from sequencer.core.render import language_of, pick_template
from sequencer.core.render_fault import RenderFault
from sequencer.core.subject import answer_mark
from sequencer.errors import InputError, SequencerError
from sequencer.flows.engine import Engine
from sequencer.store import contacts, outbox, texts

S = OutboxState
_SUBJECT_LINE = "Subject:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a person made of a message; None leaves that part as it is."""

    subject: str | None = None
    """Empty: in the thread, `Re: <first sent subject>`."""
    body: str | None = None
    """Markdown."""

    @property
    def is_empty(self) -> bool:
        return self.subject is None and self.body is None


def require_editable(row: OutboxRow) -> None:
    """SequencerError when the message is past editing."""
    if row.state in (S.AWAITING_APPROVAL, S.READY) and row.sending_at is None:
        return
    if row.state in (S.READY, S.DEFERRED):
        # Its Message-ID stands with a server already: other words under it would be another message.
        raise SequencerError(
            f"message {row.id} was tried already; a retry keeps its text",
            hint=f"to keep it from leaving: `sequencer enrollments pause {row.enrollment_id}`",
        )
    raise SequencerError(f"message {row.id} is {_words(row.state)}: nothing to edit any more")


def as_draft(row: OutboxRow) -> str:
    """The message as a file to edit: subject line, empty line, Markdown body."""
    subject = f"{_SUBJECT_LINE} {row.content.subject or ''}".rstrip()
    return f"{subject}\n\n{as_markdown(row.content.text)}"


def from_draft(draft: str, row: OutboxRow) -> Edited:
    """What changed against `as_draft`; InputError without a subject line."""
    head, _, body = draft.lstrip("\ufeff").replace("\r\n", "\n").partition("\n")
    if not head.startswith(_SUBJECT_LINE):
        raise InputError(f"the first line must begin with {_SUBJECT_LINE!r}, it is {head[:60]!r}")
    subject = head.removeprefix(_SUBJECT_LINE).strip()
    is_same = body.strip() == as_markdown(row.content.text).strip()
    return Edited(
        subject=None if subject == (row.content.subject or "") else subject,
        body=None if is_same else body.strip("\n"),
    )


def edit(engine: Engine, row: OutboxRow, edited: Edited, by: str) -> OutboxRow:
    """Put a person's text into the message and freeze it; returns the message as it is now.

    One that waits for approval still waits for it. InputError for a text that can't be sent;
    SequencerError when the message was tried, edited, approved, left or cancelled since `row` was read.
    """
    require_editable(row)
    content = _content(engine, row, edited)
    with engine.store.write() as tx:
        done = texts.edit(tx, row, content, by, engine.clock.now())
        current = outbox.by_id(tx, row.id)
    if current is None or not done:
        raise _not_changed(row, current)
    return current


def _not_changed(row: OutboxRow, current: OutboxRow | None) -> SequencerError:
    is_open = current is not None and current.state in (S.AWAITING_APPROVAL, S.READY)
    if current is not None and is_open and current.attempt == row.attempt:
        return SequencerError(
            f"message {row.id} was not changed: somebody changed its text or approved it meanwhile",
            hint=f"look at it with `sequencer outbox show {row.id}`, then edit it again",
        )
    state = _words(current.state) if current else "gone"
    return SequencerError(f"message {row.id} was not changed: it is {state} by now, and was tried meanwhile")


def _content(engine: Engine, row: OutboxRow, edited: Edited) -> Content:
    content = row.content
    if edited.subject is not None:
        content = replace(content, subject=_subject(row, edited.subject))
    if edited.body is None:
        return content
    if not edited.body.strip():
        raise InputError("the text is empty", hint="to send nothing, stop the enrollment instead")
    try:
        text, html = parts_of_own_text(edited.body, language=_language(engine, row))
    except ValueError as error:
        raise InputError(f"in the text: {error}") from None
    return replace(content, text=text, html=html)


def _subject(row: OutboxRow, subject: str) -> str | None:
    if not subject:
        if row.content.subject is not None:
            raise InputError("the subject is empty", hint="this message starts a thread: it needs one")
        return None
    if any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in subject):
        raise InputError("the subject has a line break or another control character in it")
    mark = answer_mark(subject)
    if mark is not None:
        hint = "leave it empty to answer in the thread" if row.content.subject is None else None
        raise InputError(f"the subject begins with {mark!r}, but it starts a thread", hint=hint)
    return subject


def _language(engine: Engine, row: OutboxRow) -> str:
    with engine.store.read() as tx:
        version = engine.version(tx, row.version_hash)
        contact = contacts.contact_of(tx, row.contact_id)
    try:
        return language_of(pick_template(version, row.content.template, contact.language if contact else ""))
    except RenderFault:
        return "en"


def _words(state: OutboxState) -> str:
    return state.value.replace("_", " ")
