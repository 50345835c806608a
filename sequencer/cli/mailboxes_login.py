"""`sequencer mailboxes login`: sign a mailbox in with Microsoft 365, Gmail or another issuer."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from sequencer.cli.examples import examples
from sequencer.cli.session import Session

if TYPE_CHECKING:
    from sequencer.config import Mailbox


@click.command(
    "login",
    epilog=examples(
        "sequencer mailboxes login li",
        "sequencer mailboxes login li --device",
        "sequencer mailboxes login li --no-browser",
        "sequencer mailboxes login li --logout",
    ),
)
@click.argument("name")
@click.option("--device", is_flag=True, help="By a code that is typed on any device (usual for Microsoft).")
@click.option("--loopback", is_flag=True, help="In a browser on this computer (usual for the others).")
@click.option("--no-browser", is_flag=True, help="Print the link, and leave opening it to you.")
@click.option("--logout", is_flag=True, help="Forget the sign-in on this computer.")
@click.pass_obj
def login_command(
    session: Session, name: str, device: bool, loopback: bool, no_browser: bool, logout: bool
) -> None:
    """Sign the mailbox NAME in, and prove that its servers take it; for mailboxes with [mailboxes.oauth]."""
    from sequencer.cli.output import say
    from sequencer.errors import InputError
    from sequencer.flows.sign_in import Ways, sign_in, sign_out, signing_mailbox

    if device and loopback:
        raise InputError("say --device or --loopback, not both")
    mailbox, oauth = signing_mailbox(session.config, name)
    if logout:
        is_gone = sign_out(mailbox, session.workspace)
        say(f"{name}: signed out on this computer." if is_gone else f"{name}: nobody was signed in.")
        return
    by_device = device if device or loopback else None
    ways = Ways(tell=say, open_page=None if no_browser else _browser(), by_device=by_device)
    sign_in(mailbox, oauth, session.workspace, session.clock, ways)
    taken = "SMTP and IMAP accept it" if mailbox.imap else "SMTP accepts it"
    say(f"{name}: signed in as {mailbox.address}; {taken}.")
    _tell_if_paused(session, mailbox)


def _browser() -> Callable[[str], bool] | None:
    """Opens a link; None on a Linux without a screen, where a text browser would take the terminal over."""
    import webbrowser

    has_screen = any(name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return webbrowser.open if has_screen or not sys.platform.startswith("linux") else None


def _tell_if_paused(session: Session, mailbox: "Mailbox") -> None:
    """A refused login had paused it, perhaps: signing in alone sends nothing."""
    from sequencer.cli.output import note
    from sequencer.store import mailboxes as stored

    with session.store.read() as tx:
        is_paused = any(one.name == mailbox.name and one.paused_at is not None for one in stored.statuses(tx))
    if is_paused:
        note(f"{mailbox.name} is paused: `sequencer mailboxes resume {mailbox.name}` lets it send again.")
