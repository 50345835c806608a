"""Signs a mailbox in with its provider, keeps what that brings, and proves that its servers take it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sequencer.clock import Clock
from sequencer.config import Config, Mailbox, OAuth
from sequencer.core.near_words import mend_for_typo
from sequencer.core.ports import ReadFailure
from sequencer.errors import InputError, SequencerError
from sequencer.files.token_file import TokenFile
from sequencer.files.workspace import Workspace
from sequencer.flows.credentials import token_of
from sequencer.mail.imap import ImapReader
from sequencer.mail.oauth.device import sign_in_by_device
from sequencer.mail.oauth.loopback import sign_in_by_browser
from sequencer.mail.oauth.token import Token
from sequencer.mail.smtp import SmtpCourier


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the person is reached."""

    tell: Callable[[str], None]
    open_page: Callable[[str], Any] | None
    """Opens a link in a browser, true when it could; None: the person opens it."""
    by_device: bool | None = None
    """None: whichever is usual with the issuer."""


def signing_mailbox(config: Config, name: str) -> tuple[Mailbox, OAuth]:
    """The mailbox of that name, which has [mailboxes.oauth]; InputError otherwise."""
    mailbox = config.mailbox(name)
    if mailbox is None:
        names = sorted(one.name for one in config.mailboxes)
        hint = mend_for_typo(name, names, otherwise=f"the mailboxes are: {', '.join(names)}")
        raise InputError(f"there is no mailbox {name!r} in config.toml", hint=hint)
    if mailbox.oauth is None:
        hint = "add [mailboxes.oauth] below it (docs/oauth.md), or keep the password"
        raise InputError(f"mailbox {name!r} logs in with a password", hint=hint)
    return mailbox, mailbox.oauth


def sign_in(mailbox: Mailbox, oauth: OAuth, workspace: Workspace, clock: Clock, ways: Ways) -> None:
    """Sign in, keep it, and log in once at each server; SequencerError says what stands in the way."""
    token = token_of(mailbox, oauth, workspace, clock)
    issuer = token.endpoint.issuer
    if issuer.is_device_usual if ways.by_device is None else ways.by_device:
        tokens = sign_in_by_device(token.endpoint, ways.tell)
    else:
        account = mailbox.smtp.username or mailbox.address
        tokens = sign_in_by_browser(token.endpoint, account, ways.tell, ways.open_page)
    token.keep(tokens)
    prove(mailbox, token)


def prove(mailbox: Mailbox, token: Token) -> None:
    """Log in at SMTP and IMAP with the kept sign-in; SequencerError names the one that refuses."""
    fault = SmtpCourier(mailbox.smtp, token, mailbox.name).try_login()
    if fault is not None:
        raise SequencerError(f"signed in, but {fault.message}", hint=fault.hint)
    if mailbox.imap is None:
        return
    try:
        ImapReader(mailbox.imap, token, mailbox.name).try_login()
    except ReadFailure as failure:
        raise SequencerError(f"signed in, but {failure.message}", hint=failure.hint or None) from None


def sign_out(mailbox: Mailbox, workspace: Workspace) -> bool:
    """Forget the kept sign-in; False when there was none."""
    kept = TokenFile(workspace.tokens, mailbox.name)
    with kept.locked():
        return kept.remove()


def is_signed_in(mailbox: Mailbox, oauth: OAuth, workspace: Workspace, clock: Clock) -> bool:
    """Whether a sign-in of this account and app is kept; whether the provider still takes it is not asked."""
    token = token_of(mailbox, oauth, workspace, clock)
    try:
        grant = token.store.read()
    except SequencerError:
        return False
    return grant is not None and grant.app == token.app
