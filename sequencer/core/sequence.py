"""A sequence as its author wrote it: steps, waits, and what each step does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from sequencer.core.timing import NO_WAIT, BeforeHoliday, Timing, Wait

__all__ = ["NO_WAIT", "Approve", "OnReply", "Sequence", "SequenceVersion", "Step", "Template", "Wait"]

Approve = Literal["never", "key_accounts", "always"]
OnReply = Literal["contact", "company"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One touch: a message (`template`) or a task for the rep (`task`), never both."""

    id: str
    wait: Wait = NO_WAIT
    at: time | None = None
    """Time of day by the buyer's clock."""
    weekdays: frozenset[int] = frozenset()
    dates: tuple[date, ...] = ()
    before_holiday: BeforeHoliday | None = None
    expires: Wait | None = None
    template: str | None = None
    """Template name under templates/, without `.md`."""
    variants: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()
    """Shares of `arms`, in their order; empty: equal."""
    task: str | None = None
    """Jinja text of a task's title."""
    wait_for_task: bool = True
    when: str | None = None
    """Condition on the contact (`core.condition`); false skips the step, keeping the rhythm."""
    attach: tuple[str, ...] = ()
    """Jinja patterns of files under assets/."""
    approve: Approve = "never"
    subject: str | None = None
    """A subject of its own starts a new thread; the template's front matter may give it instead."""
    was: str | None = None

    @property
    def timing(self) -> Timing:
        """What decides when it is due."""
        return Timing(
            wait=self.wait,
            at=self.at,
            weekdays=self.weekdays,
            dates=self.dates,
            before_holiday=self.before_holiday,
            expires=self.expires,
        )

    @property
    def is_task(self) -> bool:
        return self.task is not None

    @property
    def arms(self) -> tuple[str, ...]:
        """Every template this step may use."""
        return (self.template, *self.variants) if self.template else ()

    def needs_approval(self, *, is_key_account: bool) -> bool:
        """Whether a person must approve this contact's message."""
        return self.approve == "always" or (self.approve == "key_accounts" and is_key_account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """The steps a contact walks through."""

    name: str
    description: str = ""
    window: str
    on_reply: OnReply = "contact"
    steps: tuple[Step, ...]

    def index_of(self, step_id: str) -> int:
        """Where the step stands; KeyError when this sequence has no such step."""
        for index, step in enumerate(self.steps):
            if step.id == step_id:
                return index
        raise KeyError(step_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One Markdown template: front matter and Jinja body, as text."""

    name: str
    """Path under templates/ without `.md`, language suffix included: `mail-group/intro.es`."""
    subject: str | None
    body: str
    preheader: str | None = None
    attach: tuple[str, ...] = ()
    language: str | None = None
    body_line: int = 1
    """Line of the file on which the body starts, for faults."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Front matter key → line of the file on which it stands, for faults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceVersion:
    """A sequence pinned with every text it can reach; stored at enroll, unchanged by later edits."""

    hash: str
    """SHA-256 (hex) over the texts; equal texts are one version."""
    sequence: Sequence
    templates: Mapping[str, Template]
    """By name, language siblings (`name.<language>`) and partials included."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Workspace-relative path → file text, as read; what the hash covers and the database stores."""
