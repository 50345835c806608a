"""Own copies: which message of ours a mail in Sent is whose id a relay replaced, judged by what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sequencer.core.html_text import text_of_html
from sequencer.core.matching import MatchKeys
from sequencer.core.mime import InboundMail
from sequencer.core.ports import FolderRole, RawMail
from sequencer.core.reply import Reply
from sequencer.core.same_text import says_the_same
from sequencer.core.seeking import is_near, may_be
from sequencer.store import replies
from sequencer.store.engine import Tx
from sequencer.store.own_texts import OwnText, own_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopy:
    """The message that a mail is a copy of."""

    outbox_id: int | None
    """None: it is a rep's answer from the command line."""
    reply_id: int | None = None
    is_by_text: bool
    """False: by address, subject and time alone, where one of the two texts is not there to compare."""


@dataclass(slots=True)
class OwnCopies:
    """The texts that one batch is compared with."""

    _texts: Mapping[str, Sequence[OwnText]] = field(default_factory=dict)
    _taken: set[tuple[int | None, int | None]] = field(default_factory=set)

    def copy(self, raw: RawMail, mail: InboundMail, keys: MatchKeys) -> OwnCopy | None:
        """A mail in Sent with an unknown id: the message of ours that it is, else None (written by hand).

        A relay may file a message twice, so that the same text is ours however often it lies there. Where
        the texts cannot be compared, a message has one copy under another id and no more.
        """
        for key in keys.recipient_keys:
            for ours in self._texts.get(key, ()):
                near = is_near(ours.sending_at, raw.received_at, mail.date_at)
                if not near or not may_be(ours.subject, mail.subject):
                    continue
                is_same = is_copy(ours.text, ours.html, raw.raw, mail)
                if is_same:
                    return OwnCopy(outbox_id=ours.outbox_id, reply_id=ours.reply_id, is_by_text=True)
                which = (ours.outbox_id, ours.reply_id)
                if is_same is None and not ours.has_wire_id and which not in self._taken:
                    self._taken.add(which)
                    return OwnCopy(outbox_id=ours.outbox_id, reply_id=ours.reply_id, is_by_text=False)
        return None


def is_copy(text: str, html: str, raw: bytes, mail: InboundMail) -> bool | None:
    """Whether a mail says what our text, or our HTML, says; None when either says nothing to compare.

    A server that gives no more than heads (`MessageFetcher`) leaves nothing below the empty line.
    """
    if not raw.replace(b"\r", b"").partition(b"\n\n")[2].strip():
        return None
    return says_the_same((text, text_of_html(html)), mail.text)


def copies_of_batch(
    tx: Tx,
    parsed: Sequence[tuple[RawMail, InboundMail]],
    keys: Sequence[MatchKeys],
    known: Mapping[str, object],
) -> OwnCopies:
    """What mail in Sent under ids that are not among `known` may be a copy of."""
    addresses = {
        key
        for (raw, mail), one in zip(parsed, keys, strict=True)
        if raw.role in (FolderRole.SENT, FolderRole.ALL) and mail.message_id not in known
        for key in one.recipient_keys
    }
    return OwnCopies(_texts_to(tx, addresses) if addresses else {})


def _texts_to(tx: Tx, addresses: set[str]) -> dict[str, list[OwnText]]:
    found = own_texts(tx, addresses)
    for key, answers in replies.to_addresses(tx, addresses).items():
        said = [_own_text(one, one.sending_at) for one in answers if one.sending_at is not None]
        found[key] = sorted(said + found.get(key, []), key=lambda one: one.sending_at, reverse=True)
    return found


def _own_text(reply: Reply, sending_at: datetime) -> OwnText:
    return OwnText(
        outbox_id=None,
        reply_id=reply.id,
        address_key=reply.address_key,
        subject=reply.subject,
        text=reply.text,
        html=reply.html,
        sending_at=sending_at,
        has_wire_id=reply.wire_id is not None,
    )
