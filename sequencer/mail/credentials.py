"""What a mailbox logs in with: a password, or the token of a sign-in and another when that is refused."""

import base64
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """How the secret is said to a server."""

    PASSWORD = "password"  # noqa: S105  (a mechanism)
    XOAUTH2 = "xoauth2"


class Credentials(Protocol):
    """The secret of one mailbox, asked for at each login and kept nowhere else."""

    @property
    def kind(self) -> Kind:
        """Decides the mechanism: XOAUTH2 alone for a token, PLAIN or LOGIN for a password."""

    def secret(self) -> str:
        """The secret; SequencerError when there is none, TryAgain when it can't be had now."""

    def renew(self, refused: str) -> str | None:
        """Another secret in place of `refused`; None when there is no other. Raises as `secret`."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password, which is what it is until somebody changes it."""

    read: Callable[[], str]
    """May raise SequencerError."""

    @property
    def kind(self) -> Kind:
        return Kind.PASSWORD

    def secret(self) -> str:
        return self.read()

    def renew(self, refused: str) -> str | None:
        return None


def as_credentials(given: Callable[[], str] | Credentials) -> Credentials:
    """`given` itself, or what reads a password as such."""
    return Password(given) if callable(given) else given


def xoauth2(user: str, token: str) -> str:
    """What a client says first in XOAUTH2, before base64 (developers.google.com/gmail/imap)."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def login_mend(mailbox: str) -> str:
    """What a person does when a sign-in is missing or no longer good."""
    return f"sign in with `sequencer mailboxes login {shlex.quote(mailbox)}`"


def without_secrets(text: str, *secrets: str) -> str:
    """A server's words with secrets blotted out, should it repeat what it was sent."""
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    return text
