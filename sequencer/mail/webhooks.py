"""Webhooks: one JSON POST to a chat room or program, signed as its vendor asks, and what the answer means."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote_plus, urlsplit

from sequencer import __version__
from sequencer.mail.https import is_safe, opener_for

TIMEOUT_SECONDS = 10.0
_MOST_ANSWER = 65_536
_MENDS = {
    ("dingtalk", 310000): "check the robot's security settings: its secret, its keywords, its addresses",
    ("dingtalk", 300001): "the robot's token is not known there: copy the URL anew",
    ("feishu", 19021): "the signature does not fit: check `secret` and this machine's clock",
    ("feishu", 19022): "this machine's address is not on the robot's list",
    ("feishu", 19024): "the robot asks for a keyword: remove it from its settings",
    ("wecom", 93000): "the robot's key is not known there: copy the URL anew",
    ("wecom", 45009): "too many messages a minute",
}
"""Codes explained in the manuals at open.dingtalk.com, open.feishu.cn and developer.work.weixin.qq.com."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request, its secrets filled in; never logged."""

    kind: str
    url: str
    secret: str
    delivery_id: str
    """Goes along, so that a receiver can tell a repetition."""
    content: str | dict[str, Any]
    """The text of a chat message, or the document of a `json` webhook."""


class PostFailed(Exception):
    """It did not arrive, in words that hold no URL, secret or text. `is_lasting`: a person must mend it."""

    def __init__(self, words: str, *, is_lasting: bool = False) -> None:
        super().__init__(words)
        self.is_lasting = is_lasting


def post(given: Post, now: datetime) -> None:
    """Send it; PostFailed when it was not accepted within ten seconds a step."""
    host = _checked_host(given.url)
    url, body, headers = signed(given, now)
    try:
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
        with opener_for(host).open(request, timeout=TIMEOUT_SECONDS) as answer:
            said = answer.read(_MOST_ANSWER)
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(given.kind, error.code) from None
    except (OSError, HTTPException, ValueError) as error:
        # An OSError's own words may name the URL; its kind is enough.
        raise PostFailed(f"not reached: {_cause(error)}") from None
    _check_answer(given.kind, said)


def signed(given: Post, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    """URL, body and headers as this kind of webhook wants them at `now`."""
    document, url = _document(given), given.url
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"sequencer/{__version__}",
        "Idempotency-Key": given.delivery_id,
    }
    if given.secret and given.kind == "dingtalk":
        stamp = str(int(now.timestamp() * 1000))
        sign = _hmac64(given.secret.encode(), f"{stamp}\n{given.secret}".encode())
        url += f"{'&' if urlsplit(url).query else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
    elif given.secret and given.kind == "feishu":
        stamp = str(int(now.timestamp()))
        # The vendor's way: stamp and secret are the key, and nothing is what is signed.
        sign = _hmac64(f"{stamp}\n{given.secret}".encode(), b"")
        document = {"timestamp": stamp, "sign": sign, **document}
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    if given.secret and given.kind == "json":
        stamp = str(int(now.timestamp()))
        mac = hmac.new(given.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
        headers["X-Sequencer-Signature"] = f"t={stamp},v1={mac.hexdigest()}"
    return url, body, headers


def _document(given: Post) -> dict[str, Any]:
    if isinstance(given.content, dict):
        return given.content
    match given.kind:
        case "slack":
            return {"text": given.content}
        case "feishu":
            return {"msg_type": "text", "content": {"text": given.content}}
        case "dingtalk" | "wecom":
            return {"msgtype": "text", "text": {"content": given.content}}
    raise ValueError(f"no form for a webhook of kind {given.kind!r}")


def _hmac64(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _checked_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host:
        raise PostFailed("its URL is none: copy it anew", is_lasting=True)
    if not is_safe(parts.scheme, host):
        raise PostFailed("its URL must begin with https:// (http:// for this machine only)", is_lasting=True)
    return host


def _refused(kind: str, status: int) -> PostFailed:
    words = f"{kind} answered {status}"
    if 300 <= status < 400:
        return PostFailed(f"{words}: it points elsewhere, which is not followed", is_lasting=True)
    return PostFailed(words, is_lasting=status in (400, 401, 403, 404, 405, 410))


def _check_answer(kind: str, said: bytes) -> None:
    """A 200 can be a refusal: DingTalk and WeCom say `errcode`, Feishu says `code`, Slack anything but ok."""
    if kind == "json":
        return
    if kind == "slack":
        if said.strip() not in (b"ok", b""):
            raise PostFailed("slack answered 200, but not ok")
        return
    try:
        answer = json.loads(said)
        code = answer.get("code" if kind == "feishu" else "errcode", answer.get("StatusCode", 0))
    except (ValueError, AttributeError):
        raise PostFailed(f"{kind} answered 200 with something that is no JSON: check the URL") from None
    if code == 0:
        return
    number = code if isinstance(code, int) else -1
    mend = _MENDS.get((kind, number))
    raise PostFailed(f"{kind} refused it with code {number}" + (f": {mend}" if mend else ""))


def _cause(error: Exception) -> str:
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, TimeoutError):
        return "no answer within 10 s"
    strerror = inner.strerror if isinstance(inner, OSError) else None
    return strerror or type(inner).__name__
