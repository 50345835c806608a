"""`inbox`: what came back, what it was taken for, and why."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from sequencer.cli import LazyGroup
from sequencer.cli.examples import examples
from sequencer.cli.row_id import ROW_ID
from sequencer.cli.session import Session
from sequencer.core.spans import span_in_words

if TYPE_CHECKING:
    from sequencer.store.inbox import Answer

_HERE = "sequencer.cli.inbox"


@click.group(
    cls=LazyGroup,
    commands_at={
        "read": f"{_HERE}:read",
        "list": f"{_HERE}:list_",
        "show": f"{_HERE}:show",
        "explain": f"{_HERE}:explain",
        "classify": "sequencer.cli.inbox_classify:classify",
    },
)
def inbox() -> None:
    """Read answers and see what was made of them."""


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


@click.command("list", epilog=examples("sequencer inbox list --kind reply"))
@click.option("--kind", "kinds", multiple=True, help="Only these verdicts (repeatable).")
@click.option("--contact", metavar="CONTACT", help="Only this contact: id or address.")
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
    with_strangers: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Incoming mail that concerns contacts: people who wait for an answer first, then the newest."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say_json, say_table
    from sequencer.core.inbound import VerdictKind
    from sequencer.errors import InputError
    from sequencer.flows.find_contact import the_contact
    from sequencer.store import inbox as answers

    try:
        wanted = [VerdictKind(kind) for kind in kinds]
    except ValueError:
        raise InputError(f"--kind is one of {', '.join(VerdictKind)}") from None
    with session.store.read() as tx:
        person = the_contact(tx, contact) if contact else None
        found = answers.listed(
            tx,
            kinds=wanted,
            contact_id=person.id if person else None,
            with_strangers=with_strangers,
            limit=limit,
        )
    if as_json:
        now = session.clock.now()
        say_json({"messages": [_document(answer, now) for answer in found], "count": len(found)})
        return
    zone, now = session.config.default_zone, session.clock.now()
    rows = [
        (a.id, shown(a.received_at, zone), _waits(a, now), a.kind, a.contact_address, a.subject, _doing(a))
        for a in found
    ]
    say_table(["id", f"received ({zone})", "waits", "kind", "contact", "subject", "what it did"], rows)


@click.command(epilog=examples("sequencer inbox show 12", about="ID is that of `sequencer inbox list`."))
@click.argument("answer_id", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(session: Session, answer_id: int, as_json: bool) -> None:
    """One message: what its sender wrote, and what it did."""
    from sequencer.cli.local_time import shown
    from sequencer.cli.output import say, say_json

    answer = _answer(session, answer_id)
    if as_json:
        say_json(_document(answer, session.clock.now()))
        return
    zone = session.config.default_zone
    say(f"{answer.kind} from {answer.from_address or '(not kept)'} in {answer.mailbox}/{answer.folder}")
    say(f"contact: {answer.contact_address or 'nobody known'} (matched by {answer.match_via or 'nothing'})")
    say(f"received {shown(answer.received_at, zone)}, read {shown(answer.read_at, zone)} ({zone})")
    say(f"subject: {answer.subject or ''}")
    say(f"did: {_doing(answer) or 'nothing'}")
    if answer.answered_at is not None:
        say(f"answered {shown(answer.answered_at, zone)}")
    elif waits := _waits(answer, session.clock.now()):
        say(f"waits for an answer; {waits} by now")
    say()
    say(answer.own_text or "")


@click.command(epilog=examples("sequencer inbox explain 12", about="ID is that of `sequencer inbox list`."))
@click.argument("answer_id", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def explain(session: Session, answer_id: int, as_json: bool) -> None:
    """Why a message was taken for what it is: each rule that spoke, and what it saw."""
    from sequencer.cli.output import say, say_json

    answer = _answer(session, answer_id)
    if as_json:
        say_json(_document(answer, session.clock.now()))
        return
    say(f"{answer.kind}, matched by {answer.match_via or 'nothing'}; it did: {_doing(answer) or 'nothing'}")
    for name, value in answer.verdict.items():
        if name != "evidence" and value:
            say(f"  {name}: {value}")
    for one in answer.verdict.get("evidence", []):
        say(f"  rule {one['rule']} at {one['where']}: {one['span']}")


def _answer(session: Session, answer_id: int) -> "Answer":
    from sequencer.errors import InputError
    from sequencer.store import inbox as answers

    with session.store.read() as tx:
        answer = answers.by_id(tx, answer_id)
    if answer is None:
        raise InputError(f"there is no incoming message {answer_id}", hint="see `sequencer inbox list`")
    return answer


def _doing(answer: "Answer") -> str:
    return "; ".join(answer.effects)


def _waits(answer: "Answer", now: datetime) -> str:
    """`12 min`, of a person to whom nobody has written since."""
    minutes = _minutes_waiting(answer, now)
    if minutes is None:
        return ""
    return span_in_words(timedelta(minutes=minutes), least=2) if minutes >= 2 else "under 2 min"


def _minutes_waiting(answer: "Answer", now: datetime) -> int | None:
    # A server's clock may be ahead of ours.
    return max(0, int((now - answer.received_at).total_seconds() // 60)) if answer.is_waiting else None


def _document(answer: "Answer", now: datetime) -> dict[str, object]:
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
        "minutes_waiting": _minutes_waiting(answer, now),
    }
