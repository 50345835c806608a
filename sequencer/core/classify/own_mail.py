"""Mail that we or the rep wrote: the program's own copies, and what a rep wrote by hand."""

from sequencer.core.classify.rule import Reading, Rule, evidence
from sequencer.core.inbound import Verdict, VerdictKind
from sequencer.core.ports import FolderRole

NAME = "own_mail"


def check(reading: Reading) -> Verdict | None:
    """Our id: own copy. From ours in Sent or All Mail: hand-written. From ours elsewhere: other."""
    mail, context = reading.mail, reading.context
    if mail.message_id and context.is_ours(mail.message_id):
        return Verdict(
            kind=VerdictKind.OWN_COPY, evidence=evidence(NAME, "header:Message-ID", mail.message_id)
        )
    original = mail.header("x-microsoft-original-message-id").strip()
    is_from_us = mail.from_address.lower() in context.own_addresses
    if not is_from_us:
        return None
    if original and context.is_ours(original):
        where = "header:X-Microsoft-Original-Message-ID"
        return Verdict(kind=VerdictKind.OWN_COPY, evidence=evidence(NAME, where, original))
    if context.folder_role not in {FolderRole.SENT, FolderRole.ALL}:
        return Verdict(kind=VerdictKind.OTHER, evidence=evidence(NAME, "header:From", "our own address"))
    submitted = mail.header("auto-submitted").strip().lower()
    if submitted not in {"", "no"} or mail.disposition is not None:
        where = "header:Auto-Submitted" if submitted else "part:disposition-notification"
        return Verdict(kind=VerdictKind.OTHER, evidence=evidence(NAME, where, submitted))
    return Verdict(kind=VerdictKind.HAND_WRITTEN, evidence=evidence(NAME, "header:From", mail.from_address))


RULE = Rule(NAME, "Written by one of our own mailboxes.", check)
