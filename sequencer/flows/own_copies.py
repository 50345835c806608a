"""Own copies: which message of ours a mail in Sent is whose id a relay replaced, judged by what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sequencer.core.html_text import text_of_html
from sequencer.core.matching import MatchKeys
from sequencer.core.mime import InboundMail
from sequencer.core.ports import FolderRole, RawMail
from sequencer.core.same_text import says_the_same
from sequencer.core.seeking import is_near, may_be
from sequencer.store.engine import Tx
from sequencer.store.own_texts import OwnText, own_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopy:
    """The message that a mail is a copy of."""

    outbox_id: int
    is_by_text: bool
    """False: by address, subject and time alone, where one of the two texts is not there to compare."""


@dataclass(slots=True)
class OwnCopies:
    """The texts that one batch is compared with."""

    _texts: Mapping[str, Sequence[OwnText]] = field(default_factory=dict)
    _taken: set[int] = field(default_factory=set)

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
                    return OwnCopy(outbox_id=ours.outbox_id, is_by_text=True)
                if is_same is None and not ours.has_wire_id and ours.outbox_id not in self._taken:
                    self._taken.add(ours.outbox_id)
                    return OwnCopy(outbox_id=ours.outbox_id, is_by_text=False)
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
    return OwnCopies(own_texts(tx, addresses) if addresses else {})
