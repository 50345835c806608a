"""A recorded message as a verdict and a match again, so that the table of effects can be asked anew."""

from sequencer.core.address import company_domain, key_or_none
from sequencer.core.inbound import MatchVia, Verdict
from sequencer.core.matching import Match
from sequencer.core.verdict_document import verdict_from
from sequencer.errors import InputError
from sequencer.store import inbox, outbox
from sequencer.store.engine import Tx
from sequencer.store.inbox import Answer


def the_answer(tx: Tx, answer_id: int) -> Answer:
    """The message of that id; InputError when there is none."""
    answer = inbox.by_id(tx, answer_id)
    if answer is None:
        raise InputError(f"there is no incoming message {answer_id}", hint="see `sequencer inbox list`")
    return answer


def verdict_of(answer: Answer) -> Verdict:
    """What it is taken for."""
    return verdict_from(answer.kind, answer.verdict, answer.own_text or "")


def match_of(tx: Tx, answer: Answer) -> Match | None:
    """Whom it was matched to; None for a message that concerns nobody."""
    if answer.contact_id is None:
        return None
    row = outbox.by_id(tx, answer.outbox_id) if answer.outbox_id is not None else None
    sender = answer.from_address or ""
    return Match(
        contact_id=answer.contact_id,
        via=MatchVia(answer.match_via or MatchVia.FROM),
        outbox_id=answer.outbox_id,
        enrollment_id=answer.enrollment_id,
        address_key=row.address_key if row else None,
        sender_key=key_or_none(sender) or "",
        sender_is_contact=answer.match_via == MatchVia.FROM,
        domain=company_domain(sender) if "@" in sender else "",
    )
