"""Three threads of a demo, told as both sides saw them: what we wrote, what came back, what it did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from sequencer.core.address import address_key
from sequencer.core.enrollment import Enrollment
from sequencer.core.zones import place_of
from sequencer.demo.buyer import Buyer, Temper
from sequencer.demo.campaign import Campaign
from sequencer.demo.receipt import Receipt
from sequencer.store import contacts, enrollments, inbox
from sequencer.store.inbox import Answer

_TOLD = (
    (Temper.REPLY, Temper.QUESTION),
    (Temper.OUT_OF_OFFICE,),
    (Temper.UNSUBSCRIBE_WORDS, Temper.UNSUBSCRIBE_BUTTON),
)
"""A thread for each: the tempers it may be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a thread."""

    at: datetime
    is_ours: bool
    subject: str
    text: str
    """Its first lines, as one."""
    did: str = ""
    """What an answer did, in the words of `inbox list`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Everything that passed between us and one buyer."""

    buyer: Buyer
    zone: str
    """The buyer's own (IANA)."""
    turns: tuple[Turn, ...]
    end: str
    """How the enrollment stands."""


def threads(campaign: Campaign) -> list[Thread]:
    """A reply, an out-of-office and an opt-out: of each the one with the most messages before it."""
    habits, buyers = campaign.stage.habits, campaign.stage.buyers
    told = []
    for tempers in _TOLD:
        fitting = [
            (habit.at_message, address)
            for address, habit in habits.items()
            if habit.temper in tempers and address in {one.buyer for one in campaign.answers}
        ]
        if fitting:
            told.append(_thread(campaign, buyers[address_key(max(fitting)[1])]))
    return told


def _thread(campaign: Campaign, buyer: Buyer) -> Thread:
    stage = campaign.stage
    key = address_key(buyer.address)
    with stage.engine.store.read() as tx:
        contact = contacts.contact_at(tx, key)
        if contact is None:
            raise LookupError(f"{buyer.address} was enrolled, so it is a contact")
        answers = inbox.listed(tx, contact_id=contact.id)
        (enrollment,) = enrollments.listed(tx, contact_ids=[contact.id])
    ours = [receipt for receipt in stage.host.receipts if address_key(receipt.recipient) == key]
    turns = [*map(_our_turn, ours), *map(_their_turn, answers)]
    return Thread(
        buyer=buyer,
        zone=place_of(contact, stage.engine.config.default_zone).zone,
        turns=tuple(sorted(turns, key=lambda turn: turn.at)),
        end=_end(enrollment),
    )


def _our_turn(receipt: Receipt) -> Turn:
    message = message_from_bytes(receipt.raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes EmailMessage")
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    return Turn(at=receipt.at, is_ours=True, subject=str(message["Subject"]), text=_opening(text))


def _their_turn(answer: Answer) -> Turn:
    return Turn(
        at=answer.received_at,
        is_ours=False,
        subject=answer.subject or "",
        text=_opening(answer.own_text or ""),
        did="; ".join(answer.effects),
    )


def _opening(text: str) -> str:
    """The text behind its greeting, as one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(_without_greeting(lines))


def _without_greeting(lines: list[str]) -> Iterator[str]:
    has_greeting = len(lines) > 1 and lines[0].endswith((",", "，", ":", "："))
    return iter(lines[1:] if has_greeting else lines)


def _end(enrollment: Enrollment) -> str:
    if enrollment.finish_reason is not None:
        return f"finished: {enrollment.finish_reason.value}"
    if enrollment.hold is not None:
        return f"held: {enrollment.hold.reason.value}"
    return f"active, next step {enrollment.step}"
