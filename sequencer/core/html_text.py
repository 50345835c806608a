"""HTML into the text a reader sees, quotations marked by `>` and reply separators by a known line."""

import html
import re

MAX_HTML = 262_144

SEPARATOR = "-----Original Message-----"
"""Put where a mail program marks, in ids or classes only, that the quoted mail begins."""

_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_SPACE = re.compile(r"[ \t\n\f]+")
_QUOTE_MARK = re.compile(
    r"""(?:id|class|name)\s*=\s*["']?[^"'>]{0,80}?(?<![\w])(?:x_)*(?:"""
    r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|isReplyContent"
    r"|yahoo_quoted|yahooQuoted|reply-intro|zmail_extra|tutanota_quote|protonmail_quote|gmail_quote_container"
    r"|ms-outlook-mobile-reference-message|messageReplySection|ntes-mailreply|spnEditorSign_quote)",
    re.IGNORECASE,
)
_SKIPPED = ("style", "script", "head", "title", "xml")
_BLOCK_NAMES = (
    "address article blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " ol p pre section table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())


class _Writer:
    """Collects lines, each with the quotation depth it stands at."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0
        self._words: list[str] = []
        self.is_pre = False

    def text(self, chunk: str) -> None:
        chunk = html.unescape(chunk).replace("\xa0", " ")
        if self.is_pre:
            first, *others = chunk.split("\n")
            self._words.append(first)
            for line in others:
                self.break_line()
                self._words.append(line)
        else:
            self._words.append(_SPACE.sub(" ", chunk))

    def break_line(self) -> None:
        line = "".join(self._words)
        line = line.rstrip() if self.is_pre else _SPACE.sub(" ", line).strip()
        self.lines.append(f"{'> ' * min(self.depth, 20)}{line}".rstrip() if self.depth else line)
        self._words.clear()

    def start_block(self) -> None:
        if "".join(self._words).strip():
            self.break_line()
        else:
            self._words.clear()

    def separator(self) -> None:
        self.start_block()
        self.lines.append(SEPARATOR)


def text_of_html(source: str) -> str:
    """Plain text of `source` (its first 256 KB), in time linear in its length; never raises."""
    source = source[:MAX_HTML]
    writer = _Writer()
    position = 0
    while position < len(source):
        opening = source.find("<", position)
        if opening < 0:
            writer.text(source[position:])
            break
        if opening > position:
            writer.text(source[position:opening])
        position = _tag(source, opening, writer)
    writer.start_block()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(writer.lines)).strip("\n")


def _tag(source: str, opening: int, writer: _Writer) -> int:
    """Handle the markup at `opening`; where reading goes on."""
    if source.startswith("<!--", opening):
        closing = source.find("-->", opening + 4)
        return len(source) if closing < 0 else closing + 3
    match = _TAG_NAME.match(source, opening + 1)
    if match is None and source[opening + 1 : opening + 2] not in ("!", "?"):
        writer.text("<")
        return opening + 1
    closing = source.find(">", opening)
    if closing < 0:
        return len(source)
    if match is not None:
        name = match[1].lower()
        is_end = source[opening + 1] == "/"
        if name in _SKIPPED and not is_end and source[closing - 1] != "/":
            return _skip(source, closing + 1, name)
        _element(name, is_end, source[match.end() : closing], writer)
    return closing + 1


def _skip(source: str, position: int, name: str) -> int:
    end = re.compile(rf"</{name}\b[^<>]{{0,100}}>|<body\b", re.IGNORECASE).search(source, position)
    if end is None:
        return len(source)
    return end.start() if end[0].lower().startswith("<body") else end.end()


def _element(name: str, is_end: bool, attributes: str, writer: _Writer) -> None:
    if name == "br":
        writer.break_line()
    elif name in {"td", "th"} and is_end:
        writer.text(" ")
    elif name in _BLOCKS:
        writer.start_block()
        if name == "blockquote":
            writer.depth = max(0, writer.depth + (-1 if is_end else 1))
        elif name == "pre":
            writer.is_pre = not is_end
        elif name == "p" and is_end and writer.lines and writer.lines[-1].strip("> "):
            writer.break_line()
    if attributes and not is_end and _QUOTE_MARK.search(attributes[:2000]) and name != "blockquote":
        writer.separator()
