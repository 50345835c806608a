"""Why a delivery failed, and what kind of failure that makes it: reason, class and permanence by tables."""

import re
from dataclasses import dataclass

from sequencer.core.classify.bounce_words import REASON_WORDS, STATUS_REASONS
from sequencer.core.inbound import BounceClass

CLASSES: dict[str, BounceClass] = {
    "userunknown": BounceClass.DEAD,
    "hostunknown": BounceClass.DEAD,
    "hasmoved": BounceClass.DEAD,
    "notaccept": BounceClass.DEAD,
    "mailboxfull": BounceClass.FULL,
    "suspend": BounceClass.SOFT,
    "filtered": BounceClass.SOFT,
    "expired": BounceClass.SOFT,
    "networkerror": BounceClass.SOFT,
    "systemerror": BounceClass.SOFT,
    "systemfull": BounceClass.SOFT,
    "mailererror": BounceClass.SOFT,
    "onhold": BounceClass.SOFT,
    "undefined": BounceClass.SOFT,
    "authfailure": BounceClass.POLICY,
    "badreputation": BounceClass.POLICY,
    "blocked": BounceClass.POLICY,
    "norelaying": BounceClass.POLICY,
    "policyviolation": BounceClass.POLICY,
    "rejected": BounceClass.POLICY,
    "requireptr": BounceClass.POLICY,
    "securityerror": BounceClass.POLICY,
    "contenterror": BounceClass.CONTENT,
    "mesgtoobig": BounceClass.CONTENT,
    "notcompliantrfc": BounceClass.CONTENT,
    "spamdetected": BounceClass.CONTENT,
    "syntaxerror": BounceClass.CONTENT,
    "virusdetected": BounceClass.CONTENT,
    "exceedlimit": BounceClass.CONTENT,
    "speeding": BounceClass.RATE,
    "toomanyconn": BounceClass.RATE,
}
"""What each reason means for the contact and for us. Only `dead` ever suppresses."""

MAX_DIAGNOSTIC = 4_000

_PATTERNS = tuple((reason, re.compile(words, re.IGNORECASE)) for reason, words in REASON_WORDS)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\d.\w-])([45]\d\d)(?=[\s\-:#(]|$)")


@dataclass(frozen=True, slots=True)
class Failure:
    """One diagnosis."""

    reason: str
    bounce_class: BounceClass
    is_permanent: bool

    @property
    def is_hard(self) -> bool:
        """The address itself is dead."""
        return self.bounce_class is BounceClass.DEAD


def diagnose(diagnostic: str, status: str = "", *, is_final_by_text: bool = False) -> Failure:
    """The failure told by a server's words and an RFC 3463 status (`5.1.1`; empty when not given).

    The status inside the words beats a vague one beside them (`5.0.0`). Words beat the status, since
    servers answer `5.1.1` for blocked senders and `5.7.1` for unknown users alike.
    """
    diagnostic = diagnostic[:MAX_DIAGNOSTIC]
    status = _best_status(diagnostic, status)
    reason = next((name for name, words in _PATTERNS if words.search(diagnostic)), "")
    if not reason:
        reason = STATUS_REASONS.get(status.partition(".")[2], "undefined")
    if reason == "userunknown" and _is_filter_answer(diagnostic, status):
        reason = "filtered"
    is_permanent = _is_permanent(diagnostic, status, reason, is_final_by_text=is_final_by_text)
    bounce_class = CLASSES[reason]
    if bounce_class is BounceClass.DEAD and not is_permanent:
        # 4xx `user unknown` is a server that cannot look the user up just now.
        bounce_class = BounceClass.SOFT
    return Failure(reason, bounce_class, is_permanent)


_AFTER_DATA = re.compile(
    r"in reply to (?:the )?(?:end of )?DATA|>>> ?(?:DATA|\.$)|after (?:the )?(?:end of )?DATA"
)


def _is_filter_answer(diagnostic: str, status: str) -> bool:
    """`Unknown user` said after the content, or under a code that is no address code: a filter's pretext.

    A server that knows its users refuses an unknown one at RCPT and says 5.1.x. The safe reading keeps the
    contact and waits.
    """
    detail = status.partition(".")[2]
    return detail in {"2.0", "3.0"} or (not detail.startswith("1.") and bool(_AFTER_DATA.search(diagnostic)))


def _best_status(diagnostic: str, status: str) -> str:
    given = _STATUS.search(status)
    found = _STATUS.search(diagnostic)
    if given and (given[2] != "0" or given[3] != "0" or found is None):
        return given[0]
    return found[0] if found else ""


def _is_permanent(diagnostic: str, status: str, reason: str, *, is_final_by_text: bool) -> bool:
    if status:
        return status.startswith("5")
    if code := _REPLY_CODE.search(diagnostic):
        return code[1].startswith("5")
    return is_final_by_text or reason not in {
        "expired",
        "networkerror",
        "systemerror",
        "onhold",
        "systemfull",
    }
