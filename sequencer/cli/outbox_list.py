"""`outbox list` and `outbox show`: what stands where, and why it has not left."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.core.outbox import OutboxRow, OutboxState

_STATES = (
    *("awaiting_approval", "ready", "claimed", "sending", "deferred", "unsure"),
    *("sent", "refused", "cancelled"),
)


@click.command(
    "list",
    epilog=examples("sequencer outbox list --state awaiting_approval", "sequencer outbox list --unsure"),
)
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these (repeatable).")
@click.option("--unsure", is_flag=True, help="Only those that may have left or not.")
@click.option("--all", "everything", is_flag=True, help="Sent, refused and cancelled ones too.")
@click.option("--contact", metavar="CONTACT", help="Only this contact's: id or address.")
@click.option("--sequence", metavar="NAME", help="Only this sequence's.")
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, metavar="N", help="At most so many."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(
    session: Session,
    states: tuple[str, ...],
    unsure: bool,
    everything: bool,
    contact: str | None,
    sequence: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List messages whose end is open, next to leave first, and why each one waits."""
    from sequencer.cli.output import note
    from sequencer.core.waiting import why_it_waits
    from sequencer.flows.find_contact import the_contact
    from sequencer.store import mailboxes, outbox_list

    with session.store.read() as tx:
        which = outbox_list.Filter(
            states=_states(states, unsure=unsure, everything=everything),
            contact_id=the_contact(tx, contact).id if contact else None,
            sequence=sequence,
        )
        rows = outbox_list.listed(tx, which, limit)
        total = outbox_list.count(tx, which)
        paused = {one.name for one in mailboxes.statuses(tx) if one.paused_at is not None}
    now = session.clock.now()
    listed = [(row, why_it_waits(row, now, is_mailbox_paused=row.mailbox in paused)) for row in rows]
    if as_json:
        _list_json(listed, total)
        return
    _list_table(listed, session.config.default_zone)
    note(f"{len(rows)} of {total} messages", quiet=session.quiet)


@click.command(epilog=examples("sequencer outbox show 12"))
@click.argument("message", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(session: Session, message: int, as_json: bool) -> None:
    """Show message ID: headers, text, attachments, and every gate that keeps it now."""
    from sequencer.cli.output import say, say_json
    from sequencer.flows.approve import messages_by_id
    from sequencer.flows.waiting import reasons

    row = messages_by_id(session.engine, [message])[0]
    with session.store.read() as tx:
        waits = reasons(session.engine, tx, row)
    if as_json:
        say_json(_message_json(row, row.reason) | _content_json(row) | {"waits": waits})
        return
    for name, value in _head(row, session.config.default_zone):
        say(f"{name + ':':<13}{value}")
    for reason in waits:
        say(f"{'Waits:':<13}{reason}")
    say()
    say(row.content.text.rstrip("\n"))


def _states(states: tuple[str, ...], *, unsure: bool, everything: bool) -> "tuple[OutboxState, ...]":
    from sequencer.core.outbox import OutboxState
    from sequencer.core.waiting import PENDING
    from sequencer.errors import InputError

    if sum((bool(states), unsure, everything)) > 1:
        raise InputError("use one of --state, --unsure, --all")
    if unsure:
        return (OutboxState.UNSURE,)
    return () if everything else tuple(OutboxState(state) for state in states) or PENDING


def _list_table(listed: "list[tuple[OutboxRow, str]]", zone: str) -> None:
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_table

    columns = ("id", "state", f"due ({zone})", "contact", "step", "mailbox", "subject", "why")
    say_table(
        columns,
        (
            (
                *(row.id, row.state, shown(row.due_at, zone), row.address, f"{row.sequence}/{row.step}"),
                *(row.mailbox, _subject(row), why),
            )
            for row, why in listed
        ),
    )


def _list_json(listed: "list[tuple[OutboxRow, str]]", total: int) -> None:
    from sequencer.cli.output import say_json

    say_json({"messages": [_message_json(row, why) for row, why in listed], "total": total})


def _message_json(row: "OutboxRow", why: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state.value,
        "reason": why,
        "contact": row.address,
        "sequence": row.sequence,
        "round": row.round,
        "step": row.step,
        "enrollment": row.enrollment_id,
        "mailbox": row.mailbox,
        "rep": row.rep,
        "subject": row.headers.subject if row.headers else row.content.subject,
        "due_at": row.due_at,
        "retry_at": row.retry_at,
        "sent_at": row.sent_at,
        "attempts": row.attempt,
        "is_edited": row.is_edited,
        "is_approved": row.is_approved,
    }


def _content_json(row: "OutboxRow") -> dict[str, Any]:
    headers = row.headers
    return {
        "message_id": headers.message_id if headers else None,
        "wire_id": row.wire_id,
        "in_reply_to": headers.in_reply_to if headers else None,
        "references": list(headers.references) if headers else [],
        "template": row.content.template,
        "text": row.content.text,
        "html": row.content.html,
        "attachments": [
            {"name": one.name, "path": f"assets/{one.path}", "media_type": one.media_type, "size": one.size}
            for one in row.content.attachments
        ],
    }


def _head(row: "OutboxRow", zone: str) -> list[tuple[str, str]]:
    from sequencer.cli.local_time import shown

    marks = [word for word, is_so in (("edited", row.is_edited), ("approved", row.is_approved)) if is_so]
    head = [
        ("Message", " ".join((str(row.id), row.state.value.replace("_", " "), *marks))),
        ("From", f"mailbox {row.mailbox}"),
        ("To", row.address),
        ("Subject", _subject(row)),
        ("Step", f"{row.sequence}/{row.step}, round {row.round} (enrollment {row.enrollment_id})"),
        ("Due", f"{shown(row.due_at, zone)} {zone}"),
    ]
    if row.sent_at:
        known = f" ({row.reason})" if row.reason else ""
        head.append(("Sent", f"{shown(row.sent_at, zone)} {zone}{known}"))
    if row.headers:
        head.append(("Message-ID", row.headers.message_id))
        if row.headers.in_reply_to:
            head.append(("In-Reply-To", row.headers.in_reply_to))
    for one in row.content.attachments:
        size = f"{one.size:,} bytes" if one.sha256 else "NOT THERE"
        head.append(("Attached", f"assets/{one.path} ({size})"))
    return head


def _subject(row: "OutboxRow") -> str:
    if row.headers:
        return row.headers.subject
    return row.content.subject if row.content.subject is not None else "(in the thread)"
