"""`inbox`: what came back, what it was taken for, and why."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from sequencer.cli import LazyGroup
from sequencer.cli.examples import examples
from sequencer.cli.session import Session
from sequencer.core.spans import span_in_words

if TYPE_CHECKING:
    from sequencer.core.inbound import VerdictKind
    from sequencer.store.inbox import Answer

_HERE = "sequencer.cli.inbox"


@click.group(
    cls=LazyGroup,
    commands_at={
        "read": f"{_HERE}:read",
        "list": f"{_HERE}:list_",
        "reply": "sequencer.cli.inbox_reply:reply",
        "show": "sequencer.cli.inbox_show:show",
        "explain": "sequencer.cli.inbox_show:explain",
        "classify": "sequencer.cli.inbox_classify:classify",
        "mark": "sequencer.cli.inbox_mark:mark",
    },
)
def inbox() -> None:
    """Read answers, see what was made of them, and say what they come to."""


@click.command(epilog=examples("sequencer inbox read wang", about="MAILBOX is a name from config.toml."))
@click.argument("mailboxes", nargs=-1, metavar="[MAILBOX]…")
@click.pass_obj
def read(session: Session, mailboxes: tuple[str, ...]) -> None:
    """Read mailboxes now (all that have IMAP, or those named); nothing is sent or marked as seen."""
    from sequencer.cli.output import say
    from sequencer.cli.post import open_reader
    from sequencer.errors import Attention, InputError
    from sequencer.flows.read import read_mailbox
    from sequencer.flows.start import check_mailboxes
    from sequencer.store.lock import RunLock

    known = {mailbox.name: mailbox for mailbox in session.config.mailboxes if mailbox.imap}
    for name in mailboxes:
        if name not in known:
            raise InputError(f"{name!r} is no mailbox with [imap]", hint=f"there are: {', '.join(known)}")
    engine = session.engine
    lock = RunLock(session.workspace.database)
    lock.take()  # only a mailbox's own tick reads it
    failures = []
    try:
        check_mailboxes(engine)
        for name in mailboxes or known:
            reader = open_reader(session)(known[name])
            try:
                result = read_mailbox(engine, known[name], reader)
            finally:
                reader.close()
            if result.failure:
                failures.append(result.failure)
            else:
                say(f"{name}: {result.recorded} new message{'' if result.recorded == 1 else 's'}")
    finally:
        lock.release()
    if failures:
        raise Attention("\n".join(failures))


@click.command("list", epilog=examples("sequencer inbox list --open", "sequencer inbox list --kind reply"))
@click.option("--kind", "kinds", multiple=True, help="Only these verdicts (repeatable).")
@click.option("--contact", metavar="CONTACT", help="Only this contact: id or address.")
@click.option("--open", "is_open", is_flag=True, help="Only people who still wait for an answer.")
@click.option(
    "--all",
    "with_strangers",
    is_flag=True,
    help="Also copies of our own mail, and mail that matches nobody (no details kept).",
)
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="At most so many."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(
    session: Session,
    kinds: tuple[str, ...],
    contact: str | None,
    is_open: bool,
    with_strangers: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Incoming mail that concerns contacts: people who wait for an answer first, then the newest."""
    from sequencer.cli.output import say_json
    from sequencer.flows.find_contact import the_contact
    from sequencer.store import inbox as answers

    wanted = _kinds(kinds)
    with session.store.read() as tx:
        person = the_contact(tx, contact) if contact else None
        found = answers.listed(
            tx,
            kinds=wanted,
            contact_id=person.id if person else None,
            with_strangers=with_strangers,
            is_open=is_open,
            limit=limit,
        )
    if as_json:
        now = session.clock.now()
        say_json({"messages": [document_of(answer, now) for answer in found], "count": len(found)})
    else:
        _say_list(session, found)


def _kinds(names: tuple[str, ...]) -> "list[VerdictKind]":
    from sequencer.core.inbound import VerdictKind
    from sequencer.errors import InputError

    try:
        return [VerdictKind(name) for name in names]
    except ValueError:
        raise InputError(f"--kind is one of {', '.join(VerdictKind)}") from None


def _say_list(session: Session, found: "list[Answer]") -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_table

    zone, now = session.config.default_zone, session.clock.now()
    rows = [
        (
            *(a.id, shown(a.received_at, zone), waits(a, now), a.kind, a.mark, a.contact_address),
            *(a.subject, doing(a)),
        )
        for a in found
    ]
    head = ("id", f"received ({zone})", "waits", "kind", "mark", "contact", "subject", "what it did")
    say_table(head, rows)


def doing(answer: "Answer") -> str:
    """What a message did, in words."""
    return "; ".join(answer.effects)


def waits(answer: "Answer", now: datetime) -> str:
    """`12 min`, of a person to whom nobody has written since."""
    minutes = _minutes_waiting(answer, now)
    if minutes is None:
        return ""
    return span_in_words(timedelta(minutes=minutes), least=2) if minutes >= 2 else "under 2 min"


def _minutes_waiting(answer: "Answer", now: datetime) -> int | None:
    # A server's clock may be ahead of ours.
    return max(0, int((now - answer.received_at).total_seconds() // 60)) if answer.is_waiting else None


def document_of(answer: "Answer", now: datetime) -> dict[str, object]:
    """A message with stable keys."""
    return {
        "id": answer.id,
        "kind": answer.kind.value,
        "contact": answer.contact_address,
        "received_at": answer.received_at,
        "read_at": answer.read_at,
        "mailbox": answer.mailbox,
        "folder": answer.folder,
        "uid": answer.uid,
        "from_address": answer.from_address,
        "subject": answer.subject,
        "text": answer.own_text,
        "message_id": answer.message_id,
        "match_via": answer.match_via,
        "answers_message": answer.outbox_id,
        "verdict": answer.verdict,
        "effects": answer.effects,
        "answered_at": answer.answered_at,
        "mark": answer.mark,
        "minutes_waiting": _minutes_waiting(answer, now),
    }
