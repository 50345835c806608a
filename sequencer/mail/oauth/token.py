"""The token of a signed-in mailbox: kept, replaced before it ends, and never used before it is kept."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from sequencer.core.sign_in import App, Grant, Tokens
from sequencer.errors import SequencerError
from sequencer.mail.credentials import Kind, login_mend
from sequencer.mail.oauth.endpoint import Endpoint, Refusal
from sequencer.mail.oauth.faults import refresh_fault


class TokenStore(Protocol):
    """Where one mailbox's sign-in is kept."""

    def locked(self) -> AbstractContextManager[None]:
        """Nobody else reads or writes meanwhile."""

    def read(self) -> Grant | None:
        """What was kept last."""

    def write(self, grant: Grant) -> None:
        """Keep; on disk when this returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Credentials of a mailbox that was signed in (mail/credentials.py)."""

    mailbox: str
    app: App
    store: TokenStore
    endpoint: Endpoint

    @property
    def kind(self) -> Kind:
        return Kind.XOAUTH2

    def secret(self) -> str:
        """An access token that is good for some minutes.

        Raises SequencerError when a person must sign in, TryAgain when the issuer can't be asked now.
        """
        with self.store.locked():
            grant = self._kept()
            if grant.tokens.is_fresh(self.endpoint.clock.now()):
                return grant.tokens.access_token
            return self._refreshed(grant)

    def renew(self, refused: str) -> str | None:
        """Another access token: one that somebody else got meanwhile, else a new one. Raises as `secret`."""
        with self.store.locked():
            grant = self._kept()
            is_other = grant.tokens.access_token != refused
            if is_other and grant.tokens.is_fresh(self.endpoint.clock.now()):
                return grant.tokens.access_token
            return self._refreshed(grant)

    def keep(self, tokens: Tokens) -> None:
        """Begin anew with the tokens of a sign-in; SequencerError when they can't last."""
        if not tokens.refresh_token:
            raise SequencerError(
                f"{self.endpoint.issuer.name} gave no refresh token: the sign-in would end within the hour",
                hint="let your administrator allow offline access for this app (docs/oauth.md)",
            )
        with self.store.locked():
            self.store.write(Grant(app=self.app, tokens=tokens))

    def _kept(self) -> Grant:
        grant = self.store.read()
        if grant is None:
            raise SequencerError("nobody has signed in yet", hint=login_mend(self.mailbox))
        if grant.app != self.app:
            raise SequencerError(
                "the sign-in is for another account or app than config.toml names",
                hint=login_mend(self.mailbox),
            )
        return grant

    def _refreshed(self, grant: Grant) -> str:
        """Trade the refresh token for new tokens. An issuer may void it at that very moment (RFC 6749 §6)."""
        # Proves that the answer can be kept, before the old refresh token is spent.
        self.store.write(grant)
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": grant.tokens.refresh_token,
            "scope": self.endpoint.issuer.scope,
        }
        try:
            tokens = self.endpoint.tokens(fields)
        except Refusal as refusal:
            raise refresh_fault(refusal, self.endpoint.issuer.name, self.mailbox) from None
        newest = tokens.refresh_token or grant.tokens.refresh_token
        self.store.write(replace(grant, tokens=replace(tokens, refresh_token=newest)))
        return tokens.access_token
