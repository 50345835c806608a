"""Why a delivery failed, and what kind of failure that makes it: reason, class and permanence by tables."""

import re
from dataclasses import dataclass

from sequencer.core.classify.bounce_words import REASON_WORDS, STATUS_REASONS
from sequencer.core.classify.bounce_words_abroad import ABROAD
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
    "failedstarttls": BounceClass.POLICY,
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

_PATTERNS = tuple((reason, re.compile(words, re.IGNORECASE)) for reason, words in (*ABROAD, *REASON_WORDS))
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\d.\w-])([45]\d\d)(?=[\s\-:#(\]]|$)")


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


def diagnose(
    diagnostic: str, status: str = "", *, is_final_by_text: bool = False, stage: str = ""
) -> Failure:
    """The failure told by a server's words and an RFC 3463 status (`5.1.1`; empty when not given).

    The status inside the words beats a vague one beside them (`5.0.0`). Words beat the status, since
    servers answer `5.1.1` for blocked senders and `5.7.1` for unknown users alike.
    """
    diagnostic = diagnostic[:MAX_DIAGNOSTIC]
    if cited := _CITED.match(diagnostic):
        diagnostic = f"{cited['code']} {cited['answer']}"
    status = _best_status(diagnostic, status)
    diagnostic = _plain(diagnostic)
    reason = next((name for name, words in _PATTERNS if words.search(diagnostic)), "")
    if not reason:
        reason = STATUS_REASONS.get(status.partition(".")[2], "undefined")
    reason = _at_stage(reason, status.partition(".")[2], stage, diagnostic)
    is_permanent = _is_permanent(diagnostic, status, reason, is_final_by_text=is_final_by_text)
    bounce_class = CLASSES[reason]
    if bounce_class is BounceClass.DEAD and not is_permanent:
        # 4xx `user unknown` is a server that cannot look the user up just now.
        bounce_class = BounceClass.SOFT
    return Failure(reason, bounce_class, is_permanent)


_CONTINUED = re.compile(r"(?<![\w.])[45]\d\d-[245]\.\d{1,3}\.\d{1,3} ")
_REPEATED = re.compile(r"(?<![\w.])[45]\d\d[ -][245]\.\d{1,3}\.\d{1,3} ")
_CITED = re.compile(
    r"[45]\.\d\.\d - [^\n]{3,60} (?P<code>[45]\d\d)-'(?P<answer>[^\n]{3,600})' \(delivery attempts"
)
"""IronPort's own words around the other server's answer."""


def _plain(diagnostic: str) -> str:
    """The answer without the codes that each of several lines repeats in the midst of a sentence."""
    first = _CONTINUED.search(diagnostic)
    if first is None:
        return diagnostic
    return diagnostic[: first.end()] + _REPEATED.sub("", diagnostic[first.end() :])


_ABOUT_ADDRESS = frozenset({"userunknown", "hostunknown", "hasmoved", "suspend", "filtered"})
_SURE = re.compile(
    r"000c05a6|does not like recipient|no mailbox here by that name|doesn't have an? \S{1,80} account"
    r"|because the address couldn't be found|recipient address rejected: access denied|mail\.local: unknown"
    r"|\bmailbox not found|用户不存在|нет такого пользователя|adresse destinataire invalide"
    r"|\b542 \S{3,200} rejected"
    # KDDI knows its users at RCPT, and gives no enhanced code.
    r"|@(?:\w{1,20}\.){0,2}(?:ezweb|auone-net)\.[\w.]{2,8}>: (?:user unknown|recipient address rejected\.)",
    re.IGNORECASE,
)
"""Forms of servers that say this only of an address they looked up."""


def _at_stage(reason: str, detail: str, stage: str, diagnostic: str) -> str:
    """A refusal before the recipient was named is about us; one after the content is a filter's pretext.

    A server that knows its users refuses an unknown one at RCPT or says 5.1.x; one that cites no reply code
    speaks of its own users. Where none of these is told, the safe reading (Sisimai's too) keeps the contact.
    """
    if stage in {"connect", "hello"} and reason in _ABOUT_ADDRESS | {"rejected", "undefined"}:
        return "blocked"
    if stage == "mail" and reason in _ABOUT_ADDRESS:
        return "rejected"
    if reason != "userunknown" or detail.startswith("1."):
        return reason
    is_own_answer = _REPLY_CODE.search(diagnostic) is None and stage == "" and detail in {"", "0.0"}
    is_own_answer = is_own_answer and "MSEXCH:" not in diagnostic
    if stage == "recipient" or is_own_answer or _SURE.search(diagnostic):
        return "filtered" if detail in {"2.0", "3.0"} else reason
    return "suspend" if detail == "2.1" else "filtered"


def _best_status(diagnostic: str, status: str) -> str:
    given = _STATUS.search(status)
    found = _STATUS.search(diagnostic)
    if given and (given[2] != "0" or given[3] != "0" or found is None):
        return given[0]
    return found[0] if found else ""


_MAY_PASS = re.compile(
    r"retry time(?:out)? (?:exceeded|not reached)|all hosts (?:for .{1,80} )?have been failing"
    r"|try (?:to send |sending )?[\w ]{0,30}again (?:at a )?later",
    re.IGNORECASE,
)


def _is_permanent(diagnostic: str, status: str, reason: str, *, is_final_by_text: bool) -> bool:
    if status:
        return status.startswith("5")
    if code := _REPLY_CODE.search(diagnostic):
        return code[1].startswith("5")
    if _MAY_PASS.search(diagnostic):
        return False
    return is_final_by_text or reason not in {
        "expired",
        "networkerror",
        "systemerror",
        "onhold",
        "systemfull",
    }
