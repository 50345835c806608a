"""A person's own words as both parts of a mail, and a mail's text as Markdown that reads back the same."""

import hashlib
import re
from collections.abc import Iterator

from sequencer.core.mail_html import page
from sequencer.core.markdown import UnfitMarkdown, parts_of

_INLINE = re.compile(r"([\\`*_\[\]<>&~|])")
_FIELD = re.compile(r"\{\{[^{}]{0,80}\}\}|\{%[^{}]{0,80}%\}")
_EMPTY_LINES = re.compile(r"\n{3,}")
_BLOCK = re.compile(r"^(\s*)(?:([-+#>])|(\d{1,9})([.)]))", re.MULTILINE)


def parts_of_own_text(markdown: str, *, language: str) -> tuple[str, str]:
    """Text part and HTML part of `markdown`; UnfitMarkdown (a ValueError) for what has no place in a mail."""
    text, html = bodies_of_own_text(markdown)
    return text, page(html, language=language, preheader=None)


def bodies_of_own_text(markdown: str) -> tuple[str, str]:
    """The same without the HTML page around it; UnfitMarkdown as `parts_of_own_text`."""
    field = _FIELD.search(markdown)
    if field is not None:
        what = f"it says {field[0]}, which would leave as it stands: only templates and snippets have fields"
        raise UnfitMarkdown(what, field[0])
    parts = parts_of(markdown, _unused_prefix(markdown))
    return parts.text, parts.html


def as_markdown(text: str) -> str:
    """Markdown whose text part is `text`, with as few backslashes as do.

    A size such as 10*20*30 would otherwise lose its stars as soon as a person edits another line.
    """
    wanted = _visible(text)
    return next((draft for draft in _drafts(text) if _reads_as(draft) == wanted), text)


def _visible(text: str) -> str:
    # Blanks at a line's end are not seen, nor how many empty lines part two paragraphs.
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip("\n")


def _drafts(text: str) -> Iterator[str]:
    yield text
    inline = _INLINE.sub(r"\\\1", text)
    yield inline
    yield _BLOCK.sub(_escaped_start, inline)


def _escaped_start(match: re.Match[str]) -> str:
    blank, sign, number, after = match.groups()
    return f"{blank}\\{sign}" if sign else f"{blank}{number}\\{after}"


def _reads_as(markdown: str) -> str | None:
    try:
        return _visible(parts_of(markdown, _unused_prefix(markdown)).text)
    except ValueError:
        return None


def _unused_prefix(markdown: str) -> str:
    """Nothing is put aside in a person's own text: any word that is not in it will do."""
    return "q" + hashlib.sha256(markdown.encode()).hexdigest()[:24]
