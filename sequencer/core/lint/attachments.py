"""Attachments that are too big for a mail to a stranger, or of a kind that filters take away."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule

MAX_ENCODED = 2_000_000
"""Bytes of all attachments of one mail as they travel (base64: four for three)."""
_BLOCKED = """
7z ace apk app arj asp bat bin cab cmd com cpl dll docm dotm exe gz hta htm html img iso jar js jse lnk lz msi
msp ppsm pptm ps1 py rar reg scr sh svg swf tar vb vbe vbs vhd wsf xlam xll xlsm xltm xz zip
"""


def _size(mail: Mail) -> Iterator[Finding]:
    """Attachments over the budget; above the limit of a whole message another warning speaks."""
    encoded = sum(file.size or 0 for file in mail.attachments) * 4 // 3
    if MAX_ENCODED < encoded <= mail.max_message_bytes:
        heaviest = max(mail.attachments, key=lambda file: file.size or 0)
        what = f"the attachments take {encoded / 1_000_000:.1f} MB in the mail; 2 MB is what inboxes like"
        hint = f"shrink {heaviest.name} (smaller pictures), or link to it"
        yield Finding(mail.at_attachment(heaviest.name), what, hint)


def _kind(mail: Mail) -> Iterator[Finding]:
    """Files of a kind that carries viruses."""
    for file in mail.attachments:
        suffix = PurePosixPath(file.name).suffix.lower()
        if suffix.removeprefix(".") in _BLOCKED.split():
            what = f"{file.name}: many servers refuse mails with {suffix} files"
            yield Finding(mail.at_attachment(file.name), what, "send a PDF or a picture, or link to the file")


SIZE = Rule(
    "heavy-attachments",
    "attachments of more than 2 MB in one mail (encoded)",
    "Big files fill mailboxes and load slowly, and filters are stricter with them.",
    _size,
)
KIND = Rule(
    "attachment-type",
    "files such as .zip, .exe, .docm, .js or .html",
    "Viruses come in them, so that servers refuse the whole mail.",
    _kind,
)
