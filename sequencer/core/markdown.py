"""Markdown with sealed values → HTML and text that still hold the opaque words."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from sequencer.core.markdown_html import SMALL_PRINT, html_of
from sequencer.core.markdown_text import text_of
from sequencer.core.seal import AS_IMPRINT, AS_TEXT, AS_URL, IN_PHONE, IN_URL, LINK_TARGET

_BARE_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}*_]", re.IGNORECASE)


class UnfitMarkdown(ValueError):
    """Markdown that has no place in a mail; `written` is the piece of the text that it is about."""

    def __init__(self, message: str, written: str) -> None:
        super().__init__(message)
        self.written = written


@dataclass(frozen=True, slots=True)
class SealedParts:
    """Both parts of a mail before the values are put back."""

    html: str
    text: str


@lru_cache(maxsize=512)
def parts_of(sealed: str, prefix: str) -> SealedParts:
    """Both parts of `sealed` Markdown, whose opaque words begin with `prefix`.

    Contacts whose templates take the same branches share the sealed text, so most messages of a step cost
    a look-up here. Raises UnfitMarkdown for images and for link targets other than http, https, mailto, tel.
    """
    tokens = _parser().parse(sealed)
    for token in tokens:
        if token.children is not None:
            token.children = _with_links(token.children, prefix)
    _set_back_small_print(tokens, prefix)
    tree = SyntaxTreeNode(tokens)
    return SealedParts(html=html_of(tree), text=text_of(tree))


def _parser() -> MarkdownIt:
    # Line breaks are kept, as mail editors keep them. Indented code and underlined headings are off: in
    # mails these are lists of lines and signature dashes. The link check is ours, so that it can complain.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable("table").disable(["lheading", "code", "reference"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _set_back_small_print(tokens: list[Token], prefix: str) -> None:
    """The paragraph with the sender's postal address is written smaller."""
    for opening, inline in pairwise(tokens):
        is_paragraph = opening.type == "paragraph_open"
        if is_paragraph and re.search(rf"{prefix}\d+{AS_IMPRINT}", inline.content):
            opening.attrs["style"] = SMALL_PRINT


def _with_links(children: list[Token], prefix: str) -> list[Token]:
    """The inline tokens with link targets checked and marked, and bare addresses made into links."""
    done: list[Token] = []
    depth = 0
    for token in children:
        if token.type == "image":
            what = "the text has an image in it; put the file into `attach`, or link to it"
            raise UnfitMarkdown(what, "![")
        if token.type == "link_open":
            token.meta["written"] = token.attrs["href"]
            token.attrs["href"] = _marked(str(token.attrs["href"]), prefix)
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        done += _bare_links(token, prefix) if token.type == "text" and not depth else [token]
    return done


def _bare_links(token: Token, prefix: str) -> list[Token]:
    parts: list[Token] = []
    end = 0
    for match in _BARE_URL.finditer(token.content):
        parts += [
            Token("text", "", 0, content=token.content[end : match.start()]),
            Token("link_open", "a", 1, attrs={"href": _marked(match[0], prefix)}, meta={"written": match[0]}),
            Token("text", "", 0, content=match[0]),
            Token("link_close", "a", -1),
        ]
        end = match.end()
    return [*parts, Token("text", "", 0, content=token.content[end:])] if parts else [token]


def _marked(href: str, prefix: str) -> str:
    """The link target with its opaque words marked for the form their values need there."""
    word = rf"{prefix}(\d+)[{AS_TEXT}{AS_IMPRINT}]"
    starts_with_value = re.match(word, href) is not None
    if not starts_with_value and LINK_TARGET.match(href) is None:
        what = f"the link to {href!r} must begin with https://, http://, mailto: or tel:"
        raise UnfitMarkdown(what, href)
    if starts_with_value:
        href = re.sub(word, rf"{prefix}\1{AS_URL}", href, count=1)
    inner = IN_PHONE if href.lower().startswith("tel:") else IN_URL
    return re.sub(word, rf"{prefix}\1{inner}", href)
