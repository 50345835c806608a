"""Which thread a follow-up belongs to: its subject, In-Reply-To and References (RFC 5322 §3.6.4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sequencer.core.message import reply_subject
from sequencer.core.outbox import OutboxState

MAX_REFERENCES = 20
"""Ids kept: the first and the newest ones. RFC 5322 has no limit; RFC 1036 §2.2.5 shortens in the middle."""

_ID = re.compile(r"<[!-;=?-~]{3,500}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLink:
    """One earlier message to this contact in this enrollment."""

    message_id: str
    """As we minted it, angle brackets included."""
    subject: str
    """As it was sent, `Re: ` included."""
    state: OutboxState
    is_root: bool
    """It started a thread (it had no In-Reply-To)."""
    wire_id: str | None = None
    """The Message-ID the relay put in its place, once learnt: what the buyer's client holds."""


class ThreadHeaders(NamedTuple):
    """What the next message says of its thread."""

    subject: str
    in_reply_to: str | None
    references: tuple[str, ...]


def thread_headers(previous: Sequence[ThreadLink], subject: str | None) -> ThreadHeaders:
    """Subject, In-Reply-To and References of the next message; `previous` is oldest first.

    A subject of its own starts a new thread, and so does a follow-up whose thread's root did not surely
    reach the buyer (it then carries the root's subject without `Re: `): an answer to a mail that nobody
    got looks like a trick. ValueError when there is neither a subject nor an earlier message.
    """
    if subject is not None:
        return ThreadHeaders(subject, None, ())
    thread = _latest_thread(previous)
    if not thread:
        raise ValueError("Subject: a first message needs one")
    root = thread[0]
    if root.state is not OutboxState.SENT:
        return ThreadHeaders(reply_subject(root.subject).removeprefix("Re: "), None, ())
    references = _references([link for link in thread if link.state is OutboxState.SENT])
    return ThreadHeaders(reply_subject(root.subject), references[-1], references)


def _latest_thread(previous: Sequence[ThreadLink]) -> Sequence[ThreadLink]:
    """The messages from the newest root on."""
    roots = [index for index, link in enumerate(previous) if link.is_root]
    return previous[roots[-1] :] if roots else previous


def _references(thread: Sequence[ThreadLink]) -> tuple[str, ...]:
    """Every id of the thread once, the one the buyer's client holds last; shortened in the middle."""
    ids: dict[str, None] = {}
    for link in thread:
        for known in (link.message_id, link.wire_id):
            if known is not None and _ID.fullmatch(known):
                ids.setdefault(known)
    return shortened(tuple(ids))


def shortened(ids: Sequence[str]) -> tuple[str, ...]:
    """The ids, oldest first; of too many the first and the newest."""
    if len(ids) > MAX_REFERENCES:
        return (ids[0], *ids[1 - MAX_REFERENCES :])
    return tuple(ids)


def answering_headers(message_id: str | None, references: Sequence[str], subject: str) -> ThreadHeaders:
    """What an answer to a mail says of its thread: that mail's ids, then its own (RFC 5322 §3.6.4).

    Ids that no mail program could read are left out, so that one odd sender keeps nobody from answering.
    """
    known = [one for one in references if _ID.fullmatch(one)]
    answered = message_id if message_id is not None and _ID.fullmatch(message_id) else None
    ids = [*dict.fromkeys(one for one in known if one != answered), *([answered] if answered else [])]
    return ThreadHeaders(reply_subject(subject), answered, shortened(ids))
