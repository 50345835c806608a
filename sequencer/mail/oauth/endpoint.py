"""An issuer's endpoints: what is asked there for one app, and its answers as tokens or refusals."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sequencer.clock import Clock
from sequencer.core.clipped import clipped
from sequencer.core.sign_in import Tokens
from sequencer.errors import SequencerError
from sequencer.mail.credentials import without_secrets
from sequencer.mail.oauth.issuer import Issuer
from sequencer.mail.oauth.post import post_form
from sequencer.mail.socks import Way

_USUAL_LIFE_IN = timedelta(hours=1)
"""Of an access token whose answer tells none (RFC 6749 §5.1 only recommends to)."""
_OPEN = frozenset({"client_id", "grant_type", "scope", "redirect_uri"})
"""Fields that are no secret; the values of all others are blotted out of an issuer's words."""
_LONGEST_QUOTE = 200


class Refusal(Exception):
    """An issuer's `error` (RFC 6749 §5.2, RFC 8628 §3.5), with its own words on one line."""

    def __init__(self, error: str, words: str) -> None:
        super().__init__(error)
        self.error = error
        self.words = words

    def __str__(self) -> str:
        return f"{self.error}: {self.words}" if self.words else self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One app at one issuer."""

    issuer: Issuer
    client_id: str
    client_secret: Callable[[], str] | None
    """Reads the app's secret, where it has one; may raise SequencerError."""
    clock: Clock
    way: Way | None = None
    """Through the mailbox's own proxy, where it has one: its issuer is abroad as well."""

    def ask(self, url: str, fields: Mapping[str, str]) -> Mapping[str, Any]:
        """The answer to `fields` sent for this app; Refusal, or TryAgain when there is none."""
        sent = {"client_id": self.client_id, **fields}
        if self.client_secret is not None:
            sent["client_secret"] = self.client_secret()
        reply = post_form(url, sent, self.way)
        error = reply.document.get("error")
        if reply.status == 200 and not error:
            return reply.document
        secrets = [value for name, value in sent.items() if name not in _OPEN]
        words = _quoted(str(reply.document.get("error_description") or ""), secrets)
        raise Refusal(_quoted(str(error or f"answer {reply.status}"), secrets), words)

    def tokens(self, fields: Mapping[str, str]) -> Tokens:
        """Tokens for a code or a refresh token; raises as `ask`."""
        asked_at = self.clock.now()
        answer = self.ask(self.issuer.token_url, fields)
        access = answer.get("access_token")
        # It goes into a line of SMTP and IMAP: control characters would end that line.
        if not isinstance(access, str) or not access or not access.isascii() or not access.isprintable():
            raise SequencerError(f"{self.issuer.name} answered without an access token")
        refresh = answer.get("refresh_token")
        return Tokens(
            access_token=access,
            expires_at=asked_at + _life_in(answer.get("expires_in")),
            refresh_token=refresh if isinstance(refresh, str) else "",
        )


def _life_in(told: Any) -> timedelta:
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return timedelta(seconds=min(max(int(told), 0), 86_400))
    return _USUAL_LIFE_IN


def _quoted(text: str, secrets: list[str]) -> str:
    """An issuer's words on one line, should it repeat what it was sent without that, and not too long."""
    lines = [line.strip() for line in without_secrets(text, *secrets).splitlines() if line.strip()]
    clean = "".join(c if c.isprintable() else " " for c in lines[0]) if lines else ""
    return clipped(clean, _LONGEST_QUOTE)
