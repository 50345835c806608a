"""Threads that go on for too long, and sequences that stop too early."""

from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule

MAX_ANSWERS = 4
"""Mails in a row that answer in one thread."""
MIN_TOUCHES = 3
"""Steps of a sequence, tasks included."""


def _thread(mail: Mail) -> Iterator[Finding]:
    """The first mail that goes on in a thread which has not been answered for long."""
    if mail.answers == MAX_ANSWERS + 1:
        what = f"the step {mail.step.id!r} is mail {mail.answers + 1} of one thread that nobody answered"
        yield Finding(
            mail.at_step(), what, "give it a subject of its own: a new thread, a new reason to open"
        )


def _touches(mail: Mail) -> Iterator[Finding]:
    """A sequence that gives up."""
    if mail.is_last and mail.touches < MIN_TOUCHES:
        count = "one touch" if mail.touches == 1 else f"{mail.touches} touches"
        what = f"the sequence stops after {count}; about six tries is best"
        yield Finding(mail.at_step(), what, "add steps, each with a reason of its own, or a call")


THREAD = Rule(
    "long-thread",
    "more than four mails in a row that answer in one thread without a subject of their own",
    "A thread nobody opened four times is not opened the fifth; a new subject is seen anew.",
    _thread,
)
TOUCHES = Rule(
    "few-touches",
    "a sequence of two steps or fewer",
    "Most sellers give up after one or two tries, and about six is best.",
    _touches,
)
