"""How mail programs put the quoted original below an answer: Gmail's way, Outlook's way, Foxmail's."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from sequencer.core.message import reply_subject
from sequencer.demo.buyer import Buyer
from sequencer.demo.days import clock, day_and_month, month, weekday
from sequencer.demo.original import Original

_INTRODUCTIONS: Mapping[str, str] = {
    "en": "On {weekday}, {day} {year} at {clock}, {who} wrote:",
    "de": "Am {weekday}, {day} {year} um {clock} Uhr schrieb {who}:",
    "es": "El {weekday}, {day} de {year} a las {clock}, {who} escribió:",
    "pl": "{weekday}, {day} {year} o {clock} {who} napisał(a):",
    "zh": "{who} 于{year}年{day}{weekday} {clock}写道：",
}
_LABELS: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "es": ("De", "Enviado el", "Para", "Asunto"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
}
_OUTLOOK_PREFIXES: Mapping[str, str] = {"en": "RE", "de": "AW", "es": "RE", "pl": "ODP", "zh": "回复"}


def answer_subject(buyer: Buyer, original: Original, *, is_outlook: bool) -> str:
    """The subject with the program's own prefix, once."""
    plain = reply_subject(original.subject)
    return f"{_OUTLOOK_PREFIXES[buyer.language]}: {plain[4:]}" if is_outlook else plain


def quoted(buyer: Buyer, original: Original, *, is_outlook: bool) -> str:
    """The original below its introduction or header block, in the buyer's language and zone."""
    at = original.sent_at.astimezone(ZoneInfo(buyer.zone))
    if is_outlook:
        return f"{_header_block(buyer, original, at)}\n\n{original.text}"
    lines = [f"> {line}".rstrip() for line in original.text.split("\n")]
    return "\n".join([_introduction(buyer, original, at), "", *lines])


def as_html(own: str, buyer: Buyer, original: Original) -> str:
    """The same as Gmail writes it beside the text."""
    introduction = _introduction(buyer, original, original.sent_at.astimezone(ZoneInfo(buyer.zone)))
    said, before, after = (
        escape(text).replace("\n", "<br>\n") for text in (own, introduction, original.text)
    )
    return (
        f'<div dir="ltr">{said}</div><br>\n'
        f'<div class="gmail_quote"><div class="gmail_attr">{before}<br></div>\n'
        f'<blockquote class="gmail_quote">\n{after}\n</blockquote></div>\n'
    )


def _introduction(buyer: Buyer, original: Original, at: datetime) -> str:
    day = day_and_month(at, buyer.language, buyer.country)
    return _INTRODUCTIONS[buyer.language].format(
        weekday=weekday(at, buyer.language),
        day=f"{day}," if buyer.country == "US" else day,
        year=at.year,
        clock=clock(at, buyer.country),
        who=f"{original.sender_name} <{original.sender}>",
    )


def _header_block(buyer: Buyer, original: Original, at: datetime) -> str:
    sender, sent, to, subject = _LABELS[buyer.language]
    when = f"{at.day}. {month(at, 'de')} {at.year}" if buyer.language == "de" else f"{at:%Y-%m-%d}"
    return "\n".join(
        (
            f"{sender}: {original.sender_name} <{original.sender}>",
            f"{sent}: {when} {clock(at, buyer.country)}",
            f"{to}: {buyer.name or buyer.company} <{buyer.address}>",
            f"{subject}: {original.subject}",
        )
    )
