"""Unsubscribe tokens: an enrollment's id and a keyed tag, short enough for a subject or a plus-address."""

import base64
import hmac
import re

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TAG_LENGTH = 13
"""Base32 digits: 65 bits of HMAC-SHA-256."""
_VERSION = "a"
"""Links live for years: a new key or layout takes another letter and old tokens still verify."""
_TOKEN = re.compile(
    rf"unsubscribe-({_VERSION}[0-9a-z]{{1,13}}[a-z2-7]{{{_TAG_LENGTH}}})(?![0-9a-z])", re.IGNORECASE
)


def unsubscribe_token(key: bytes, enrollment_id: int) -> str:
    """Lower-case letters and digits only, so that it survives case-folding; ValueError for a negative id."""
    if enrollment_id < 0:
        raise ValueError("an enrollment's id is not negative")
    return f"{_VERSION}{_base36(enrollment_id)}{_tag(key, enrollment_id)}"


def find_tokens(text: str) -> list[str]:
    """Everything in `text` that looks like `unsubscribe-TOKEN`, lower-cased, in order, each once."""
    return list(dict.fromkeys(match.lower() for match in _TOKEN.findall(text)))


def verify_token(key: bytes, token: str) -> int | None:
    """The enrollment's id if the tag is right under `key`, else None; the letters' case does not matter."""
    match = _TOKEN.fullmatch(f"unsubscribe-{token}")
    if match is None:
        return None
    folded = match[1].lower()
    enrollment_id = int(folded[1:-_TAG_LENGTH], 36)
    is_ours = hmac.compare_digest(unsubscribe_token(key, enrollment_id), folded)
    return enrollment_id if is_ours else None


def _tag(key: bytes, enrollment_id: int) -> str:
    digest = hmac.digest(key, f"unsubscribe\n{enrollment_id}".encode("ascii"), "sha256")
    return base64.b32encode(digest).decode("ascii").lower()[:_TAG_LENGTH]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
