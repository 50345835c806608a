"""`mailboxes test`: does it send, does it arrive, and who files the copy."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.config import Mailbox
    from sequencer.core.checkup import CheckState
    from sequencer.flows.try_mailbox import Lines, Tried


@click.command("test", epilog=examples("sequencer mailboxes test li", "sequencer mailboxes test li --json"))
@click.argument("name", metavar="NAME")
@click.option(
    "--wait",
    type=click.IntRange(1, 3600),
    default=60,
    show_default=True,
    help="Seconds to wait for the mail.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def test(session: Session, name: str, wait: int, as_json: bool) -> None:
    """Send a test mail to the mailbox NAME itself and watch it arrive; `run` may be running."""
    from sequencer.cli.output import note, say_json
    from sequencer.core.checkup import CheckState
    from sequencer.errors import Attention, InputError, SequencerError
    from sequencer.flows.try_mailbox import try_mailbox

    mailbox = session.config.mailbox(name)
    if mailbox is None:
        known = ", ".join(box.name for box in session.config.mailboxes)
        raise InputError(f"there is no mailbox {name!r} in config.toml", hint=f"the mailboxes are: {known}")
    note(f"Sending a test mail from {mailbox.address}; watching for up to {wait} s.", quiet=session.quiet)
    lines = _lines(session, mailbox)
    try:
        tried = try_mailbox(session.engine, mailbox, lines, timedelta(seconds=wait))
    finally:
        lines.courier.close()
        lines.reader.close()
    if as_json:
        say_json(tried_json(tried))
    else:
        _show(tried)
    if tried.worst is CheckState.BAD:
        raise SequencerError(
            f"mailbox {name!r} does not work yet", hint="mend what FAILs above, then test again"
        )
    if tried.worst is CheckState.WARN:
        raise Attention(f"mailbox {name!r} works, with a warning", hint="see the line above")


def _lines(session: Session, mailbox: "Mailbox") -> "Lines":
    """Connections of the command's own; nothing is dialled yet."""
    from sequencer.cli.post import open_courier, open_folders, open_reader
    from sequencer.errors import InputError
    from sequencer.flows.try_mailbox import Lines
    from sequencer.mail.imap import ImapReader

    watched = session.config.mailbox(mailbox.reader_name)
    if watched is None or watched.imap is None:
        raise InputError(f"nobody reads the answers to mailbox {mailbox.name!r}", hint="add [mailboxes.imap]")
    reader = open_reader(session)(watched)
    if not isinstance(reader, ImapReader):
        raise TypeError(f"{type(reader).__name__} shares no connection")
    courier = open_courier(session)(mailbox)
    return Lines(courier=courier, reader=reader, folders=open_folders(watched, reader))


def _show(tried: "Tried") -> None:
    from sequencer.cli.output import say_fields

    say_fields(
        (f"{_mark(check.state):<4}  {check.name}", check.what + (f" ({check.mend})" if check.mend else ""))
        for check in tried.checks
    )


def tried_json(tried: "Tried") -> dict[str, Any]:
    """A trial with stable keys."""
    return {
        "mailbox": tried.mailbox,
        "sent_to": tried.sent_to,
        "result": _mark(tried.worst),
        "delivered_in_seconds": _seconds(tried.delivered_in),
        "arrived_in": tried.arrived_in,
        "clock_ahead_seconds": _seconds(tried.clock_off_in),
        "provider_files_sent": tried.files_sent,
        "checks": [
            {
                "about": check.name,
                "result": _mark(check.state),
                "says": check.what,
                "mend": check.mend or None,
            }
            for check in tried.checks
        ],
        "folders": [
            {
                "name": folder.name,
                "role": folder.role.value,
                "is_read": folder.is_read,
                "messages": folder.messages,
            }
            for folder in tried.folders
        ],
    }


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 1)


def _mark(state: "CheckState") -> str:
    """In capitals, what must be mended."""
    return "FAIL" if state.value == "bad" else state.value
