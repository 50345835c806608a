"""Reply proofs: what was just read shows that an answer in doubt left, or that its copy lies in Sent."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sequencer.core.ports import is_in_sent
from sequencer.core.reply import Reply, ReplyState
from sequencer.flows import mail_log
from sequencer.flows.prove_sent import BY_KIND
from sequencer.store import replies
from sequencer.store.engine import Tx

if TYPE_CHECKING:  # loads what recognises mail
    from sequencer.flows.recognise import Recognised


def prove_replies(tx: Tx, read: "Sequence[Recognised]", now: datetime) -> None:
    """Held against the answers in doubt, as `prove_by_mail` does for messages; copies need no filing then."""
    words: dict[int, str] = {}
    wire_ids: dict[int, str | None] = {}
    filed: set[int] = set()
    for one in read:
        if one.own_reply is not None:
            is_draft = any(label.strip("\\").lower() in ("draft", "drafts") for label in one.raw.labels)
            if not (is_draft or one.is_copy_by_subject_alone):
                words.setdefault(one.own_reply, f"found in {one.raw.folder}")
                wire_ids.setdefault(one.own_reply, one.mail.message_id)
            if is_in_sent(one.raw):
                filed.add(one.own_reply)
        elif one.verdict.kind in BY_KIND:
            for cited in _cited(one):
                words.setdefault(cited, "it was answered")
    if words:
        for reply in replies.by_ids(tx, words):
            wire_id = wire_ids.get(reply.id)
            if wire_id is not None and wire_id.lower() != reply.message_id.lower():
                replies.learn_wire_id(tx, reply.id, wire_id)
            prove_reply(tx, reply, words[reply.id], now)
    if filed:
        replies.expect_copies(tx, sorted(filed), None)


def prove_reply(tx: Tx, reply: Reply, words: str, now: datetime, *, wire_id: str | None = None) -> bool:
    """An answer in doubt counts as sent at the time it left."""
    if reply.state is not ReplyState.UNSURE or not replies.prove(tx, reply, words, now, wire_id=wire_id):
        return False
    mail_log.mailbox_event(logging.INFO, "proved sent", reply.mailbox, f"answer {reply.id}: {words}")
    return True


def _cited(one: "Recognised") -> list[int]:
    ids = (*one.keys.answered_ids, *one.keys.original_ids)
    found = (one.index.sent.get(each) or one.index.sent.get(each.lower()) for each in ids)
    return [ref.reply_id for ref in found if ref is not None and ref.reply_id is not None]
