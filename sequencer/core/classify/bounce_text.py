"""Bounces and delays that are plain text: qmail, Exim, sendmail, Gmail, Chinese and older systems."""

import re

from sequencer.core.classify.bounce_forms import (
    ADDRESS_FORMS,
    DELAY_WORDS,
    FAILURE_WORDS,
    FORMULA,
    MACHINES,
    SUBJECTS,
)
from sequencer.core.classify.bounce_reason import Failure, diagnose
from sequencer.core.classify.bounce_stage import stage_of
from sequencer.core.classify.returned import original_ids, original_recipients, split_text
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import BounceClass, Verdict, VerdictKind
from sequencer.core.mime import InboundMail
from sequencer.core.mime_headers import find_addresses

NAME = "bounce_text"
EVENT_SENDERS = ("@sns.amazonaws.com", "@sns.amazonaws.com.cn")
"""Whom Amazon's notifications come from."""
MAX_SAID = 12_000


def check(reading: Reading) -> Verdict | None:
    """A mail server's own message that says a delivery failed; its sender and its words must agree."""
    mail = reading.mail
    proof = machine_proof(reading)
    if proof is None:
        return None
    said = split_text(mail.text)[0][:MAX_SAID]
    subject = mail.subject
    is_delay = bool(DELAY_WORDS.search(f"{subject}\n{said}")) and not _FINAL.search(f"{subject}\n{said}")
    recipients = failed_addresses(mail) or original_recipients(mail)[:1]
    diagnosis = diagnose_text(said or subject, recipients)
    if is_delay:
        return Verdict(
            kind=VerdictKind.DELAY,
            evidence=evidence(NAME, *proof),
            bounce_class=diagnosis.bounce_class if not diagnosis.is_hard else BounceClass.SOFT,
            permanence="temporary",
            reason=diagnosis.reason,
            recipients=recipients,
            original_ids=original_ids(mail),
        )
    return Verdict(
        kind=VerdictKind.BOUNCE,
        evidence=evidence(NAME, *proof),
        bounce_class=diagnosis.bounce_class,
        permanence="permanent" if diagnosis.is_permanent else "temporary",
        hard=diagnosis.is_hard,
        reason=diagnosis.reason,
        recipients=recipients,
        original_ids=original_ids(mail),
    )


_FINAL = re.compile(
    r"^returned mail|permanent (?:fatal )?error|giving up|has been returned|will not be (?:re)?tried|"
    r"could not be delivered to one or more"
    r"|delivery (?:has )?failed permanently|failed permanently|undeliverable",
    re.IGNORECASE,
)


def diagnose_text(said: str, recipients: tuple[str, ...], status: str = "") -> Failure:
    """What stands after a failed address speaks first: greetings and advice around it mislead.

    Of several addresses the first that is not dead speaks for all: nobody is suppressed by a neighbour's fate.
    """
    stage = stage_of(said)
    starts = sorted((at, len(one)) for one in recipients if (at := said.find(one)) >= 0)
    ends = [at for at, _ in starts[1:]] + [len(said)] * bool(starts)
    found = [
        diagnose(said[at + size : end][:1500], status, is_final_by_text=True, stage=stage)
        for (at, size), end in zip(starts, ends, strict=True)
    ]
    told = [one for one in found if one.reason != "undefined"]
    if told:
        return next((one for one in told if not one.is_hard), told[0])
    return diagnose(said, status, is_final_by_text=True, stage=stage)


def machine_proof(reading: Reading) -> tuple[str, str] | None:
    """Where a machine gave itself away, and what it said; None for anything a person may have written."""
    mail = reading.mail
    if failed := mail.header("x-failed-recipients"):
        return "header:X-Failed-Recipients", failed
    if "x-ms-exchange-message-is-ndr" in mail.headers:
        return "header:X-MS-Exchange-Message-Is-Ndr", mail.subject
    is_report = mail.report_type == "delivery-status"
    is_machine = is_report or is_machine_sender(mail)
    is_null = mail.header("return-path").strip() in {"<>", "<MAILER-DAEMON>", "<#@[]>"}
    # A contact's own address is no mail system, even where a gateway strips the envelope sender.
    if not is_machine and reading.context.sender_is_contact:
        return None
    words = FAILURE_WORDS.search(reading.own[:4000]) or DELAY_WORDS.search(reading.own[:4000])
    subject = SUBJECTS.search(mail.subject)
    if words and (is_machine or (subject and is_null)):
        return "text", words[0]
    if subject and is_machine:
        return "subject", subject[0]
    if not reading.cited and (bare := FORMULA.fullmatch(mail.text[:2000].strip())):
        return "text", bare[0][:80]
    return None


def is_machine_sender(mail: InboundMail) -> bool:
    """From is a mail system: by its local part or its display name, or missing under a null Return-Path."""
    local = mail.from_address.partition("@")[0]
    raw = mail.header("from")
    # Broken ones such as `<Postmaster\@host@relay>` tell by how they begin.
    is_named = MACHINES.search(local or raw) or MACHINES.match(raw.lstrip('<" '))
    is_amazon = mail.from_address.lower().endswith(EVENT_SENDERS)
    return bool(is_named or is_amazon or MACHINES.search(mail.from_name))


def failed_addresses(mail: InboundMail) -> tuple[str, ...]:
    """Failed addresses that the text or X-Failed-Recipients names, in order; empty when none is named."""
    if failed := mail.header("x-failed-recipients"):
        return find_addresses(failed, 50)
    said = split_text(mail.text)[0][:MAX_SAID]
    own = {address.lower() for address in (mail.from_address, *mail.to)}
    for form in ADDRESS_FORMS:
        named = [found for match in form.finditer(said) for found in find_addresses(match["address"], 5)]
        named = [address for address in named if address.lower() not in own]
        if named:
            return tuple(dict.fromkeys(named))[:50]
    return ()


RULE = Rule(NAME, "A mail system's own words that a delivery failed or is late.", check)
