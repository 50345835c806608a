"""Answers that mail programs give for people who are away or have left (RFC 3834 and Exchange's way)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from sequencer.demo.buyer import Buyer
from sequencer.demo.days import day_and_month
from sequencer.demo.mail_form import Letter, letter_bytes
from sequencer.demo.original import Original

_EXCHANGE_PREFIXES: Mapping[str, str] = {
    "en": "Automatic reply",
    "de": "Automatische Antwort",
    "es": "Respuesta automática",
    "pl": "Odpowiedź automatyczna",
    "zh": "自动答复",
}
_AWAY_PREFIXES: Mapping[str, str] = {
    "en": "Out of office",
    "de": "Abwesenheitsnotiz",
    "es": "Fuera de la oficina",
    "pl": "Nieobecność",
    "zh": "自动回复",
}
_EXCHANGE_FIELDS = (
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "All"),
    ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"),
)
_VACATION_FIELDS = (("Auto-Submitted", "auto-replied (vacation)"), ("Precedence", "bulk"))

_AWAY: Mapping[str, tuple[str, str]] = {
    "en": (
        "Thank you for your e-mail. I am out of the office and will be back on {back}.",
        "I am travelling with limited access to e-mail until {back} and will answer when I return.",
    ),
    "de": (
        "Vielen Dank für Ihre Nachricht. Ich bin nicht im Büro und ab dem {back} wieder erreichbar.",
        "Ich bin bis einschließlich {last} im Urlaub. Ihre E-Mail wird nicht weitergeleitet.",
    ),
    "es": (
        "Gracias por su mensaje. Estoy de vacaciones y vuelvo el {back}.",
        "Estaré fuera de la oficina hasta el {last}. Le responderé a mi regreso.",
    ),
    "pl": (
        "Dziękuję za wiadomość. Jestem na urlopie i wracam do biura {back}.",
        "Do dnia {last} przebywam na urlopie. Odpowiem po powrocie.",
    ),
    "zh": (
        "您好，我在外地参展，将于{back}返回办公室，届时回复您的邮件。",
        "您好，本人休假至{last}，期间回复可能不及时，敬请谅解。",
    ),
}
"""One names the first day back, the other the last day away (English `until`: the day itself)."""

_LEFT: Mapping[str, str] = {
    "en": "{name} no longer works at {company}. Please contact {colleague} at {address}.",
    "de": "{name} ist nicht mehr für {company} tätig. Bitte wenden Sie sich an {colleague}: {address}.",
    "es": "{name} ya no trabaja en {company}. Por favor, diríjase a {colleague}: {address}.",
    "pl": "{name} nie pracuje już w {company}. Prosimy o kontakt: {colleague}, {address}.",
    "zh": "您好，{name}已离职，{company}的采购请联系{colleague}：{address}。",
}
_NAMELESS: Mapping[str, tuple[str, str]] = {
    "en": ("The person who read this mailbox", "our office"),
    "de": ("Die Person hinter diesem Postfach", "unser Büro"),
    "es": ("La persona que atendía este buzón", "nuestra oficina"),
    "pl": ("Osoba obsługująca tę skrzynkę", "biurem"),
    "zh": ("原联系人", "我司"),
}


def back_on(buyer: Buyer, at: datetime) -> date:
    """The first day back of a buyer whose responder answers at `at`: a weekday in four to twelve days."""
    day = at.astimezone(ZoneInfo(buyer.zone)).date() + timedelta(days=4 + _number(buyer) % 7)
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def out_of_office(buyer: Buyer, original: Original, at: datetime) -> bytes:
    """The note of somebody who is away until a day it names."""
    back = back_on(buyer, at)
    away = _AWAY[buyer.language][_number(buyer) // 2 % 2]
    text = away.format(
        back=day_and_month(back, buyer.language, buyer.country),
        last=day_and_month(back - timedelta(days=1), buyer.language, buyer.country),
    )
    is_exchange = _number(buyer) % 2 == 0
    signed = "\n".join(part for part in (buyer.name, buyer.company) if part)
    return _note(buyer, original, at, f"{text}\n\n{signed}", is_exchange=is_exchange)


def left(buyer: Buyer, original: Original, at: datetime) -> bytes:
    """The note that a firm leaves for somebody who is gone, with whom to write to instead."""
    somebody, office = _NAMELESS[buyer.language]
    text = _LEFT[buyer.language].format(
        name=buyer.name or somebody,
        company=buyer.company,
        colleague=buyer.colleague or office,
        address=buyer.colleague_address,
    )
    return _note(buyer, original, at, f"{text}\n\n{buyer.company}", is_exchange=True)


def _note(buyer: Buyer, original: Original, at: datetime, text: str, *, is_exchange: bool) -> bytes:
    prefixes = _EXCHANGE_PREFIXES if is_exchange else _AWAY_PREFIXES
    return letter_bytes(
        Letter(
            sender=(buyer.name, buyer.address),
            to=(original.sender_name, original.reply_to),
            subject=f"{prefixes[buyer.language]}: {original.subject}",
            text=text,
            at=at,
            zone=ZoneInfo(buyer.zone),
            language=buyer.language,
            answers=original,
            fields=_EXCHANGE_FIELDS if is_exchange else _VACATION_FIELDS,
        )
    )


def _number(buyer: Buyer) -> int:
    return crc32(buyer.address.lower().encode())
