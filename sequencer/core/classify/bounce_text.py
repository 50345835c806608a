"""Bounces and delays that are plain text: qmail, Exim, sendmail, Gmail, Chinese and older systems."""

import re

from sequencer.core.address import registrable_domain
from sequencer.core.classify.bounce_forms import (
    ADMINISTRATORS,
    DELAY_WORDS,
    FAILURE_WORDS,
    FORMULA_LINE,
    LOCAL_NAME,
    MACHINES,
    MAIL_PROGRAMS,
    REPORT_TITLE,
    SAID_OF_DELIVERY,
    STRONG_FORMS,
    SUBJECTS,
    TRANSCRIPT,
    UNMANNED,
    WEAK_FORMS,
)
from sequencer.core.classify.bounce_recipients import MAX_DIAGNOSED, diagnose_each, failures_of, spoken_for
from sequencer.core.classify.returned import original_ids, original_recipients, split_text
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import BounceClass, Verdict, VerdictKind
from sequencer.core.mime import InboundMail
from sequencer.core.mime_headers import find_addresses
from sequencer.core.own_text import own_text
from sequencer.core.subject import answer_mark

NAME = "bounce_text"
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
    each = diagnose_each(said or subject, recipients)
    diagnosis = spoken_for(each, said or subject, recipients)
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
    is_each_known = 1 < len(recipients) <= MAX_DIAGNOSED
    told = [each.get(one, diagnosis) for one in recipients] if is_each_known else []
    failures = failures_of(recipients, told, len(told)) if told else ()
    return Verdict(
        kind=VerdictKind.BOUNCE,
        evidence=evidence(NAME, *proof),
        bounce_class=diagnosis.bounce_class,
        permanence="permanent" if diagnosis.is_permanent else "temporary",
        hard=diagnosis.is_hard or any(one.hard for one in failures),
        failures=failures,
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


def machine_proof(reading: Reading) -> tuple[str, str] | None:
    """Where a machine gave itself away, and what it said; None for anything a person may have written."""
    mail = reading.mail
    if failed := mail.header("x-failed-recipients"):
        return "header:X-Failed-Recipients", failed
    if "x-ms-exchange-message-is-ndr" in mail.headers:
        return "header:X-MS-Exchange-Message-Is-Ndr", mail.subject
    is_report = mail.report_type == "delivery-status"
    # fml, a list server, mints such ids for its own refusals; what members post keeps theirs.
    is_fml = "x-mlserver" in mail.headers and ".FML" in (mail.message_id or "")
    is_machine = is_report or is_fml or is_machine_sender(mail)
    is_null = mail.header("return-path").strip() in {"<>", "<MAILER-DAEMON>", "<#@[]>"}
    # A contact's own address is no mail system, even where a gateway strips the envelope sender.
    if not is_machine and reading.context.sender_is_contact:
        return None
    if not reading.cited and is_formula(mail.text.strip()):
        return "text", mail.text[:80]
    if not (is_report or is_fml) and _is_typed(reading, is_machine=is_machine, is_null=is_null):
        return None
    if not (is_machine or is_null) or not (is_report or is_fml or _says_which(mail)):
        return None
    words = FAILURE_WORDS.search(reading.own[:4000]) or DELAY_WORDS.search(reading.own[:4000])
    subject = SUBJECTS.search(mail.subject)
    if words and (is_machine or (subject and is_null)):
        return "text", words[0]
    if subject and is_machine:
        return "subject", subject[0]
    return None


def _is_typed(reading: Reading, *, is_machine: bool, is_null: bool) -> bool:
    """A colleague of a contact, or a postmaster who answers by hand: with `Re:`, or a mail program."""
    mail = reading.mail
    if reading.auto_submitted or mail.returned or mail.delivery_status:
        return False
    if not is_machine:
        return reading.context.sender_is_company
    if is_null or UNMANNED.search(mail.header("from")):
        return False
    program = f"{mail.header('user-agent')} {mail.header('x-mailer')}"
    is_answer = answer_mark(mail.subject) and not TRANSCRIPT.search(mail.text[:MAX_SAID])
    return bool(is_answer or MAIL_PROGRAMS.search(program))


def _says_which(mail: InboundMail) -> bool:
    """Whether it names a failed address, a code or the mail it returns, as people with such names don't."""
    if mail.returned or mail.delivery_status:
        return True
    said = split_text(mail.text)[0][:MAX_SAID]
    if len(said) < len(mail.text[:MAX_SAID]):
        return True
    own = [mail.from_address.lower(), *(address.lower() for address in mail.to)]
    found = (match[0].lower() for match in SAID_OF_DELIVERY.finditer(own_text(said)))
    # A cut may have left the beginning of ours.
    return any(not any(address.startswith(one) for address in own) for one in found)


def is_formula(text: str) -> bool:
    """Whether a text is a gateway's report and nothing else, so that no person's word can be in it."""
    if REPORT_TITLE.match(text):
        return True
    lines = [line.strip() for line in text[:2000].split("\n") if line.strip()]
    told = [FORMULA_LINE.fullmatch(line) for line in lines[:20]]
    return (
        len(lines) <= 20
        and all(told)
        and any(one["formula"] for one in told if one)
        and any(one["address"] for one in told if one)
    )


def is_machine_sender(mail: InboundMail) -> bool:
    """From is a mail system: by its local part or its display name, or missing under a null Return-Path."""
    local = mail.from_address.partition("@")[0]
    raw = mail.header("from")
    # Broken ones such as `<Postmaster\@host@relay>` tell by how they begin.
    is_named = MACHINES.search(local or raw) or MACHINES.match(raw.lstrip('<" '))
    return bool(is_named or MACHINES.search(mail.from_name) or ADMINISTRATORS.fullmatch(mail.from_name))


def failed_addresses(mail: InboundMail) -> tuple[str, ...]:
    """Failed addresses that the text or X-Failed-Recipients names, in order; empty when none is named."""
    if failed := mail.header("x-failed-recipients"):
        return find_addresses(failed, 50)
    said = split_text(mail.text)[0][:MAX_SAID]
    sender = mail.from_address.lower()
    if named := _by_form(STRONG_FORMS, said, {sender}):
        return named
    if local := LOCAL_NAME.search(said):
        return (f"{local['local']}@{_domain_of(sender)}",)
    return _by_form(WEAK_FORMS, said, {sender, *(address.lower() for address in mail.to)})


def _domain_of(sender: str) -> str:
    try:
        return registrable_domain(sender)
    except ValueError:
        return sender.partition("@")[2]


def _by_form(forms: tuple[re.Pattern[str], ...], said: str, own: set[str]) -> tuple[str, ...]:
    for form in forms:
        named = [found for match in form.finditer(said) for found in find_addresses(match["address"], 5)]
        named = [address for address in named if address.lower() not in own]
        if named:
            return tuple(dict.fromkeys(named))[:50]
    return ()


RULE = Rule(NAME, "A mail system's own words that a delivery failed or is late.", check)
