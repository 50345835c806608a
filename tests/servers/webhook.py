"""A chat room's end of a webhook: it checks form and signature as the manuals say, and fails as told."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sequencer.clock import Clock, SystemClock

STALL = "stall"
"""Say nothing until the server stops."""
REFUSE = "refuse"
"""A refusal as this vendor words it: an error code in a 200, or a status."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One request that was accepted."""

    document: dict[str, Any]
    text: str
    """What the room shows; empty for `json`."""
    key: str
    """The Idempotency-Key."""


@dataclass(slots=True)
class WebhookServer:
    """Listens on 127.0.0.1 while the `with` block lasts; `kind` decides what it asks for and answers."""

    kind: str
    secret: str = ""
    clock: Clock = field(default_factory=SystemClock)
    accepted: list[Posted] = field(default_factory=list)
    heard: int = 0
    """Requests, good or bad."""
    _faults: list[str] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _over: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                owner._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}/hook?access_token=very-secret-token"

    def fail(self, *faults: str) -> None:
        """Answer the coming requests with these: a status (`500`), `302`, REFUSE, STALL."""
        with self._changed:
            self._faults += faults

    def wait_accepted(self, count: int, seconds: float = 30.0) -> list[Posted]:
        """What was accepted, once there are `count`; AssertionError after `seconds`."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.accepted) >= count, seconds)
            assert arrived, f"{len(self.accepted)} of {count} posts within {seconds} s, {self.heard} heard"
            return list(self.accepted)

    def wait_heard(self, count: int, seconds: float = 30.0) -> None:
        """Until so many requests came, good or bad."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.heard >= count, seconds), f"{self.heard} heard"

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        with self._changed:
            self.heard += 1
            fault = self._faults.pop(0) if self._faults else None
            self._changed.notify_all()
        if fault == STALL:
            self._over.wait(60)
        elif fault in (None, REFUSE):
            is_good = fault is None and self._take(request, body)
            _say(request, *self._verdict(is_good=is_good))
        else:
            _say(request, int(str(fault)), b"no: " + body)

    def _take(self, request: BaseHTTPRequestHandler, body: bytes) -> bool:
        document = json.loads(body)
        text = self._text(document)
        if text is None or not self._is_signed(request, document, body):
            return False
        with self._changed:
            key = request.headers["Idempotency-Key"]
            self.accepted.append(Posted(document=document, text=text, key=key))
            self._changed.notify_all()
        return True

    def _text(self, document: dict[str, Any]) -> str | None:
        match self.kind:
            case "json":
                return "" if {"id", "sent_at", "notices"} <= document.keys() else None
            case "slack":
                return document["text"] if set(document) == {"text"} else None
            case "feishu":
                return document["content"]["text"] if document.get("msg_type") == "text" else None
        return document["text"]["content"] if document.get("msgtype") == "text" else None

    def _is_signed(self, request: BaseHTTPRequestHandler, document: dict[str, Any], body: bytes) -> bool:
        if not self.secret:
            return True
        now = self.clock.now().timestamp()
        if self.kind == "dingtalk":
            query = parse_qs(urlsplit(request.path).query)
            stamp, said = query["timestamp"][0], query["sign"][0]
            meant = _hmac64(self.secret, f"{stamp}\n{self.secret}")
            return said == meant and abs(int(stamp) / 1000 - now) < HOUR.total_seconds()
        if self.kind == "feishu":
            stamp = document["timestamp"]
            meant = _hmac64(f"{stamp}\n{self.secret}", "")
            return document["sign"] == meant and abs(int(stamp) - now) < HOUR.total_seconds()
        stamp, said = (part.split("=")[1] for part in request.headers["X-Sequencer-Signature"].split(","))
        signed = f"{stamp}.".encode() + body
        return said == hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()

    def _verdict(self, *, is_good: bool) -> tuple[int, bytes]:
        match self.kind:
            case "slack":
                return (200, b"ok") if is_good else (403, b"invalid_token")
            case "feishu":
                code, message = (0, "success") if is_good else (19021, "sign match fail")
                return 200, json.dumps({"code": code, "msg": message, "data": {}}).encode()
            case "dingtalk" | "wecom":
                code = 0 if is_good else {"dingtalk": 310000, "wecom": 93000}[self.kind]
                return 200, json.dumps({"errcode": code, "errmsg": "ok" if is_good else "no"}).encode()
        return (204, b"") if is_good else (401, b"")


def _hmac64(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _say(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    request.send_response(status)
    if 300 <= status < 400:
        request.send_header("Location", "http://127.0.0.1:1/elsewhere")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
