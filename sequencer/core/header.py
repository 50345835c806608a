"""Header fields as bytes: folding, encoded words (RFC 2047), addresses (RFC 5322, 6532, IDNA)."""

import base64
import re
from collections.abc import Sequence
from functools import lru_cache

from sequencer.core.ascii_domain import ascii_domain

LINE = 78
"""Columns a line should keep to (RFC 5322 §2.1.1)."""
ENCODED_LINE = 76
"""Columns of a line that holds encoded words (RFC 2047 §2)."""
MAX_LINE = 998
"""Columns a line must keep to (RFC 5322 §2.1.1)."""
_ENCODED_WORD = 75
_WRAPPER = len("=?utf-8?q??=")

_BREAKS = re.compile("[\r\n\0]")
_PRINTABLE = re.compile(r"[ -~]*")
_ONE_WORD = re.compile(r"[!-~]+")
_ATEXT = r"[^\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"]"
_DOT_ATOM = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[A-Za-z0-9.:]+\]")
_Q_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/ ")
"""What an encoded word in a display name may hold unencoded (RFC 2047 §5.3); a space becomes `_`."""


def checked(name: str, value: str) -> str:
    """Return `value`; ValueError naming the header when it holds CR, LF, NUL or half a surrogate pair.

    A cell of an imported list ends up here: a line break in it would be a header of the attacker's.
    """
    if value.isascii() and value.isprintable():
        return value
    if _BREAKS.search(value):
        raise ValueError(f"{name}: a line break or NUL is not allowed in a header: {value!r}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}: not valid Unicode: {value!r}") from error
    return value


def unstructured(name: str, value: str) -> bytes:
    """A free-text field such as Subject: plain when it is short-worded ASCII, else all encoded words."""
    plain = _fold_text(name, checked(name, value))
    if plain is not None:
        return plain
    return fold(name, encoded_words(value, ENCODED_LINE - len(name) - 2), ENCODED_LINE)


def tokens(name: str, values: Sequence[str]) -> bytes:
    """A field of ids or URIs: never encoded words, folded only between values (stack of Message-IDs).

    The first value stays on the line of the name, however long: clients compare ids before unfolding.
    ValueError when a value is not printable ASCII without spaces, or a line would pass 998 columns.
    """
    for value in values:
        if not _ONE_WORD.fullmatch(checked(name, value)):
            raise ValueError(f"{name}: {value!r} is not one word of printable ASCII")
    return fold(name, values, LINE)


@lru_cache(maxsize=256)
def party(name: str, display_name: str, address: str) -> bytes:
    """A field with one address. White space in the display name is folded to single spaces."""
    spec = f"<{wire_address(name, address)}>"
    words = " ".join(checked(name, display_name).split())
    if not words:
        return fold(name, [spec[1:-1]], LINE)
    plain = _plain_phrase(words)
    if plain is not None and len(name) + 2 + len(plain) <= LINE:
        return fold(name, [plain, spec], LINE)
    return fold(name, [*encoded_words(words, ENCODED_LINE - len(name) - 2), spec], ENCODED_LINE)


@lru_cache(maxsize=256)
def wire_address(name: str, address: str) -> str:
    """The address as SMTP and headers spell it: IDNA domain, local part quoted where it must be.

    The result is ASCII unless the local part is not (then the message needs SMTPUTF8, RFC 6531).
    ValueError names `name` when the address has no local part, a bad domain or control characters.
    """
    local, at, domain = checked(name, address.strip()).rpartition("@")
    if not at or not local or not _QUOTABLE.fullmatch(local):
        raise ValueError(f"{name}: {address!r} is not an address")
    if _DOT_ATOM.fullmatch(local) is None and not (local[0] == local[-1] == '"' and len(local) > 2):
        local = quoted(local)
    return f"{local}@{wire_domain(name, domain)}"


def wire_domain(name: str, domain: str) -> str:
    """The domain in ASCII (IDNA 2008 with UTS 46 mapping); ValueError names `name`."""
    plain = domain
    if not domain.isascii():
        try:
            plain = ascii_domain(domain)
        except ValueError as error:
            raise ValueError(f"{name}: {domain!r} is not a domain: {error}") from error
    if not _DOMAIN.fullmatch(plain):
        raise ValueError(f"{name}: {domain!r} is not a domain")
    return plain


def quoted(text: str) -> str:
    """An RFC 5322 quoted-string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def encoded_words(text: str, first_room: int) -> list[str]:
    """`text` as UTF-8 encoded words of at most 75 columns, B or Q by which is shorter (RFC 2047).

    No character is split over two words. `first_room` is the room the first word has on its line.
    """
    size = len(text.encode())
    q_cost = sum(_q_cost(char) for char in text)
    is_q = q_cost <= (size + 2) // 3 * 4
    words: list[str] = []
    chunk, used, limit = "", 0, _capacity(min(first_room, _ENCODED_WORD), is_q)
    for char in text:
        cost = _q_cost(char) if is_q else len(char.encode())
        if chunk and used + cost > limit:
            words.append(_encoded_word(chunk, is_q))
            chunk, used, limit = "", 0, _capacity(_ENCODED_WORD, is_q)
        chunk += char
        used += cost
    return [*words, _encoded_word(chunk, is_q)]


def fold(name: str, words: Sequence[str], limit: int) -> bytes:
    """The field with its CRLF, broken only between `words`; ValueError beyond 998 columns."""
    lines = [f"{name}: {words[0] if words else ''}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= limit:
            lines[-1] += " " + word
        else:
            lines.append(" " + word)
    return _joined(name, lines)


def _fold_text(name: str, value: str) -> bytes | None:
    """`value` folded as it is; None where only encoded words keep it intact within 78 columns."""
    if "=?" in value or value != value.strip() or not _PRINTABLE.fullmatch(value):
        return None
    lines = [f"{name}: "]
    for word in re.findall(r" *[^ ]+", value):
        if len(lines[-1]) + len(word) <= LINE:
            lines[-1] += word
        elif word[0] == " " and len(word) <= LINE:
            lines.append(word)
        else:
            return None
    return _joined(name, lines)


def _joined(name: str, lines: Sequence[str]) -> bytes:
    field = "\r\n".join(lines).encode() + b"\r\n"
    if len(field) > MAX_LINE and max(map(len, field.split(b"\r\n"))) > MAX_LINE:
        raise ValueError(f"{name}: a value is longer than a line may be ({MAX_LINE} columns)")
    return field


def _plain_phrase(words: str) -> str | None:
    if "=?" in words or not _PRINTABLE.fullmatch(words):
        return None
    return words if _PHRASE.fullmatch(words) else quoted(words)


def _q_cost(char: str) -> int:
    return 1 if char in _Q_SAFE else 3 * len(char.encode())


def _capacity(room: int, is_q: bool) -> int:
    """What fits between the wrapper: columns for Q, bytes before encoding for B."""
    return room - _WRAPPER if is_q else (room - _WRAPPER) // 4 * 3


def _encoded_word(chunk: str, is_q: bool) -> str:
    if not is_q:
        return f"=?utf-8?b?{base64.b64encode(chunk.encode()).decode('ascii')}?="
    body = "".join(
        char if char in _Q_SAFE else "".join(f"={byte:02X}" for byte in char.encode()) for char in chunk
    )
    return f"=?utf-8?q?{body.replace(' ', '_')}?="
