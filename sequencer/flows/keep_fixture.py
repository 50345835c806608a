"""Keep fixture: a message that was judged wrongly, with what it is and what it was to answer."""

from pathlib import Path
from typing import Any

from sequencer.core.inbound import VerdictKind
from sequencer.core.wall_time import utc_text
from sequencer.files.corpus_folder import keep_fixture
from sequencer.flows.engine import Engine
from sequencer.flows.stored_answer import the_answer, verdict_of
from sequencer.store.engine import Tx
from sequencer.store.inbox import Answer
from sequencer.store.marks import corrections_of
from sequencer.store.sent_to import SentMail, sent_to_contact

_RETURNED = (VerdictKind.BOUNCE, VerdictKind.DELAY)


def keep_as_fixture(engine: Engine, answer_id: int, raw: bytes) -> Path:
    """Write a corrected message into the workspace's corpus; returns its file."""
    with engine.store.read() as tx:
        answer = the_answer(tx, answer_id)
        sent = sent_to_contact(tx, answer.contact_id) if answer.contact_id is not None else []
        label = _label(tx, answer, sent)
    rows = [row for one in sent for row in _sent_rows(engine, one)]
    return keep_fixture(engine.workspace, answer_id, raw, label, rows)


def _label(tx: Tx, answer: Answer, sent: list[SentMail]) -> dict[str, Any]:
    """What is known of the message; what is not known is left out, and not measured."""
    verdict, before = verdict_of(answer), corrections_of(tx, answer.id)
    is_returned = answer.kind in _RETURNED
    known: dict[str, Any] = {
        "kind": answer.kind.value,
        "subtype": verdict.subtype.value if verdict.subtype else None,
        "recipients": list(verdict.recipients) if is_returned else None,
        "permanence": verdict.permanence if is_returned else None,
        "hard": verdict.hard if answer.kind is VerdictKind.BOUNCE else None,
        "class": verdict.bounce_class.value if verdict.bounce_class else None,
        "sent_id": _sent_id(answer, sent),
        "match_via": answer.match_via,
        "was": before[0].kind.value if before else None,
        "label_from": "corrected",
        "source": "corrected",
    }
    return {name: value for name, value in known.items() if value not in (None, [])}


def _sent_id(answer: Answer, sent: list[SentMail]) -> str | None:
    """What it answers, as `classify` says it: the message it cites, else the last one before it."""
    if answer.outbox_id is not None:
        return str(answer.outbox_id)
    if answer.match_via != "from" or not sent:
        return None
    before = [one for one in sent if one.sending_at <= answer.received_at]
    return str((before or sent[:1])[-1].outbox_id)


def _sent_rows(engine: Engine, one: SentMail) -> list[dict[str, Any]]:
    """A message as `sent.jsonl` lists it, under each id that an answer may cite."""
    mailbox = engine.config.mailbox(one.mailbox)
    row = {
        "sent_id": str(one.outbox_id),
        "to": one.address,
        "from": mailbox.address if mailbox else "",
        "subject": one.subject or "",
        "date": utc_text(one.sending_at),
    }
    ids = dict.fromkeys(one_id for one_id in (one.message_id, one.wire_id) if one_id)
    return [row | {"message_id": message_id} for message_id in ids]
