"""The parts of a message found by positions in its bytes: iterative, at most 500 parts, 50 deep."""

from dataclasses import dataclass

from sequencer.core.mime_headers import parameters, split_block

MAX_PARTS = 500
MAX_DEPTH = 50
MAX_TRIES = 4_000
"""Places where one boundary is looked at; text may be made of what only begins like it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf: its type and where its (still encoded) content stands."""

    media_type: str
    charset: str | None
    encoding: str
    is_attachment: bool
    start: int
    end: int
    depth: int


def walk(data: bytes, raw_fields: list[tuple[str, str]], body: int) -> list[Part]:
    """Leaves in reading order. Returned messages are leaves: their insides are not this mail's text."""
    leaves: list[Part] = []
    stack: list[tuple[list[tuple[str, str]], int, int, int, str]] = [
        (raw_fields, body, len(data), 0, "text/plain")
    ]
    seen = 0
    while stack and seen < MAX_PARTS:
        fields, start, end, depth, default = stack.pop()
        seen += 1
        media_type, params, part = _describe(fields, start, end, depth, default)
        boundary = params.get("boundary", "").rstrip()
        sections = (
            _sections(data, start, end, boundary.encode("utf-8", "replace"))
            if media_type.startswith("multipart/") and boundary and depth < MAX_DEPTH
            else []
        )
        if not sections:
            leaves.append(part)
            continue
        inner_default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        for section_start, section_end in reversed(sections):
            inner, inner_body = split_block(data, section_start, section_end)
            if _has_swallowed(inner):
                inner, inner_body = _before_insides(inner), section_start
            stack.append((inner, min(inner_body, section_end), section_end, depth + 1, inner_default))
    return leaves


_INSIDES = frozenset({"message-id", "received", "from", "reporting-mta", "final-recipient"})
_HEADER_TYPES = ("message/", "text/rfc822-headers")


def _has_swallowed(fields: list[tuple[str, str]]) -> bool:
    """Whether the blank line is missing before headers that a part holds: then they stand among its own."""
    return any(name in _INSIDES for name, _ in fields) and any(
        name == "content-type" and value.strip().lower().startswith(_HEADER_TYPES) for name, value in fields
    )


def _before_insides(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The part's own fields: an encoding named after them is the returned message's."""
    first = next(at for at, (name, _) in enumerate(fields) if name in _INSIDES)
    return fields[:first]


def _describe(
    fields: list[tuple[str, str]], start: int, end: int, depth: int, default: str
) -> tuple[str, dict[str, str], Part]:
    first: dict[str, str] = {}
    for name, value in fields:
        first.setdefault(name, value)
    media_type, params = parameters(first.get("content-type", default))
    if "/" not in media_type:
        media_type = default
    disposition, details = parameters(first.get("content-disposition", ""))
    encoding = first.get("content-transfer-encoding", "").partition(";")[0].strip().lower()
    is_attachment = disposition == "attachment" or bool(disposition and "filename" in details)
    # A multipart whose boundary never appears is read as text: better than losing what it says.
    leaf_type = "text/plain" if media_type.startswith("multipart/") else media_type
    part = Part(leaf_type, params.get("charset"), encoding, is_attachment, start, end, depth)
    return media_type, params, part


def _sections(data: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """(start, end) of each body part between the delimiter lines (RFC 2046 §5.1.1), preamble left out."""
    delimiter = b"--" + boundary
    sections: list[tuple[int, int]] = []
    opened: int | None = None
    position = start
    for _ in range(MAX_TRIES):
        if len(sections) == MAX_PARTS:
            break
        found = data.find(delimiter, position, end)
        if found < 0:
            break
        line_end = data.find(b"\n", found, end)
        line_end = end if line_end < 0 else line_end
        rest = data[found + len(delimiter) : min(line_end, found + len(delimiter) + 80)].strip()
        position = line_end
        if (found > start and data[found - 1 : found] != b"\n") or rest not in (b"", b"--"):
            continue
        if opened is not None:
            sections.append((opened, max(opened, found - 1)))
        opened = None if rest else min(line_end + 1, end)
        if rest:
            break
    if opened is not None and len(sections) < MAX_PARTS:
        sections.append((opened, end))
    return sections
