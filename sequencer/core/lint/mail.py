"""One mail of a sequence as an invented buyer would get it, with its place among the others."""

from dataclasses import dataclass
from enum import StrEnum

from sequencer.core.lint.place import SourceLine, line_with, step_line
from sequencer.core.render import path_of
from sequencer.core.sequence import Step, Template


class Buyer(StrEnum):
    """How much is known of the invented buyer."""

    FULL = "everything"
    FIRM = "the firm"
    """A role address at a key account: the firm, but no person."""
    BARE = "the address"
    """The address and the country."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a mail from being made for a buyer of whom little is known."""

    where: str
    message: str
    field: str | None = None
    """`contact.first_name`; None when it is no empty field."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that goes with a mail."""

    name: str
    """Under assets/."""
    size: int | None
    """Bytes; None when there is no such file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What the rules look at. Texts are as rendered."""

    step: Step
    template: Template
    language: str
    """Primary tag, such as `es`."""
    buyer: Buyer = Buyer.FULL
    subject: str | None = None
    """None: it answers in a thread."""
    preheader: str | None = None
    text: str = ""
    """The whole text part."""
    own: str = ""
    """The text without signature, footer and opt-out: what this mail has to say."""
    greeting: str = ""
    """The first line."""
    attachments: tuple[AttachedFile, ...] = ()
    missing: tuple[Missing, ...] = ()
    postal_address: str = ""
    max_message_bytes: int = 5_000_000
    lines: tuple[SourceLine, ...] = ()
    """Where texts are found back: the template's lines, then its partials'."""
    sequence_path: str = ""
    sequence_text: str = ""
    """The sequence's file, for its line numbers."""
    touches: int = 1
    """Steps of the sequence, tasks included."""
    is_first: bool = True
    is_last: bool = False
    answers: int = 0
    """How many mails in a row, this one included, have answered in the same thread."""
    earlier: tuple["Mail", ...] = ()
    """The mails of earlier steps in the same language and for the same buyer."""

    @property
    def body(self) -> str:
        """Its own text below the greeting."""
        return self.own.strip().removeprefix(self.greeting).strip()

    def at(self, text: str) -> str:
        """Where `text` is written; the first line of the body when it is not found."""
        first = f"{path_of(self.template)}:{self.template.body_line}"
        return line_with(text, self.lines) or (self.lines[0].where if self.lines else first)

    def at_subject(self) -> str:
        """Where the subject is written."""
        return self.at_step("subject") if self.step.subject else self._at_head("subject")

    def at_preheader(self) -> str:
        """Where the preheader is written."""
        return self._at_head("preheader")

    def at_attachment(self, name: str) -> str:
        """Where a file is attached: in the step, else in the template."""
        is_templates = name in self.template.attach and name not in self.step.attach
        return self._at_head("attach") if is_templates else self.at_step("attach")

    def at_step(self, key: str = "id") -> str:
        """Where the step stands in its sequence, or a key of it."""
        return f"{self.sequence_path}:{step_line(self.sequence_text, self.step.id, key)}"

    def _at_head(self, key: str) -> str:
        line = self.template.lines.get(key)
        return f"{path_of(self.template)}:{line or 1}"
