"""An issuer of tokens on loopback: device codes, consent, rotating refresh tokens, and Dovecot's question."""

import base64
import hashlib
import json
import secrets
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from sequencer.clock import Clock

Answer = tuple[int, dict[str, Any]]
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One form that was posted."""

    path: str
    form: Mapping[str, str]
    at: datetime


@dataclass(slots=True)
class Issuer:
    """Listens on 127.0.0.1 while the `with` block lasts; its tokens are good for `account`.

    A refresh token works once: asked with an old one, the issuer ends the whole sign-in, as strict ones do.
    All attributes may be set and read from the test's thread at any time.
    """

    clock: Clock
    account: str = "li@ourfirm.example"
    client_secret: str | None = None
    life_in: timedelta = timedelta(hours=1)
    pending: list[str] = field(default_factory=list)
    """What the next questions for a device's tokens are answered with, before the tokens come."""
    declines: bool = False
    """Whether the person in the browser says no."""
    is_strict: bool = True
    tls: ssl.SSLContext | None = None
    """Speaks https, under whatever name the certificate has; `port` says where."""
    gives_refresh_tokens: bool = True
    asked: list[Asked] = field(default_factory=list, init=False)
    secrets: list[str] = field(default_factory=list, init=False)
    """Every token and code ever given out, newest last."""
    _faults: list[tuple[str, Answer]] = field(default_factory=list, init=False)
    _good_until: dict[str, datetime] = field(default_factory=dict, init=False)
    _refresh: str = field(default="", init=False)
    _devices: set[str] = field(default_factory=set, init=False)
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False)
    _server: Any = field(default=None, init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def takes(self, user: str, token: str) -> bool:
        """What a mail server asks: is this token good for this user now?"""
        return user == self.account and self._is_good(token)

    def fail(self, path: str, status: int, document: dict[str, Any]) -> None:
        """Answer the next form posted to `path` like that; `SENT` in a text is what the form held."""
        self._faults.append((path, (status, document)))

    def forget_access_tokens(self) -> None:
        """They end before their time; the refresh token stays good."""
        self._good_until.clear()

    def revoke(self) -> None:
        """End the sign-in."""
        self._good_until.clear()
        self._refresh = ""

    def forms(self, grant_type: str) -> list[Mapping[str, str]]:
        """What was asked of /token for that kind of grant, in order."""
        return [one.form for one in self.asked if one.form.get("grant_type") == grant_type]

    def answer(self, path: str, form: Mapping[str, str]) -> Answer:
        """The answer to a posted form."""
        with self._lock:
            self.asked.append(Asked(path=path, form=form, at=self.clock.now()))
            for index, (where, (status, document)) in enumerate(self._faults):
                if where == path:
                    del self._faults[index]
                    sent = " ".join(form.values())
                    told = {key: _with(value, sent) for key, value in document.items()}
                    return status, told
            if path == "/introspect":
                is_good = self._is_good(form.get("token", ""))
                return 200, {"active": is_good, "email": self.account} if is_good else {"active": False}
            if self.client_secret is not None and form.get("client_secret") != self.client_secret:
                return 401, {"error": "invalid_client"}
            return self._device(form) if path == "/device" else self._token(form)

    def consent(self, query: Mapping[str, str]) -> str | None:
        """Where the browser goes after the person decided; None for a link that lacks something."""
        redirect = query.get("redirect_uri", "")
        is_safe = query.get("code_challenge_method") == "S256" and query.get("response_type") == "code"
        if not is_safe or not query.get("state") or urlsplit(redirect).hostname != "127.0.0.1":
            return None
        if self.declines:
            told = {"error": "access_denied", "state": query["state"]}
        else:
            code = self._new("code")
            self._codes[code] = query
            told = {"code": code, "state": query["state"]}
        return f"{redirect}?{urlencode(told)}"

    def _device(self, form: Mapping[str, str]) -> Answer:
        if not form.get("scope"):
            return 400, {"error": "invalid_request"}
        code = self._new("device")
        self._devices.add(code)
        page = f"{self.url}/enter"
        return 200, {
            "device_code": code,
            "user_code": "WDJB-MJHT",
            "verification_uri": page,
            "expires_in": 900,
            "interval": 5,
        }

    def _token(self, form: Mapping[str, str]) -> Answer:
        kind = form.get("grant_type")
        if kind == DEVICE and form.get("device_code") in self._devices:
            if self.pending:
                return 400, {"error": self.pending.pop(0)}
            self._devices.discard(form["device_code"])
            return 200, self._tokens()
        if kind == "authorization_code":
            asked = self._codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if asked is not None and asked["code_challenge"] == challenge:
                is_same = asked["redirect_uri"] == form.get("redirect_uri")
                return (200, self._tokens()) if is_same else (400, {"error": "invalid_grant"})
        if kind == "refresh_token" and self._refresh and form.get("refresh_token") == self._refresh:
            return 200, self._tokens()
        if kind == "refresh_token" and self.is_strict:
            self.revoke()
        return 400, {"error": "invalid_grant", "error_description": "the sign-in was ended"}

    def _tokens(self) -> dict[str, Any]:
        access = self._new("access", size=1100)
        self._good_until[access] = self.clock.now() + self.life_in
        document = {
            "token_type": "Bearer",
            "access_token": access,
            "expires_in": int(self.life_in.total_seconds()),
        }
        if self.gives_refresh_tokens:
            self._refresh = document["refresh_token"] = self._new("refresh")
        return document

    def _new(self, kind: str, size: int = 40) -> str:
        """A secret as long as the real ones are."""
        self.secrets.append(f"{kind}-{secrets.token_urlsafe(size)}")
        return self.secrets[-1]

    def _is_good(self, token: str) -> bool:
        until = self._good_until.get(token)
        return until is not None and self.clock.now() < until


def _with(value: Any, sent: str) -> Any:
    return value.replace("SENT", sent) if isinstance(value, str) else value


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            goes_to = issuer.consent(query) if parts.path == "/authorize" else None
            self.send_response(302 if goes_to else 400)
            if goes_to:
                self.send_header("Location", goes_to)
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, document = issuer.answer(urlsplit(self.path).path, form)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing on stderr: tests look there for secrets."""

    return Handler
