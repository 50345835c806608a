"""A message of ours as the demo's server receives it, and an answer to it read as the daemon reads one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from sequencer.core.address import address_key
from sequencer.core.body import encode_attachment
from sequencer.core.classify import ClassifyContext, classify
from sequencer.core.effects import VerdictCase, case_of
from sequencer.core.inbound import Verdict
from sequencer.core.matching import Match, PrefetchedIndex, SentRef, keys_of, match, match_recipients
from sequencer.core.message import MessageParts, Party, assemble, mint_message_id, unsubscribe_uri
from sequencer.core.mime import parse_mail
from sequencer.core.outbox import Headers
from sequencer.core.ports import FolderRole
from sequencer.core.token import unsubscribe_token
from sequencer.demo.buyer import Answer, Buyer
from sequencer.demo.receipt import Receipt
from sequencer.flows.recognise import KEYS

REP = "li.wei@harbourtools.example"
KEY = bytes(32)
SENT_AT = datetime(2026, 3, 4, 8, 20, tzinfo=UTC)
"""A Wednesday."""

TEXT = """Dear {name},

we are Harbour Tools from Ningbo and make garden tools for importers like {company}.
Until 20 March the spring prices of our forged pruners hold; are 500 pcs of interest?

Best regards,
Li Wei
Export Manager, Harbour Tools Co., Ltd.

If this is nothing for you, answer "unsubscribe" and you will not hear from me again.
Harbour Tools Co., Ltd., 88 Harbour Road, Beilun, Ningbo 315800, China
"""


@cache
def a_receipt(buyer: Buyer, *, is_follow_up: bool = False, attachment: bytes = b"") -> Receipt:
    """One message to the buyer, made by the program's own assembly."""
    first = mint_message_id("harbourtools.example", "ab" * 16)
    subject = "Forged pruners for the spring season"
    headers = Headers(
        message_id=mint_message_id("harbourtools.example", "cd" * 16) if is_follow_up else first,
        date_at=SENT_AT,
        subject=f"Re: {subject}" if is_follow_up else subject,
        in_reply_to=first if is_follow_up else None,
        references=(first,) if is_follow_up else (),
    )
    text = TEXT.format(name=buyer.name, company=buyer.company)
    files = (encode_attachment("catalogue.pdf", "application/pdf", attachment),) if attachment else ()
    outgoing = assemble(
        MessageParts(
            sender=Party(address=REP, name="Li Wei 李伟"),
            recipient=Party(address=buyer.address, name=buyer.name),
            headers=headers,
            zone="Asia/Shanghai",
            text=text,
            html=f"<p>{text}</p>",
            list_unsubscribe=(unsubscribe_uri(REP, unsubscribe_token(KEY, 7)),),
            attachments=files,
        )
    )
    raw = b"".join(outgoing.pieces)
    at = SENT_AT + timedelta(seconds=3)
    return Receipt(at=at, sender=REP, recipient=buyer.address, raw=raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the program makes of an answer."""

    verdict: Verdict
    match: Match | None
    case: VerdictCase
    hand_written_to: tuple[int, ...]


def understood(answer: Answer, buyer: Buyer, receipt: Receipt) -> Understood:
    """Parse, classify and match: contact 1 is the buyer, who was sent message 11 of enrollment 7."""
    sent = SentRef(outbox_id=11, enrollment_id=7, contact_id=1, address_key=address_key(buyer.address))
    ours = parse_mail(receipt.raw)
    mail = parse_mail(answer.raw)
    keys = keys_of(mail, KEYS)
    index = PrefetchedIndex(
        sent={str(ours.message_id): sent},
        tokens={unsubscribe_token(KEY, 7): sent},
        contacts={sent.address_key: 1},
        companies={KEYS.company_domain(buyer.address): (1,)},
    )
    answered = [index.sent[one] for one in keys.message_ids if one in index.sent]
    context = ClassifyContext(
        received_at=answer.at,
        own_addresses=frozenset({REP}),
        is_ours=lambda message_id: message_id in index.sent,
        has_our_token=any(token in index.tokens for token in keys.tokens),
        sent_subject=ours.subject if answered else None,
        folder_role=FolderRole.SENT if answer.is_sent_copy else FolderRole.INBOX,
        sender_is_contact=keys.sender_key in index.contacts,
        sender_is_company=bool(keys.domain and index.by_domain(keys.domain)),
        language=buyer.language if answered or keys.sender_key in index.contacts else None,
    )
    verdict = classify(mail, context)
    found = None if answer.is_sent_copy else match(mail, verdict, keys, index, KEYS)
    written_to = tuple(one.contact_id for one in match_recipients(keys, index))
    return Understood(verdict=verdict, match=found, case=case_of(verdict, found), hand_written_to=written_to)
