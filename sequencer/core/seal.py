"""Values put aside under opaque words while Markdown is parsed, and put back as text afterwards."""

import html
import re
from collections.abc import Callable
from urllib.parse import quote

from sequencer.core.template_values import Imprint, Lines

AS_TEXT, AS_IMPRINT, AS_URL, IN_URL, IN_PHONE = "z", "i", "s", "u", "t"
"""Last letter of an opaque word: plain text, the sender's postal address; a whole link target, a part of one,
a part of a tel: target."""

LINK_TARGET = re.compile(r"(?:https?://\S|mailto:\S|tel:\S)", re.IGNORECASE)
"""The only link targets a mail may hold."""

_RESERVED = ":/?#[]@!$&'()*+,;=~%-._"


class Unprintable(ValueError):
    """A value that must not be put into a mail; the message says why."""


_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = frozenset("\r\n\x85\u2028\u2029")


def refuse_controls(value: str, *, may_break: bool = False) -> None:
    """Raise Unprintable for line breaks, control characters, lone surrogates, text-direction overrides."""
    for match in _UNWANTED.finditer(value):
        if match[0] == "\n" and may_break:
            continue
        if match[0] in _BREAKS:
            raise Unprintable("has a line break in it")
        raise Unprintable(f"has the control character U+{ord(match[0]):04X} in it")


class Seal:
    """One rendering's values. Opaque words are ASCII letters and digits, so Markdown leaves them alone.

    `prefix` must not be guessable from outside: it is taken from the version's hash, and what is put back
    is never looked through again.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.values: list[str] = []
        self.has_signature = False
        self._numbers: dict[str, int] = {}

    def put(self, value: str) -> str:
        """The opaque word that stands for `value`; Unprintable for control characters."""
        is_lines = isinstance(value, Lines)
        refuse_controls(value, may_break=is_lines)
        self.has_signature = self.has_signature or is_lines
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(str(value))
        kind = AS_IMPRINT if isinstance(value, Imprint) else AS_TEXT
        return f"{self.prefix}{self._numbers[value]}{kind}"

    def open_text(self, sealed: str) -> str:
        """`sealed` with every value as it is."""
        return self._open(sealed, lambda text: text, lambda url: url)

    def open_html(self, sealed: str) -> str:
        """`sealed` with every value escaped; line breaks of a signature become `<br>`."""
        return self._open(sealed, escape_lines, html.escape)

    def _open(self, sealed: str, text: Callable[[str], str], url: Callable[[str], str]) -> str:
        def put_back(match: re.Match[str]) -> str:
            value, kind = self.values[int(match[1])], match[2]
            return text(value) if kind in (AS_TEXT, AS_IMPRINT) else url(_url_form(value, kind))

        kinds = f"{AS_TEXT}{AS_IMPRINT}{AS_URL}{IN_URL}{IN_PHONE}"
        return re.sub(rf"{self.prefix}(\d+)([{kinds}])", put_back, sealed)


class Plain:
    """Values printed as they are, into a subject, a preheader or a task's title."""

    has_signature = False

    def put(self, value: str) -> str:
        """`value`; Unprintable for line breaks and control characters."""
        refuse_controls(value)
        return value


class PathPart:
    """Values printed into the name of a file under assets/: each stays within one part of the path."""

    has_signature = False

    def put(self, value: str) -> str:
        """`value`; Unprintable when it could lead elsewhere."""
        refuse_controls(value)
        if set(value) & set('/\\:*?"<>|') or value.strip(". ") == "":
            raise Unprintable("cannot be part of a file name")
        return value


def escape_lines(text: str) -> str:
    """HTML for plain text, its line breaks kept."""
    return html.escape(text).replace("\n", "<br>\n")


def _url_form(value: str, kind: str) -> str:
    if kind == IN_PHONE:
        return re.sub(r"[^\d+]", "", value)
    if kind == IN_URL:
        return quote(value, safe="@")
    if LINK_TARGET.match(value) is None or re.search(r"\s", value):
        raise Unprintable("is no link target: it must begin with https://, http://, mailto: or tel:")
    return quote(value, safe=_RESERVED)
