"""Whether a mailbox should stop by itself: too many dead addresses, complaints, or the same refusal again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sequencer.config import Limits
from sequencer.core.ports import SmtpClass

BOUNCES_OF, COMPLAINTS_OF = 100, 1_000
"""How many of a mailbox's last messages each share is taken of."""
LEAST_COMPLAINTS = 2
"""One angry person is no pattern."""
_NUMBERS = re.compile(r"[0-9][0-9a-fA-F.:-]*|<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one message."""

    is_refused: bool = False
    smtp_class: str | None = None
    """Of a refusal."""
    answer: str = ""
    """The server's words to a refusal, its code in front."""
    has_bounced: bool = False
    """It came back because its address is dead."""
    has_complained: bool = False

    @property
    def is_dead(self) -> bool:
        return self.has_bounced or (self.is_refused and self.smtp_class == SmtpClass.DEAD)


def why_pause(fates: Sequence[Fate], limits: Limits) -> str | None:
    """Why a mailbox must not go on; None when it may. `fates` are its last messages, newest first."""
    return _same_refusals(fates, limits) or _dead(fates, limits) or _complaints(fates, limits)


def _dead(fates: Sequence[Fate], limits: Limits) -> str | None:
    looked_at = fates[:BOUNCES_OF]
    dead = sum(one.is_dead for one in looked_at)
    if len(looked_at) < limits.pause_from or dead / len(looked_at) <= limits.pause_at_bounces:
        return None
    return (
        f"{dead} of its last {len(looked_at)} mails went to dead addresses: look at where the list comes from"
    )


def _complaints(fates: Sequence[Fate], limits: Limits) -> str | None:
    looked_at = fates[:COMPLAINTS_OF]
    angry = sum(one.has_complained for one in looked_at)
    if angry < LEAST_COMPLAINTS or len(looked_at) < limits.pause_from:
        return None
    if angry / len(looked_at) <= limits.pause_at_complaints:
        return None
    return f"{angry} of its last {len(looked_at)} mails were called spam: look at whom it writes to, and what"


def _same_refusals(fates: Sequence[Fate], limits: Limits) -> str | None:
    """A refusal of a person's address is about them; any other in the same words again is about us."""
    last = fates[: limits.pause_at_same_refusals]
    if len(last) < limits.pause_at_same_refusals:
        return None
    if not all(one.is_refused and one.smtp_class not in (SmtpClass.DEAD, SmtpClass.FULL) for one in last):
        return None
    if len({_NUMBERS.sub("#", one.answer) for one in last}) > 1:
        return None
    return f"its last {len(last)} mails were refused in the same words: {last[0].answer}"
