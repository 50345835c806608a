"""One form posted to an issuer, and its JSON answer; nothing of the form shows up in an error."""

import contextlib
import http.client
import json
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from sequencer import __version__
from sequencer.errors import SequencerError, TryAgain
from sequencer.mail.https import is_safe, opener_for
from sequencer.mail.socks import ProxyFault, Way

SECONDS = 15.0
"""How long an issuer may be silent."""
_MOST_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Reply:
    """What an issuer answered."""

    status: int
    document: Mapping[str, Any]


def post_form(url: str, fields: Mapping[str, str], way: Way | None = None) -> Reply:
    """POST `fields` by `way`; TryAgain when no usable answer came. Plain http is for this machine alone."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_safe(parts.scheme, host):
        raise SequencerError(f"{host} is not asked without encryption", hint="write https:// in `issuer`")
    request = urllib.request.Request(  # noqa: S310  (the scheme was looked at)
        url,
        data=urlencode(fields).encode(),
        headers={"Accept": "application/json", "User-Agent": f"sequencer/{__version__}"},
    )
    status, body = _exchanged(request, host, way)
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if status == 429 or status >= 500 or not isinstance(document, dict):
        raise TryAgain(f"{host} answered {status}" + ("" if document else " and nothing to go by"))
    return Reply(status, document)


def _exchanged(request: urllib.request.Request, host: str, way: Way | None) -> tuple[int, bytes]:
    try:
        with contextlib.ExitStack() as stack:
            try:
                response = stack.enter_context(opener_for(host, way).open(request, timeout=SECONDS))
            except HTTPError as error:  # an answer too: 400 tells what is wrong
                response = stack.enter_context(error)
            return response.status, response.read(_MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise TryAgain(f"{host} can't be reached: {_why(error)}") from None


def _why(error: Exception) -> str:
    """A network error in few words; those that repeat what was sent are not among them."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate does not fit ({reason.verify_message})"
    if isinstance(reason, ProxyFault):
        return f"{reason.what} ({reason.hint})"
    if isinstance(reason, TimeoutError):
        return f"no answer within {SECONDS:g} s"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return "the connection broke"
