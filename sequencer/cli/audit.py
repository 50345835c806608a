"""`audit`: what was handed over, judged against the promises."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.audit import Audit
    from sequencer.flows.audit_sent import AgainstSent
    from sequencer.store.audit import Which


@click.command(
    epilog=examples(
        "sequencer audit",
        "sequencer audit --days 7 --against-sent",
        "sequencer audit --message 12",
        about="It changes nothing, and `run` may be running. Exit code 3: something was found; docs/audit.md"
        " says how to read it.",
    )
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only what left from this day on."
)
@click.option("--days", type=click.IntRange(1, 3660), metavar="N", help="Only what left in the last N days.")
@click.option("--mailbox", metavar="NAME", help="Only what this mailbox sent.")
@click.option("--contact", metavar="CONTACT", help="Only what this contact was sent: id or address.")
@click.option("--message", metavar="ID", type=ROW_ID, help="The whole chain of this message, line by line.")
@click.option("--show", type=click.IntRange(0), default=0, metavar="N", help="List the last N messages too.")
@click.option("--all", "everything", is_flag=True, help="List every message.")
@click.option("--against-sent", is_flag=True, help="Compare with the Sent folders on the mail servers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def audit(
    session: Session,
    since: datetime | None,
    days: int | None,
    mailbox: str | None,
    contact: str | None,
    message: int | None,
    show: int,
    everything: bool,
    against_sent: bool,
    as_json: bool,
) -> None:
    """Prove from the records that nothing left twice, nor after an answer, nor where it should not."""
    from sequencer.cli.audit_json import audit_json
    from sequencer.cli.audit_view import say_audit, say_chain, say_sent
    from sequencer.cli.output import note, say, say_json
    from sequencer.flows.audit import audit as judge

    which = _which(session, since, days, mailbox, contact, message)
    keeps_all = everything or message is not None
    found = judge(
        session.store, session.config.limits, which, session.clock.now(), show=None if keeps_all else show
    )
    in_sent = _look_into_sent(session, which, found) if against_sent else None
    if as_json:
        say_json(audit_json(found, in_sent))
    else:
        zone = session.config.default_zone
        if message is not None:
            say_chain(found, zone)
        else:
            say_audit(found, zone)
        if in_sent is not None:
            say()
            say_sent(in_sent)
        for line in (*found.notes, *(in_sent.notes if in_sent else ())):
            note(f"note: {line}", quiet=session.quiet)
    _end(found, in_sent)


def _which(
    session: Session,
    since: datetime | None,
    days: int | None,
    mailbox: str | None,
    contact: str | None,
    message: int | None,
) -> "Which":
    from zoneinfo import ZoneInfo

    from sequencer.core.near_words import mend_for_typo
    from sequencer.errors import InputError
    from sequencer.flows.find_contact import the_contact
    from sequencer.store import mailboxes
    from sequencer.store.audit import Which

    if since is not None and days is not None:
        raise InputError("use one of --since and --days")
    start = since.replace(tzinfo=ZoneInfo(session.config.default_zone)) if since else None
    if days is not None:
        start = session.clock.now() - timedelta(days=days)
    with session.store.read() as tx:
        if mailbox is not None:
            known = sorted({*mailboxes.writers(tx), *(box.name for box in session.config.mailboxes)})
            if mailbox not in known:
                otherwise = f"the mailboxes are: {', '.join(known)}"
                hint = mend_for_typo(mailbox, known, otherwise=otherwise)
                raise InputError(f"there is no mailbox {mailbox!r}", hint=hint)
        contact_id = the_contact(tx, contact).id if contact else None
    return Which(since=start, mailbox=mailbox, contact_id=contact_id, message_id=message)


def _look_into_sent(session: Session, which: "Which", found: "Audit") -> "AgainstSent":
    from sequencer.cli.output import note
    from sequencer.cli.post import dial_sent
    from sequencer.flows.audit_sent import against_sent

    note("Looking through the Sent folders …", quiet=session.quiet)
    return against_sent(session.store, session.config.mailboxes, dial_sent(session), which, found.at)


def _end(found: "Audit", in_sent: "AgainstSent | None") -> None:
    """What was found outranks what could not be looked at."""
    from sequencer.errors import Attention, SequencerError

    count = len(found.findings) + (len(in_sent.findings) if in_sent else 0)
    if count:
        raise Attention(
            f"the audit found {count} {'thing' if count == 1 else 'things'}",
            hint="`sequencer audit --message ID` tells one message's whole chain",
        )
    if in_sent is not None and in_sent.unreadable:
        names = ", ".join(one.mailbox for one in in_sent.unreadable)
        raise SequencerError(
            f"nothing was found, but Sent could not be looked through: {names}",
            hint="`sequencer mailboxes test NAME` tells what is wrong",
        )
