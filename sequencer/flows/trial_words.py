"""What a mailbox's trial found, line by line, each with its mend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sequencer.config import Mailbox, Server
from sequencer.core.ports import (
    Answer,
    Deferred,
    FolderRole,
    MailboxFault,
    NamedFolder,
    Outcome,
    RawMail,
    ReadFailure,
    Refused,
    Sent,
)

CLOCK_SLACK = timedelta(seconds=60)
"""A larger difference between the server's clock and ours is worth a person's attention."""
_NO_DATE = datetime(1971, 1, 1, tzinfo=UTC)
"""An INTERNALDATE before this is none."""


class Grade(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line."""

    about: str
    """`smtp`, `imap`, `folders`, `arrival`, `clock`, `sent`."""
    grade: Grade
    says: str
    mend: str = ""


def smtp(server: Server, outcome: Outcome) -> Check:
    """What became of handing the test mail over."""
    if isinstance(outcome, Sent):
        return Check(about="smtp", grade=Grade.OK, says=f"{_where(server)}; took the test mail")
    if isinstance(outcome, MailboxFault):
        return Check(about="smtp", grade=Grade.FAIL, says=outcome.message, mend=outcome.hint)
    if isinstance(outcome, Refused | Deferred):
        says = f"{_where(server)}; {outcome.answer.verb}: {_said(outcome.answer)}"
        mend = "the provider does not let this mailbox write to itself: read its answer"
        return Check(about="smtp", grade=Grade.FAIL, says=says, mend=mend)
    return Check(
        about="smtp",
        grade=Grade.WARN,
        says=f"{_where(server)}; no answer to the mail's end",
        mend="try again; if it stays so, check the network and any firewall or proxy on the way",
    )


def imap_failed(failure: ReadFailure) -> Check:
    return Check(about="imap", grade=Grade.FAIL, says=failure.message, mend=failure.hint)


def imap(server: Server) -> Check:
    return Check(about="imap", grade=Grade.OK, says=_where(server))


def folders(found: Sequence[NamedFolder]) -> Check:
    """Each role with its folder, and how many there are."""
    named = [
        f"{folder.role.value} = {folder.name}" for folder in found if folder.role is not FolderRole.OTHER
    ]
    says = f"{len(found)}: {', '.join(named)}"
    if any(folder.role is FolderRole.SENT for folder in found):
        return Check(about="folders", grade=Grade.OK, says=says)
    mend = 'name your Sent folder: sent_folder = "…" under this mailbox'
    return Check(about="folders", grade=Grade.WARN, says=f"{says}; no Sent folder among them", mend=mend)


def arrival(mail: RawMail | None, took: timedelta, address: str) -> Check:
    """Where the test mail came, or that it did not."""
    seconds = f"{took.total_seconds():.0f} s"
    if mail is None:
        mend = "look for it in webmail; a slow provider gets more time with --wait 300"
        says = f"not seen in {address} within {seconds}"
        return Check(about="arrival", grade=Grade.FAIL, says=says, mend=mend)
    if mail.role is FolderRole.JUNK:
        mend = 'mark it as "not junk" in webmail, and have SPF, DKIM and DMARC of the domain checked'
        says = f"after {seconds}, in {mail.folder}: taken for junk"
        return Check(about="arrival", grade=Grade.WARN, says=says, mend=mend)
    return Check(about="arrival", grade=Grade.OK, says=f"after {seconds}, in {place(mail)}; it is left there")


def place(mail: RawMail) -> str:
    """The folder as people see it: Gmail's All Mail holds what lies in the inbox."""
    return "INBOX" if "\\Inbox" in mail.labels else mail.folder


def clock_off(received_at: datetime, sent_at: datetime, seen_at: datetime) -> timedelta | None:
    """How far the server's clock is ahead of ours (negative: behind); None without a date.

    It may have dated the mail anywhere between sending and seeing, in whole seconds.
    """
    if received_at < _NO_DATE:
        return None
    earliest = sent_at.replace(microsecond=0)
    if received_at < earliest:
        return received_at - earliest
    return max(received_at - seen_at, timedelta(0))


def clock(off: timedelta) -> Check:
    seconds = round(off.total_seconds())
    if abs(off) <= CLOCK_SLACK:
        says = f"the server's clock and ours agree within {abs(seconds)} s" if seconds else "agrees with ours"
        return Check(about="clock", grade=Grade.OK, says=says)
    way = "ahead of" if seconds > 0 else "behind"
    mend = "set this machine's clock by the network (NTP); if it is right, the server's is not"
    says = f"the server's clock is {abs(seconds)} s {way} ours"
    return Check(about="clock", grade=Grade.WARN, says=says, mend=mend)


def sent(mailbox: Mailbox, copy: RawMail | None) -> Check:
    """Who files what was sent."""
    if mailbox.imap is None:
        says = "nobody looks: the mailbox has no [mailboxes.imap] of its own, so copies can't be saved"
        return Check(about="sent", grade=Grade.OK, says=says)
    if copy is not None:
        says = f"the provider files a copy itself, in {copy.folder}"
        if mailbox.save_sent != "always":
            return Check(about="sent", grade=Grade.OK, says=says)
        mend = 'write save_sent = "auto": with "always" a mail may lie there twice'
        return Check(about="sent", grade=Grade.WARN, says=says, mend=mend)
    if mailbox.save_sent == "never":
        mend = 'write save_sent = "auto" to have them saved'
        says = 'the provider files no copy, and save_sent = "never"'
        return Check(about="sent", grade=Grade.WARN, says=says, mend=mend)
    return Check(
        about="sent", grade=Grade.OK, says="the provider files no copy: `run` saves one of each mail"
    )


def _where(server: Server) -> str:
    how = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption"}[server.security]
    login = f"logged in as {server.username}" if server.username else "no login"
    return f"{server.host}:{server.port} ({how}), {login}"


def _said(answer: Answer) -> str:
    return " ".join(f"{answer.code} {answer.enhanced} {answer.text}".split())
