"""The browser sign-in: consent in a browser, which brings its code back to a port of this machine.

Sources: RFC 8252 §7.3 (loopback redirect), RFC 7636 (PKCE, S256), RFC 6749 §10.12 (state).
"""

import base64
import hashlib
import secrets
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from sequencer.clock import Clock
from sequencer.core.sign_in import Tokens
from sequencer.errors import SequencerError
from sequencer.mail.oauth.endpoint import Endpoint, Refusal
from sequencer.mail.oauth.faults import login_fault

PATIENCE_SECONDS = 300.0
"""How long a person may take in the browser."""
_SLICE_SECONDS = 1.0
"""Where a wait can't be interrupted (Windows), Ctrl-C is noticed this late."""
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>sequencer</title>
<body style="font: 16px sans-serif; margin: 4em"><p>{words}</p></body></html>
"""


@dataclass(slots=True, kw_only=True)
class _Visit:
    """What the browser is to bring, and what it brought."""

    state: str
    came: threading.Event = field(default_factory=threading.Event)
    code: str = field(default="", repr=False)
    refusal: Refusal | None = None

    def take(self, query: dict[str, list[str]]) -> tuple[HTTPStatus, str]:
        """Note what the query of a redirect says; the page for whoever sent it."""
        brought = {name: values[0] for name, values in query.items()}
        if not secrets.compare_digest(brought.get("state", "").encode(), self.state.encode()):
            return (
                HTTPStatus.BAD_REQUEST,
                "This belongs to another sign-in. Use the newest link you were shown.",
            )
        if self.came.is_set():
            return HTTPStatus.OK, "This sign-in is done. You can close this window."
        if brought.get("code"):
            self.code = brought["code"]
            return HTTPStatus.OK, "Done. You can close this window and go back to the terminal."
        words = " ".join(brought.get("error_description", "").split())[:200]
        self.refusal = Refusal(brought.get("error", "access_denied")[:40], words)
        return HTTPStatus.OK, "The sign-in was declined. You can close this window."


class _Listener(ThreadingHTTPServer):
    """A web server for the one visit; browsers open connections in advance, hence a thread for each."""

    def __init__(self, visit: _Visit) -> None:
        self.visit = visit
        super().__init__(("127.0.0.1", 0), _Page)

    def server_bind(self) -> None:
        # http.server would ask for this machine's full name, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, *_: Any) -> None:
        """A browser that hung up is nobody's concern, and a traceback would show the code."""


class _Page(BaseHTTPRequestHandler):
    server: _Listener
    timeout = 10.0

    def do_GET(self) -> None:
        parts, visit = urlsplit(self.path), self.server.visit
        if parts.path != "/" or not parts.query:
            self._answer(HTTPStatus.NOT_FOUND, "There is nothing here.")
            return
        status, words = visit.take(parse_qs(parts.query))
        self._answer(status, words)
        if visit.code or visit.refusal:
            visit.came.set()

    def _answer(self, status: HTTPStatus, words: str) -> None:
        page = _PAGE.format(words=words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: Any) -> None:
        """Nothing: the request's line holds the code."""


def sign_in_by_browser(
    endpoint: Endpoint, account: str, tell: Callable[[str], None], open_page: Callable[[str], Any] | None
) -> Tokens:
    """Tell the link (and open it with `open_page`), wait for the browser, and trade its code for tokens.

    Raises SequencerError when it is declined, refused or not done within five minutes.
    """
    issuer, verifier = endpoint.issuer, secrets.token_urlsafe(64)
    visit = _Visit(state=secrets.token_urlsafe(32))
    with _Listener(visit) as listener:
        redirect = f"http://{issuer.redirect_host}:{listener.server_port}"
        link = _link(endpoint, account, redirect, visit.state, verifier)
        thread = threading.Thread(target=listener.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            _invite(link, listener.server_port, tell, open_page)
            _wait(endpoint.clock, visit)
        finally:
            listener.shutdown()
            thread.join()
    if visit.refusal is not None:
        raise login_fault(visit.refusal, issuer.name)
    fields = {
        "grant_type": "authorization_code",
        "code": visit.code,
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    try:
        return endpoint.tokens(fields)
    except Refusal as refusal:
        raise login_fault(refusal, issuer.name) from None


def _link(endpoint: Endpoint, account: str, redirect: str, state: str, verifier: str) -> str:
    """The page where a person consents; it shows the verifier's hash only."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": endpoint.client_id,
        "redirect_uri": redirect,
        "scope": endpoint.issuer.scope,
        "state": state,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
        "login_hint": account,
        **endpoint.issuer.extra,
    }
    return f"{endpoint.issuer.authorize_url}?{urlencode(query)}"


def _invite(
    link: str, port: int, tell: Callable[[str], None], open_page: Callable[[str], Any] | None
) -> None:
    is_open = bool(open_page(link)) if open_page is not None else False
    tell("Sign in in the browser window that opens, or open this link:" if is_open else "Open this link:")
    tell(link)
    if not is_open:
        way = f"ssh -L {port}:127.0.0.1:{port} THIS-HOST"
        tell(f"If the browser runs on another computer, first type there: {way}")


def _wait(clock: Clock, visit: _Visit) -> None:
    started = clock.monotonic()
    while not clock.wait(visit.came, _SLICE_SECONDS):
        if clock.monotonic() - started >= PATIENCE_SECONDS:
            minutes = f"{PATIENCE_SECONDS / 60:g}"
            raise SequencerError(
                f"nobody signed in within {minutes} minutes",
                hint="run the command again; the old link is void",
            )
