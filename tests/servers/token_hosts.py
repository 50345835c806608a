"""SMTP and IMAP servers that take tokens and no passwords, as Microsoft 365 does."""

# ruff: noqa: N802  (aiosmtpd finds mechanisms by upper-case names)

import base64
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from pymap.backend.dict import Login
from pymap.exceptions import InvalidAuth
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials
from pysasl.creds.plain import PlainCredentials
from pysasl.mechanism.oauth import OAuth2Mechanism

from sequencer.demo.imap_host import ImapHost
from sequencer.demo.imap_session import HostConfig
from tests.servers.smtp_server import Connection, SmtpServer

Takes = Callable[[str, str], bool]
"""Whether a token is good for a user."""

_SAID = re.compile(rb"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01")
_REASON = '{"status":"400","schemes":"Bearer"}'
LONGEST_AUTH = 12_288
"""RFC 4954 §4: an AUTH line may be that long."""


@dataclass(slots=True)
class TokenSmtp(SmtpServer):
    """`takes` decides about a login; what was said to it is kept in `tokens`."""

    takes: Takes = lambda _user, _token: False
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accounts = {"nobody": "has a password"}
        self.connection = _TokenConnection


class _TokenConnection(Connection):
    line_length_limit = LONGEST_AUTH

    def __init__(self, server: TokenSmtp) -> None:
        self._tokens = server
        super().__init__(server)
        for mechanism in ("PLAIN", "LOGIN"):
            self._auth_methods.pop(mechanism)
        self.command_size_limits = defaultdict(lambda: LONGEST_AUTH)

    async def auth_XOAUTH2(self, _: SMTP, arguments: list[str]) -> AuthResult:
        said = _SAID.fullmatch(base64.b64decode(arguments[1]))
        assert said, "not the initial response of XOAUTH2"
        user, token = said[1].decode(), said[2].decode()
        self._tokens.tokens.append(token)
        if self._tokens.takes(user, token):
            return AuthResult(success=True, auth_data=user)
        answer = await self.challenge_auth(_REASON)
        assert answer == b"", "the challenge is to be answered with an empty line"
        return AuthResult(success=False, handled=False)


class TokenImap(ImapHost):
    """pymap with XOAUTH2 alone for its clients; `add_user`'s password is for nobody."""

    def __init__(self, takes: Takes, *users: str) -> None:
        super().__init__({})
        self.tokens: list[str] = []
        self._config = _Config.made(None)
        self._login = _Login(self._config, takes, self.tokens)
        for user in users:
            self.add_user(user, "has a password")


class _Config(HostConfig):
    @property
    def initial_auth(self) -> SASLAuth:
        return self.tls_auth

    @property
    def tls_auth(self) -> SASLAuth:
        return SASLAuth([OAuth2Mechanism()])


class _Login(Login):
    def __init__(self, config: HostConfig, takes: Takes, tokens: list[str]) -> None:
        super().__init__(config)
        self._takes = takes
        self._heard = tokens

    async def authenticate(self, credentials: Any) -> Any:
        assert isinstance(credentials, ExternalCredentials)
        user, token = credentials.authzid, credentials._token or ""
        self._heard.append(token)
        if not self._takes(user, token):
            raise InvalidAuth
        return await super().authenticate(PlainCredentials(user, "has a password", user))
