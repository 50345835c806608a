"""What a mailbox logs in with: the password that config.toml points to, or the token of its sign-in."""

from functools import partial
from typing import TYPE_CHECKING

from sequencer.clock import Clock
from sequencer.config import Mailbox, OAuth, Server
from sequencer.files.secret import resolve_secret
from sequencer.files.workspace import Workspace
from sequencer.mail.credentials import Credentials, Password
from sequencer.mail.socks import Way, no_password

if TYPE_CHECKING:
    from sequencer.mail.oauth.token import Token


def credentials(mailbox: Mailbox, server: Server, workspace: Workspace, clock: Clock) -> Credentials:
    """For one of the mailbox's servers; nothing is read before it is asked for."""
    if mailbox.oauth is not None:
        return token_of(mailbox, mailbox.oauth, workspace, clock)
    return Password(partial(_password, server, workspace))


def token_of(mailbox: Mailbox, oauth: OAuth, workspace: Workspace, clock: Clock) -> "Token":
    """The token of a mailbox that signs in; one covers SMTP and IMAP."""
    # 1 MB, urllib and http among it, that mailboxes with passwords never need.
    from sequencer.core.sign_in import App
    from sequencer.files.token_file import TokenFile
    from sequencer.mail.oauth.endpoint import Endpoint
    from sequencer.mail.oauth.issuer import issuer_of
    from sequencer.mail.oauth.token import Token

    issuer, secret = issuer_of(oauth), oauth.client_secret
    return Token(
        mailbox=mailbox.name,
        app=App(issuer=issuer.token_url, client_id=oauth.client_id, account=mailbox.address),
        store=TokenFile(workspace.tokens, mailbox.name),
        endpoint=Endpoint(
            issuer=issuer,
            client_id=oauth.client_id,
            client_secret=partial(resolve_secret, secret, workspace.root) if secret else None,
            clock=clock,
            way=way_of(mailbox.smtp, workspace),
        ),
    )


def way_of(server: Server, workspace: Workspace) -> Way:
    """How a server is reached: through the mailbox's proxy, whose password is read when it is asked for."""
    secret = server.proxy.password if server.proxy else None
    return Way(
        proxy=server.proxy,
        password=partial(resolve_secret, secret, workspace.root) if secret else no_password,
    )


def _password(server: Server, workspace: Workspace) -> str:
    return resolve_secret(server.password, workspace.root) if server.password else ""
