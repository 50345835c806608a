"""What a returned message tells: its ids and whom it went to, from parts or from text below a marker line."""

import re

from sequencer.core.mime import InboundMail
from sequencer.core.mime_headers import find_addresses, message_ids

MARKER = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:below this line is a copy|this is a copy of (?:the|your) message|original "
    r"message|returned message"
    r"|the (?:header|body) of the (?:original )?message|unsent message|undelivered message|message header"
    r"|message follows|the header page|the unsent message|transcript of your message).{0,80}"
    r"|(?:original message (?:headers?|follows)|message headers? follow|received header|original headers?"
    r"|the (?:original|following) message (?:header|text) ?(?:follows|is)?|your message reads \(in "
    r"part\)|header of the original message"
    r"|邮件原文|原邮件(?![\s\S]{0,600}(?:退信|失败|退回)原因)(?:信息|内容)?|原始邮件).{0,40}[:\uff1a]?[ \t]*"
    r"|(?:return-path|received): .{3,500})$",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a text bounce stops talking and the mail it returns begins."""

_ID_LINE = re.compile(
    r"^[ \t>|]{0,6}message-id:[ \t]*\n?[ \t]*(<[^<>\s]{3,500}>|[^\s<>]{3,500}@[^\s<>]{1,255})", re.I | re.M
)
_JSON_ID = re.compile(
    r'"name\\?"\s{0,3}:\s{0,3}\\?"message-id\\?"\s{0,3},\s{0,3}\\?"value\\?"\s{0,3}:\s{0,3}\\?"'
    r'(?P<ours><[^<>"\\]{3,500}>)|"messageId\\?"\s{0,3}:\s{0,3}\\?"(?P<relay>[\w.-]{3,200})\\?"',
    re.I,
)
_TO_LINE = re.compile(r"^[ \t>|]{0,6}to:[ \t]*(.{3,300})$", re.I | re.M)


def split_text(text: str) -> tuple[str, str]:
    """(what the bounce says, the message it returns); the second is empty when none stands in the text."""
    marker = MARKER.search(text)
    return (text, "") if marker is None else (text[: marker.start()], text[marker.start() :])


def original_ids(mail: InboundMail) -> tuple[str, ...]:
    """Message-IDs of returned messages: attached ones, then those in the text, then what reports name."""
    found: list[str] = []
    for fields in mail.returned:
        for name in ("message-id", "x-microsoft-original-message-id", "resent-message-id"):
            found += message_ids(fields.first(name))
    for block in mail.delivery_status:
        found += message_ids(block.first("x-original-message-id")) if "x-original-message-id" in block else ()
        if not found and "received" in block:  # its own part was not told apart: the boundary is wrong
            found += message_ids(block.first("message-id"))
    for report in (mail.disposition, mail.feedback):
        if report is not None:
            found += message_ids(report.first("original-message-id"))
    if not found and mail.text.lstrip()[:1] == "{":
        found += _json_ids(mail.text)
    if not found:
        for match in list(_ID_LINE.finditer(mail.text))[:5]:
            found += message_ids(match[1])
    return tuple(dict.fromkeys(found))


def original_recipients(mail: InboundMail) -> tuple[str, ...]:
    """Whom the returned message was addressed to."""
    for fields in mail.returned:
        for name in ("x-original-to", "to"):
            if found := find_addresses(fields.first(name), 20):
                return found
    match = _TO_LINE.search(split_text(mail.text)[1])
    return find_addresses(match[1], 20) if match else ()


def _json_ids(text: str) -> list[str]:
    """Of an Amazon SES event: the Message-ID we wrote, then the one SES put in its place."""
    told = list(_JSON_ID.finditer(text))
    return [one["ours"] for one in told if one["ours"]] + [
        f"<{one['relay']}@email.amazonses.com>" for one in told if one["relay"]
    ]
