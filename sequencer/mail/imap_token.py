"""IMAP login with the token of a sign-in: AUTHENTICATE XOAUTH2."""

import imaplib
from typing import Any

from sequencer.config import Server
from sequencer.core.ports import ReadFailure
from sequencer.mail.credentials import in_base64, login_mend, without_secrets, xoauth2
from sequencer.mail.imap_faults import Place, refused_login, said


class TokenRefused(ReadFailure):
    """The server did not take the token; another one may do."""


def log_in_by_token(client: Any, server: Server, token: str, place: Place) -> None:
    """AUTHENTICATE XOAUTH2 and nothing else. Raises ReadFailure, of which TokenRefused may be mended."""
    if b"AUTH=XOAUTH2" not in client.capabilities():
        hint = "set imap.host to the server of the provider this mailbox signs in with"
        raise place.failure("takes no sign-in (AUTH=XOAUTH2)", hint, is_lasting=True)
    user = server.username or ""
    words = xoauth2(user, token)
    answers = iter((words,))
    try:
        # A second challenge is the reason of a refusal: an empty answer brings the refusal itself.
        client._imap.authenticate("XOAUTH2", lambda _challenge: next(answers, ""))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        text = without_secrets(said(error), token, in_base64(words))
        raise _refused(text, user, place) from None


def _refused(text: str, user: str, place: Place) -> ReadFailure:
    """What passes by itself, as for a password; else one more token, and then a person."""
    failure = refused_login(text, place)
    if not failure.is_lasting:
        return failure
    hint = f"{login_mend(place.mailbox)} as {user}; IMAP must be switched on for that mailbox"
    return TokenRefused(message=failure.message, hint=hint, is_lasting=True)
