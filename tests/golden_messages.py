"""The golden messages of tests/messages and the small invented world they answer."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.inbound import Evidence, Verdict, VerdictKind
from sequencer.core.matching import KeyFunctions, Match, MatchKeys, PrefetchedIndex, SentRef, keys_of, match
from sequencer.core.mime import InboundMail, parse_mail
from sequencer.core.ports import FolderRole, RawMail
from sequencer.flows.own_copies import OwnCopies
from sequencer.store.own_texts import OwnText

FOLDER = Path(__file__).parent / "messages"
WORLD: dict[str, Any] = json.loads((FOLDER / "sent.json").read_text(encoding="utf-8"))
RECEIVED_AT = datetime.fromisoformat(WORLD["received_at"])
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))


def _key(address: str) -> str:
    return address.strip().lower()


def _company(address: str) -> str:
    domain = address.rpartition("@")[2].lower()
    return "" if domain in WORLD["free_mail"] else ".".join(domain.split(".")[-2:])


MAKE = KeyFunctions(
    address_key=_key,
    company_domain=_company,
    find_tokens=lambda text: re.findall(r"\bt-[0-9a-f]{4}qwerty\d{6}\b", text),
)


def _index() -> PrefetchedIndex:
    sent: dict[str, SentRef] = {}
    tokens: dict[str, SentRef] = {}
    contacts: dict[str, int] = {}
    companies: dict[str, tuple[int, ...]] = {}
    recent: dict[str, SentRef] = {}
    for row in WORLD["sent"]:
        key = _key(row["address"])
        ref = SentRef(
            outbox_id=row["outbox_id"],
            enrollment_id=row["enrollment_id"],
            contact_id=row["contact_id"],
            address_key=key,
        )
        sent.update({row[name].lower(): ref for name in ("message_id", "wire_id") if name in row})
        tokens[row["token"]] = recent[key] = ref
        contacts[key] = row["contact_id"]
        if domain := _company(key):
            companies[domain] = (row["contact_id"],)
    return PrefetchedIndex(sent=sent, tokens=tokens, contacts=contacts, companies=companies, recent=recent)


INDEX = _index()


def _copied(message: bytes, mail: InboundMail, keys: MatchKeys, role: FolderRole) -> bool:
    """Whether it says what one of our messages says, whatever its id."""
    texts: dict[str, list[OwnText]] = {}
    for row in WORLD["sent"]:
        if "text" in row:
            one = OwnText(
                outbox_id=row["outbox_id"],
                address_key=_key(row["address"]),
                subject=row["subject"],
                text=row["text"],
                html="",
                sending_at=datetime.fromisoformat(row["sending_at"]),
                has_wire_id=False,
            )
            texts.setdefault(one.address_key, []).append(one)
    raw = RawMail(folder="Sent", uid_validity=1, uid=1, received_at=RECEIVED_AT, raw=message, role=role)
    return OwnCopies(texts).copy(raw, mail, keys) is not None


@dataclass(frozen=True)
class Outcome:
    mail: InboundMail
    keys: MatchKeys
    verdict: Verdict
    match: Match | None


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def outcome(message: bytes, folder: str = "inbox") -> Outcome:
    """Parse, classify and match one message in the golden world, as the reading flow does."""
    mail = parse_mail(message)
    keys = keys_of(mail, MAKE)
    subjects = {row["outbox_id"]: row["subject"] for row in WORLD["sent"]}
    answered = next((INDEX.sent[i.lower()] for i in keys.answered_ids if i.lower() in INDEX.sent), None)
    context = ClassifyContext(
        received_at=RECEIVED_AT,
        own_addresses=frozenset(WORLD["own_addresses"]),
        is_ours=lambda message_id: message_id.lower() in INDEX.sent,
        has_our_token=any(token in INDEX.tokens for token in keys.tokens),
        sent_subject=subjects[answered.outbox_id] if answered else None,
        folder_role=FolderRole(folder),
        sender_is_contact=keys.sender_key in INDEX.contacts,
        sender_is_company=keys.domain in INDEX.companies,
    )
    verdict = classify(mail, context)
    if verdict.kind is VerdictKind.HAND_WRITTEN and _copied(message, mail, keys, context.folder_role):
        evidence = (Evidence(rule="sent_copy", where="text", span=mail.subject),)
        verdict = Verdict(kind=VerdictKind.OWN_COPY, evidence=evidence)
    found = None if verdict.kind is VerdictKind.HAND_WRITTEN else match(mail, verdict, keys, INDEX, MAKE)
    return Outcome(mail, keys, verdict, found)
