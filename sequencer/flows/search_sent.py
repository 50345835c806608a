"""Search Sent: which mail there is a message or an answer of ours that may have left or not."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.config import Config
from sequencer.core.address import key_or_none
from sequencer.core.ports import SentHead, SentHeads
from sequencer.core.seeking import is_near, may_be
from sequencer.flows.engine import Engine
from sequencer.store import copies, replies, written

_CLOCK_SLACK = timedelta(hours=1)
"""How far a server's INTERNALDATE may lie before our own time of sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for."""

    id: int
    """Of the message or answer."""
    message_ids: tuple[str, ...]
    """The minted one, and the one a relay gave it where that is known."""
    address_key: str
    subject: str | None
    sending_at: datetime
    text: str
    html: str

    def may_be(self, head: SentHead) -> bool:
        """By address, subject and time, where a relay gave it another id."""
        if not may_be(self.subject, head.subject) or not is_near(self.sending_at, head.received_at):
            return False
        return self.address_key in {key_or_none(one) for one in head.recipients}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCopy:
    """A mail in Sent that is what was looked for."""

    head: SentHead
    other_id: str | None
    """The Message-ID it bears there, where that is another than those we know."""


def search_sent(
    engine: Engine, reader: str, heads: SentHeads, wanted: Sequence[Sought]
) -> dict[int, FoundCopy]:
    """What Sent of mailbox `reader` holds of these, by `Sought.id`: by Message-ID, else by looks and text.

    ReadFailure as SentHeads.
    """
    with engine.store.read() as tx:
        learnt = copies.habit(tx, reader).sent_folder
    by_id = {one.lower(): sought for sought in wanted for one in sought.message_ids}
    found: dict[int, FoundCopy] = {}
    others: list[tuple[Sought, SentHead]] = []
    for head in heads.sent_since(min(one.sending_at for one in wanted) - _CLOCK_SLACK, learnt):
        known = next((by_id[one] for one in map(str.lower, head.message_ids) if one in by_id), None)
        if known is not None:
            found.setdefault(known.id, _copy(head, by_id.keys()))
        else:
            others += [(one, head) for one in wanted if one.may_be(head)]
    for sought, head in _unknown(engine, others):
        if sought.id not in found and _says_the_same(sought, heads.raw_of(head)):
            found[sought.id] = _copy(head, ())
    return found


def filed_in(config: Config, mailbox: str) -> set[str]:
    """The mailboxes, those that are gone too, whose Sent or answers lie in this one."""
    names = {box.name for box in config.mailboxes if box.reader_name == mailbox} | {mailbox}
    return names | {gone.name for gone in config.retired if gone.replies_in == mailbox}


def _copy(head: SentHead, known: Collection[str]) -> FoundCopy:
    first = next(iter(head.message_ids), None)
    return FoundCopy(head=head, other_id=first if first and first.lower() not in known else None)


def _unknown(engine: Engine, others: Sequence[tuple[Sought, SentHead]]) -> Iterable[tuple[Sought, SentHead]]:
    """Those whose ids are no other message's of ours."""
    if not others:
        return []
    ids = {one for _sought, head in others for one in head.message_ids}
    with engine.store.read() as tx:
        ours = written.by_message_ids(tx, ids).keys() | replies.by_message_ids(tx, ids).keys()
    return [(sought, head) for sought, head in others if not ours & set(head.message_ids)]


def _says_the_same(sought: Sought, raw: bytes) -> bool:
    from sequencer.core.mime import parse_mail
    from sequencer.flows.own_copies import is_copy

    return is_copy(sought.text, sought.html, raw, parse_mail(raw)) is True
