"""A letter as the bytes a mail program sends: 7-bit, CRLF, the same bytes for the same facts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from sequencer.demo.original import Original

_CHARSETS = {"de": "iso-8859-1", "es": "iso-8859-1", "pl": "iso-8859-2", "zh": "gb18030"}
"""What programs in these languages use where the text allows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message on its way to us; people are (name, address)."""

    sender: tuple[str, str]
    to: tuple[str, str]
    copy_to: tuple[str, str] | None = None
    subject: str
    text: str
    html: str = ""
    """Beside the text, where the program sends both."""
    at: datetime
    zone: tzinfo
    """The sender's, for the offset in Date."""
    language: str
    answers: Original | None = None
    """In reply to this one of ours."""
    fields: tuple[tuple[str, str], ...] = ()
    """Further header fields."""


def letter_bytes(letter: Letter) -> bytes:
    """The message; the same letter gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _party(letter.sender)
    message["To"] = _party(letter.to)
    if letter.copy_to is not None:
        message["Cc"] = _party(letter.copy_to)
    message["Subject"] = letter.subject
    message["Date"] = letter.at.astimezone(letter.zone)
    message_id = minted_id(letter.sender[1], letter.at, f"{letter.subject}\n{letter.text}")
    message["Message-ID"] = message_id
    if letter.answers is not None:
        message["In-Reply-To"] = letter.answers.message_id
        message["References"] = " ".join((*letter.answers.references, letter.answers.message_id))
    for name, value in letter.fields:
        message[name] = value
    charset = _charset(letter)
    cte = "base64" if letter.language == "zh" else "quoted-printable"
    message.set_content(f"{letter.text}\n", charset=charset, cte=cte)
    if letter.html:
        message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="base64")
        # The library would draw a boundary at random.
        message.set_boundary(f"=_{message_id[1:25]}")
    return message.as_bytes()


def minted_id(address: str, at: datetime, what: str) -> str:
    """A Message-ID in the domain of `address`."""
    digest = hashlib.sha256(f"{address}\n{at.isoformat()}\n{what}".encode()).hexdigest()
    return f"<{digest[:24]}@{address.rpartition('@')[2]}>"


def _party(party: tuple[str, str]) -> Address:
    return Address(display_name=party[0], addr_spec=party[1])


def _charset(letter: Letter) -> str:
    wanted = _CHARSETS.get(letter.language, "utf-8")
    try:
        letter.text.encode(wanted)
    except UnicodeEncodeError:
        return "utf-8"
    return wanted
