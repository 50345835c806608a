"""The device sign-in (RFC 8628): a code that is typed on any device with a browser, and waiting for it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sequencer.core.sign_in import Tokens
from sequencer.errors import InputError, SequencerError, TryAgain
from sequencer.mail.oauth.endpoint import Endpoint, Refusal
from sequencer.mail.oauth.faults import login_fault

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
_USUAL_INTERVAL, _SLOWER_BY, _LONGEST_INTERVAL = 5.0, 5.0, 60.0
"""Seconds between two questions (RFC 8628 §3.2, §3.5)."""
_USUAL_LIFE, _LONGEST_LIFE = 900.0, 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """An issuer's answer to the wish to sign in."""

    device_code: str
    user_code: str
    page: str
    interval: float
    life: float


def sign_in_by_device(endpoint: Endpoint, tell: Callable[[str], None]) -> Tokens:
    """Tell page and code, then ask until the person is done there.

    Raises SequencerError when it is declined, expires or is refused, InputError where the issuer has no
    device sign-in, TryAgain when the issuer can't be reached at all.
    """
    issuer, clock = endpoint.issuer, endpoint.clock
    if issuer.device_url is None:
        raise InputError(
            f"{issuer.name} has no device sign-in for mail",
            hint="leave --device out; docs/oauth.md tells more",
        )
    started = clock.monotonic()
    try:
        offer = _offer(endpoint.ask(issuer.device_url, {"scope": issuer.scope}), issuer.name)
    except Refusal as refusal:
        raise login_fault(refusal, issuer.name) from None
    tell(f"Open {offer.page} on any device and enter the code {offer.user_code}")
    interval, waiting = offer.interval, threading.Event()
    while clock.monotonic() - started + interval < offer.life:
        clock.wait(waiting, interval)
        try:
            return endpoint.tokens({"grant_type": GRANT_TYPE, "device_code": offer.device_code})
        except Refusal as refusal:
            if refusal.error == "slow_down":
                interval += _SLOWER_BY
            elif refusal.error != "authorization_pending":
                raise login_fault(refusal, issuer.name) from None
        except TryAgain:  # §3.5: ask less often, and go on
            interval = min(2 * interval, _LONGEST_INTERVAL)
    raise login_fault(Refusal("expired_token", "the code was not entered in time"), issuer.name)


def _offer(answer: Mapping[str, Any], issuer: str) -> _Offer:
    page = str(answer.get("verification_uri") or answer.get("verification_url") or "")
    device_code, user_code = str(answer.get("device_code") or ""), str(answer.get("user_code") or "")
    if not device_code or not user_code or urlsplit(page).scheme not in ("https", "http"):
        raise SequencerError(
            f"{issuer} answered without a code", hint="check `issuer` under [mailboxes.oauth]"
        )
    return _Offer(
        device_code=device_code,
        user_code=user_code,
        page=page,
        interval=min(max(1.0, _seconds(answer.get("interval"), _USUAL_INTERVAL)), _LONGEST_INTERVAL),
        life=min(_seconds(answer.get("expires_in"), _USUAL_LIFE), _LONGEST_LIFE),
    )


def _seconds(told: Any, otherwise: float) -> float:
    try:
        return float(told)
    except (TypeError, ValueError):
        return otherwise
