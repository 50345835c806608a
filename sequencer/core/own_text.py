"""What the sender wrote themselves: quoted mail, its introductions and signatures taken away."""

import re

from sequencer.core import quote_markers as marks

MAX_LINES = 3_000
MAX_LINE = 2_000
_COLONS = ":\uff1a\ufe55"
_HAS_COLON = re.compile(f"[{_COLONS}]")
_RULES = frozenset(">*_=#-\u2014\u2013")
"""What a separator or a rule begins with: most lines need no longer look."""

_BLANKS = re.compile("[\xa0\u3000\u2007\u202f]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Nothing, or a direction: Gmail wraps Hebrew and Arabic introductions in such marks."""
_TRAILING_BLANKS = re.compile(r"\n{3,}")


def own_text(text: str) -> str:
    """The sender's own lines, also between and below quotations; empty when they wrote nothing.

    Text after an introduction (`On … wrote:`) is quoted as far as its `>` lines go; where the quotation
    carries no `>`, everything below the introduction, separator or header block is somebody else's.
    """
    lines = [_clean(line) for line in text.split("\n")[:MAX_LINES]]
    own: list[str] = []
    position = 0
    while position < len(lines):
        if not lines[position]:
            own.append("")
            position += 1
            continue
        if marks.QUOTED_LINE.match(lines[position]):
            if marks.GROUPWISE_INTRO.match(lines[position]):
                break
            position += 1
            continue
        intro = _intro_length(lines, position)
        if intro:
            below = _next_written(lines, position + intro)
            if below is None or not marks.QUOTED_LINE.match(lines[below]):
                break
            position = below
            continue
        if _begins_quoted_mail(lines, position):
            own = _without_address(own)
            break
        own.append(lines[position])
        position += 1
    return _TRAILING_BLANKS.sub("\n\n", "\n".join(_without_signature(own))).strip()


def _clean(line: str) -> str:
    line = _INVISIBLE.sub("", _BLANKS.sub(" ", line[:MAX_LINE]))
    return line.rstrip() if line.rstrip() != "--" else "--"


def _next_written(lines: list[str], position: int) -> int | None:
    for index in range(position, min(position + 6, len(lines))):
        if lines[index].strip():
            return index
    return None


def _intro_length(lines: list[str], position: int) -> int:
    """How many lines (at most 4) an introduction takes that starts here; 0 when none does."""
    first = lines[position].strip()
    if not first or not (
        marks.INTRO_BEGIN.match(first) or marks.INTRO_HINT.search(first) or first[-1] in _COLONS
    ):
        return 0
    joined = ""
    for count in range(1, 5):
        line = lines[position + count - 1].strip() if position + count <= len(lines) else ""
        if not line or (count > 1 and marks.QUOTED_LINE.match(line)):
            return 0
        joined = f"{joined} {line}".strip().replace("< ", "<")
        if len(joined) > 400:
            return 0
        if _is_intro(joined, lines, position + count, is_folded=count > 1):
            return count
        if joined[-1] in _COLONS:
            return 0
    return 0


def _is_intro(joined: str, lines: list[str], below: int, *, is_folded: bool) -> bool:
    if marks.INTRO_NO_COLON.match(joined):
        return bool(marks.INTRO_HINT.search(joined))
    if joined[-1] not in f"{_COLONS}>":
        return False
    if marks.JAPANESE_INTRO.match(joined) or marks.INTRO_NO_VERB.match(joined):
        return True
    if not marks.INTRO_END.search(joined):
        verb = marks.INTRO_VERB_FIRST.search(joined)
        if verb is None or not marks.INTRO_HINT.search(joined):
            return False
        return bool(marks.INTRO_HINT.search(joined[: verb.start()])) or _is_quote_next(lines, below)
    if marks.INTRO_HINT.search(joined):
        # Folded lines are an introduction only from their own beginning: prose may run into `wrote:`.
        return not is_folded or bool(marks.INTRO_BEGIN.match(joined) or marks.INTRO_HINT.search(joined[:60]))
    return _is_quote_next(lines, below)


def _is_quote_next(lines: list[str], position: int) -> bool:
    following = _next_written(lines, position)
    return following is not None and bool(marks.QUOTED_LINE.match(lines[following]))


def _begins_quoted_mail(lines: list[str], position: int) -> bool:
    line = lines[position]
    is_ruled = line.lstrip()[:1] in _RULES
    if (is_ruled or line[-1] in _COLONS) and marks.SEPARATOR.match(line):
        return True
    if is_ruled and marks.RULE_LINE.match(line):
        below = _next_written(lines, position + 1)
        return below is not None and _is_header_block(lines, below)
    return _is_header_block(lines, position)


def _is_header_block(lines: list[str], position: int) -> bool:
    """A `From:` line with at least two more header lines among the next seven; GMX puts the date above it."""
    if not _HAS_COLON.search(lines[position]):
        return False
    if not marks.HEADER_FROM_LINE.match(lines[position]):
        is_dated = position + 1 < len(lines) and marks.HEADER_LINE.match(lines[position])
        if not is_dated or not marks.HEADER_FROM_LINE.match(lines[position + 1]):
            return False
    following = [line for line in lines[position + 1 : position + 8] if line.strip()]
    return sum(1 for line in following if marks.HEADER_LINE.match(line)) >= 2


def _without_address(own: list[str]) -> list[str]:
    """Lines above the sender's own address, where Foxmail put it over the quoted mail."""
    written = [index for index, line in enumerate(own) if line.strip()]
    is_lone = len(written) > 1 and marks.LONE_ADDRESS.match(own[written[-1]].strip())
    return own[: written[-1]] if is_lone and written[-1] > written[-2] + 1 else own


def _without_signature(own: list[str]) -> list[str]:
    """Lines above the first signature separator, without a phone's `Sent from …` at the end."""
    for index, line in enumerate(own):
        is_end = marks.SIGNATURE_LINE.match(line.strip(" ")) or marks.CARD_LINE.match(line.strip(" "))
        if is_end and any(above.strip() for above in own[:index]):
            own = own[:index]
            break
    while own and (not own[-1].strip() or marks.SENT_FROM_LINE.match(own[-1])):
        own = own[:-1]
    return own
