"""What a rep's answer says: the draft they edit, the words that remain of it, and the quotation beneath."""

import html
import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sequencer.core.edited_text import as_markdown, bodies_of_own_text
from sequencer.core.languages import tags_for
from sequencer.core.mail_html import page

COMMENT = "#|"
"""A draft's line that begins with it is not sent. Markdown's headings have a blank after the `#`."""

_WROTE: Mapping[str, str] = {
    "ar": "في {date}، كتب {who}:",
    "cs": "Dne {date} {who} napsal(a):",
    "da": "Den {date} skrev {who}:",
    "de": "Am {date} schrieb {who}:",
    "el": "Στις {date}, {who} έγραψε:",
    "en": "On {date}, {who} wrote:",
    "es": "El {date}, {who} escribió:",
    "fi": "{date}, {who} kirjoitti:",
    "fr": "Le {date}, {who} a écrit :",
    "he": "בתאריך {date} {who} כתב:",
    "hu": "{who} ezt írta ({date}):",
    "id": "Pada {date}, {who} menulis:",
    "it": "Il {date}, {who} ha scritto:",
    "ja": "{date} {who}のメール:",
    "ko": "{date}, {who} 님이 작성:",
    "nl": "Op {date} schreef {who}:",
    "no": "Den {date} skrev {who}:",
    "pl": "{date}, {who} napisał(a):",
    "pt": "Em {date}, {who} escreveu:",
    "ro": "Pe {date}, {who} a scris:",
    "ru": "{date}, {who} написал(а):",
    "sv": "Den {date} skrev {who}:",
    "th": "เมื่อ {date} {who} เขียนว่า:",
    "tr": "{date} tarihinde {who} şunu yazdı:",
    "uk": "{date}, {who} написав(ла):",
    "vi": "Vào {date}, {who} đã viết:",
    "zh": "{who} 于 {date} 写道：",
}
"""How mail programs introduce what they quote; days as numbers, which every reader reads the same way."""
QUOTED_LANGUAGES: tuple[str, ...] = tuple(_WROTE)
_QUOTE = "margin:0 0 0 8px;padding-left:8px;border-left:2px solid #cccccc;color:#555555"
_BLANK_LINES = re.compile(r"\n{3,}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a stranger's words must not bring into a mail of ours, nor into an editor."""


def introduction(language: str, who: str, received_at: datetime, zone: str) -> str:
    """`On 2026-03-02 14:05, Ana Silva <ana@…> wrote:`, in the language or in English."""
    form = next((_WROTE[tag] for tag in tags_for(language) if tag in _WROTE), _WROTE["en"])
    date = f"{received_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    return form.replace("{date}", date).replace("{who}", _plain(who))


def _plain(said: str) -> str:
    return _CONTROL.sub("", said.replace("\r\n", "\n")).strip()


def new_draft(snippets: list[str], signature: str, before: str, said: str) -> str:
    """Markdown to edit: the snippets, the signature, and what the rep answers as comments."""
    body = "\n\n".join(one.strip() for one in snippets if one.strip())
    notes = [f"Lines that begin with {COMMENT} are not sent. An empty answer sends nothing.", "", before]
    comments = [f"{COMMENT} {line}".rstrip() for line in (*notes, *_plain(said).split("\n"))]
    return "\n".join([body, "", as_markdown(signature), "", *comments, ""])


def own_words(draft: str) -> str:
    """The draft without its comments and without blank ends."""
    lines = [line for line in draft.replace("\r\n", "\n").split("\n") if not line.startswith(COMMENT)]
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def is_empty(words: str, signature: str) -> bool:
    """Whether there is nothing to send: no words, or the signature alone."""
    return not words or words == as_markdown(signature).strip()


def signed(words: str, signature: str) -> str:
    """The words with the signature below, unless it stands in them."""
    sign = as_markdown(signature).strip()
    return words if sign in words else f"{words.rstrip()}\n\n{sign}"


def reply_parts(words: str, said: str, before: str, language: str) -> tuple[str, str]:
    """Text and HTML of an answer, what it answers quoted beneath; UnfitMarkdown as `parts_of_own_text`."""
    text, body = bodies_of_own_text(words)
    quoted = _plain(said)
    if not quoted:
        return text, page(body, language=language, preheader=None)
    lines = "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    inside = html.escape(quoted).replace("\n", "<br>\n")
    block = (
        f'<p>{html.escape(before)}</p>\n<blockquote type="cite" style="{_QUOTE}">\n{inside}\n</blockquote>\n'
    )
    rich = page(body + block, language=language, preheader=None)
    return f"{text.rstrip()}\n\n{before}\n{lines}\n", rich
