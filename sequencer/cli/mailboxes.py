"""`mailboxes`: how each one stands, and the switch that stops it."""

from typing import TYPE_CHECKING, Any

import click

from sequencer.cli import Noun, complete
from sequencer.cli.examples import examples
from sequencer.cli.mailboxes_login import login_command
from sequencer.cli.mailboxes_try import test
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.flows.mailbox_lines import MailboxLine


@click.group(cls=Noun)
def mailboxes() -> None:
    """See, test, pause and resume mailboxes."""


@mailboxes.command("list", epilog=examples("sequencer mailboxes list --json"))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List mailboxes: what left in the last 24 hours, when the inbox was read, what is wrong."""
    from sequencer.cli.output import say_json, say_table
    from sequencer.flows.mailbox_lines import mailbox_lines

    now = session.clock.now()
    with session.store.read() as tx:
        lines = mailbox_lines(tx, session.config, now)
    lines = [_with_sign_in(session, line) for line in lines]
    if as_json:
        say_json({"mailboxes": [mailbox_json(line) for line in lines]})
        return
    zone = session.config.default_zone
    say_table(
        ("mailbox", "address", "sent in 24 h", "inbox read", f"next ({zone})", "state"),
        (mailbox_cells(line, now, zone) for line in lines),
    )


@mailboxes.command(
    epilog=examples(
        "sequencer mailboxes pause --all",
        "sequencer mailboxes pause wang --reason quota",
        about="NAME is a mailbox of config.toml.",
    )
)
@click.argument("names", metavar="[NAME]…", nargs=-1, shell_complete=complete.mailboxes)
@click.option("--all", "everything", is_flag=True, help="Every mailbox: nothing new leaves the workspace.")
@click.option("--reason", metavar="TEXT", help="Why, for whoever finds it paused.")
@click.pass_obj
def pause(session: Session, names: tuple[str, ...], everything: bool, reason: str | None) -> None:
    """Stop mailboxes from sending, at once; nothing is cancelled, and answers are still read."""
    from sequencer.cli.output import note, say
    from sequencer.flows.pause_mailboxes import pause_mailboxes

    known = _known(session, names, everything=everything)
    who = _by(session)
    now = session.clock.now()
    done = pause_mailboxes(session.store, known, names or sorted(known), reason or f"paused by {who}", now)
    say(f"{len(done)} paused" + (f": {', '.join(done)}" if done else ": they were paused already") + ".")
    if done:
        note("They go on with `sequencer mailboxes resume`.", quiet=session.quiet)


@mailboxes.command(
    epilog=examples("sequencer mailboxes resume wang", about="NAME is a mailbox of config.toml.")
)
@click.argument("names", metavar="[NAME]…", nargs=-1, shell_complete=complete.mailboxes)
@click.option("--all", "everything", is_flag=True, help="Every mailbox.")
@click.pass_obj
def resume(session: Session, names: tuple[str, ...], everything: bool) -> None:
    """Let paused mailboxes send again."""
    from sequencer.cli.output import say
    from sequencer.flows.pause_mailboxes import resume_mailboxes

    known = _known(session, names, everything=everything)
    done = resume_mailboxes(session.store, known, names or sorted(known), session.clock.now())
    say(f"{len(done)} resumed" + (f": {', '.join(done)}" if done else ": none was paused") + ".")


mailboxes.add_command(login_command)
mailboxes.add_command(test)


def _known(session: Session, names: tuple[str, ...], *, everything: bool) -> dict[str, str]:
    from sequencer.cli.output import note
    from sequencer.errors import InputError
    from sequencer.flows.pause_mailboxes import readers
    from sequencer.store import mailboxes as stored

    if bool(names) == everything:
        raise InputError("say which: names, or --all")
    try:
        return readers(session.config)
    except InputError as error:
        if not everything:
            raise
        # The switch that stops everything must work while config.toml is being edited.
        fault = error.message.splitlines()[0]
        note(f"config.toml can't be read ({fault}): taking the mailboxes the database knows")
        with session.store.read() as tx:
            return {one.name: one.reads_in for one in stored.statuses(tx)}


def _with_sign_in(session: Session, line: "MailboxLine") -> "MailboxLine":
    """The line with whether a sign-in is kept, where the mailbox needs one."""
    from dataclasses import replace

    from sequencer.flows.sign_in import is_signed_in

    mailbox = session.config.mailbox(line.name)
    if mailbox is None or mailbox.oauth is None:
        return line
    kept = is_signed_in(mailbox, mailbox.oauth, session.workspace, session.clock)
    return replace(line, is_signed_in=kept)


def _by(session: Session) -> str:
    from sequencer.errors import InputError

    try:
        return session.rep.name
    except InputError:
        return "a person"


def mailbox_cells(line: "MailboxLine", now: Any, zone: str) -> tuple[object, ...]:
    """A mailbox as cells of a table."""
    from sequencer.cli.local_time import age, shown

    sent = f"{line.sent_24h} of {line.cap_today}" if line.cap_today is not None else str(line.sent_24h)
    sent += f" ({line.ramp})" if line.ramp else ""
    reader = "" if line.reader == line.name else f" (in {line.reader})"
    if not line.is_configured:
        state = f"retired: read in {line.reader}" if line.reader != line.name else "not in config.toml"
    elif line.paused_at is not None:
        state = f"PAUSED: {line.pause_reason}"
    elif line.is_signed_in is False:
        state = f"sign in with `sequencer mailboxes login {line.name}`"
    elif line.read_failure is not None:
        state = f"inbox unread since {shown(line.read_failed_at, zone)}: {line.read_failure}"
    elif line.silent_since is not None:
        state = f"no mail since {shown(line.silent_since, zone)}: send it one from outside"
    elif line.slow_until is not None:
        state = f"waits until {shown(line.slow_until, zone)}: its server asked for fewer messages"
    else:
        state = "ok, signed in" if line.is_signed_in else "ok"
    due = shown(line.due_next_at, zone)
    return line.name, line.address, sent, age(line.read_at, now) + reader, due, state


def mailbox_json(line: "MailboxLine") -> dict[str, Any]:
    """A mailbox with stable keys."""
    return {
        "name": line.name,
        "address": line.address or None,
        "is_configured": line.is_configured,
        "sent_24h": line.sent_24h,
        "daily_cap": line.daily_cap,
        "cap_today": line.cap_today,
        "paused_at": line.paused_at,
        "pause_reason": line.pause_reason,
        "reader": line.reader,
        "read_at": line.read_at,
        "read_failed_at": line.read_failed_at,
        "read_failure": line.read_failure,
        "due_next_at": line.due_next_at,
        "slow_until": line.slow_until,
        "silent_since": line.silent_since,
        "is_signed_in": line.is_signed_in,
    }
