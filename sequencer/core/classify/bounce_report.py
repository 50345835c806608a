"""Bounces, delays and delivery receipts in the standard form (RFC 3464)."""

import re
from dataclasses import dataclass

from sequencer.core.classify.bounce_reason import Failure, diagnose
from sequencer.core.classify.bounce_recipients import (
    MAX_DIAGNOSED,
    diagnose_text,
    failures_of,
    gravest_common,
)
from sequencer.core.classify.bounce_stage import stage_of
from sequencer.core.classify.bounce_text import failed_addresses
from sequencer.core.classify.returned import original_ids, original_recipients, split_text
from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import BounceClass, Verdict, VerdictKind
from sequencer.core.mime_headers import Fields, find_address

NAME = "bounce_report"

_SUCCESS = frozenset({"delivered", "relayed", "expanded"})
_EXPANDED = re.compile(
    r"<([^<>\s]{3,200})>\s*\((?:expanded|generated) from\s*<?([^<>()\s]{3,200}@[^<>()\s]{3,200})>?\)"
)


@dataclass(frozen=True, slots=True)
class _Recipient:
    address: str
    action: str
    status: str
    diagnostic: str


def check(reading: Reading) -> Verdict | None:
    """The fields of a delivery-status part."""
    return verdict_of(reading, list(reading.mail.delivery_status), "part:delivery-status")


def verdict_of(reading: Reading, blocks: list[Fields], where: str) -> Verdict | None:
    """Action beats status class: `delayed` is no failure, `failed` with 4.x.x is a final temporary one."""
    blocks = [one for block in blocks for one in _apart(block) if _is_recipient(one)]
    if not blocks:
        return None
    recipients = [_recipient(block) for block in blocks]
    failed = [one for one in recipients if one.action == "failed"]
    if failed:
        return _bounce(reading, failed, [one for one in recipients if one.action == "delayed"], where)
    kind = VerdictKind.DELAY if any(one.action == "delayed" for one in recipients) else VerdictKind.RECEIPT
    chosen = [one for one in recipients if kind is VerdictKind.RECEIPT or one.action == "delayed"]
    diagnosis = _diagnosis(reading, chosen[0])
    return Verdict(
        kind=kind,
        evidence=evidence(NAME, where, f"Action: {chosen[0].action} Status: {chosen[0].status}"),
        bounce_class=diagnosis.bounce_class if kind is VerdictKind.DELAY else None,
        permanence="temporary" if kind is VerdictKind.DELAY else None,
        reason=diagnosis.reason if kind is VerdictKind.DELAY else "delivered",
        recipients=_addresses(reading, chosen),
        original_ids=original_ids(reading.mail),
    )


def _bounce(reading: Reading, failed: list[_Recipient], delayed: list[_Recipient], where: str) -> Verdict:
    named = [*failed, *delayed]
    diagnoses = [_diagnosis(reading, one) for one in named[:MAX_DIAGNOSED]]
    first = gravest_common(diagnoses[: len(failed)])
    addresses = _addresses(reading, named)
    is_each_known = len(named) == len(addresses) <= MAX_DIAGNOSED
    failures = failures_of(addresses, diagnoses, len(failed)) if is_each_known else ()
    return Verdict(
        kind=VerdictKind.BOUNCE,
        evidence=evidence(NAME, where, f"Action: failed Status: {failed[0].status} {failed[0].diagnostic}"),
        bounce_class=first.bounce_class if len(failed) <= MAX_DIAGNOSED else BounceClass.SOFT,
        permanence="permanent" if first.is_permanent else "temporary",
        hard=(first.is_hard and len(failed) <= MAX_DIAGNOSED) or any(one.hard for one in failures),
        reason=first.reason,
        recipients=addresses,
        failures=failures,
        original_ids=original_ids(reading.mail),
    )


def _apart(block: Fields) -> list[Fields]:
    """One block per recipient, also where the blank line between two is missing."""
    if len(block.every("final-recipient")) < 2:
        return [block]
    first = next(name for name, _ in block.items if name in {"original-recipient", "final-recipient"})
    groups: list[list[tuple[str, str]]] = []
    for name, value in block.items:
        if name == first:
            groups.append([])
        if groups:
            groups[-1].append((name, value))
    return [Fields(tuple(group)) for group in groups]


def _is_recipient(block: Fields) -> bool:
    return any(
        name in block
        for name in ("final-recipient", "original-recipient", "action", "status", "x-actual-recipient")
    )


def _recipient(block: Fields) -> _Recipient:
    address = ""
    for name in ("original-recipient", "x-display-name", "final-recipient", "x-actual-recipient"):
        address = address or find_address(_unwrapped(block.first(name)))
    status = block.first("status").strip()
    match = re.search(r"[245]\.\d{1,3}\.\d{1,3}", status)
    words = re.match(r"[a-z]+", block.first("action").strip().lower())
    action = words[0] if words else ""
    diagnostic = block.first("diagnostic-code")
    if action in _SUCCESS or action in {"failed", "delayed"}:
        pass
    elif action.startswith("fail") or not match or match[0][0] == "5":
        action = "failed"
    else:
        action = "delivered" if match[0][0] == "2" else "delayed"
    return _Recipient(
        address, action, match[0] if match else "", re.sub(r"^\s*[\w-]{1,30}\s*;\s*", "", diagnostic)
    )


def _unwrapped(value: str) -> str:
    """`rfc822; user@host`, with or without its type, brackets and comments."""
    return value.partition(";")[2] or value


def _addresses(reading: Reading, recipients: list[_Recipient]) -> tuple[str, ...]:
    """What the fields say; an alias named in the text (`expanded from`) is the address we wrote to."""
    said = split_text(reading.mail.text)[0]
    aliases = {match[1].lower(): match[2] for match in _EXPANDED.finditer(said[:20_000])}
    named = [aliases.get(one.address.lower(), one.address) for one in recipients if one.address]
    if not named:
        named = list(failed_addresses(reading.mail) or original_recipients(reading.mail)[:1])
    return tuple(dict.fromkeys(named))


def _diagnosis(reading: Reading, one: _Recipient) -> Failure:
    """From the server's answer; where that field says nothing, from the text a person would read."""
    said = split_text(reading.mail.text)[0][:6000]
    failure = diagnose(one.diagnostic.strip(), one.status, stage=stage_of(f"{said}\n{one.diagnostic}"))
    if len(one.diagnostic) > 12 or one.status[2:] not in {"", "0.0", "5.0"}:
        return failure
    return diagnose_text(said, (one.address,) if one.address else (), one.status)


RULE = Rule(NAME, "A delivery status report.", check)
