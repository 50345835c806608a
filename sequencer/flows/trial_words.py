"""What a mailbox's trial found, line by line, each with its mend."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sequencer.config import Mailbox, Server
from sequencer.core.checkup import Check, CheckState
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


def smtp(server: Server, outcome: Outcome) -> Check:
    """What became of handing the test mail over."""
    if isinstance(outcome, Sent):
        return Check(name="smtp", state=CheckState.OK, what=f"{_where(server)}; took the test mail")
    if isinstance(outcome, MailboxFault):
        return Check(name="smtp", state=CheckState.BAD, what=outcome.message, mend=outcome.hint)
    if isinstance(outcome, Refused | Deferred):
        what = f"{_where(server)}; {outcome.answer.verb}: {_said(outcome.answer)}"
        mend = "the provider does not let this mailbox write to itself: read its answer"
        return Check(name="smtp", state=CheckState.BAD, what=what, mend=mend)
    return Check(
        name="smtp",
        state=CheckState.WARN,
        what=f"{_where(server)}; no answer to the mail's end",
        mend="try again; if it stays so, check the network and any firewall or proxy on the way",
    )


def imap_failed(failure: ReadFailure) -> Check:
    return Check(name="imap", state=CheckState.BAD, what=failure.message, mend=failure.hint)


def imap(server: Server) -> Check:
    return Check(name="imap", state=CheckState.OK, what=_where(server))


def folders(found: Sequence[NamedFolder]) -> Check:
    """Each role with its folder, and how many there are."""
    named = [
        f"{folder.role.value} = {folder.name}" for folder in found if folder.role is not FolderRole.OTHER
    ]
    what = f"{len(found)}: {', '.join(named)}"
    if any(folder.role is FolderRole.SENT for folder in found):
        return Check(name="folders", state=CheckState.OK, what=what)
    mend = 'name your Sent folder: sent_folder = "…" under this mailbox'
    return Check(name="folders", state=CheckState.WARN, what=f"{what}; no Sent folder among them", mend=mend)


def arrival(mail: RawMail | None, took: timedelta, address: str) -> Check:
    """Where the test mail came, or that it did not."""
    seconds = f"{took.total_seconds():.0f} s"
    if mail is None:
        mend = "look for it in webmail; a slow provider gets more time with --wait 300"
        what = f"not seen in {address} within {seconds}"
        return Check(name="arrival", state=CheckState.BAD, what=what, mend=mend)
    if mail.role is FolderRole.JUNK:
        mend = 'mark it as "not junk" in webmail, and have SPF, DKIM and DMARC of the domain checked'
        what = f"after {seconds}, in {mail.folder}: taken for junk"
        return Check(name="arrival", state=CheckState.WARN, what=what, mend=mend)
    return Check(
        name="arrival", state=CheckState.OK, what=f"after {seconds}, in {place(mail)}; it is left there"
    )


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
        what = f"the server's clock and ours agree within {abs(seconds)} s" if seconds else "agrees with ours"
        return Check(name="clock", state=CheckState.OK, what=what)
    way = "ahead of" if seconds > 0 else "behind"
    mend = "set this machine's clock by the network (NTP); if it is right, the server's is not"
    what = f"the server's clock is {abs(seconds)} s {way} ours"
    return Check(name="clock", state=CheckState.WARN, what=what, mend=mend)


def sent(mailbox: Mailbox, copy: RawMail | None) -> Check:
    """Who files what was sent."""
    if mailbox.imap is None:
        what = "nobody looks: the mailbox has no [mailboxes.imap] of its own, so copies can't be saved"
        return Check(name="sent", state=CheckState.OK, what=what)
    if copy is not None:
        what = f"the provider files a copy itself, in {copy.folder}"
        if mailbox.save_sent != "always":
            return Check(name="sent", state=CheckState.OK, what=what)
        mend = 'write save_sent = "auto": with "always" a mail may lie there twice'
        return Check(name="sent", state=CheckState.WARN, what=what, mend=mend)
    if mailbox.save_sent == "never":
        mend = 'write save_sent = "auto" to have them saved'
        what = 'the provider files no copy, and save_sent = "never"'
        return Check(name="sent", state=CheckState.WARN, what=what, mend=mend)
    return Check(
        name="sent", state=CheckState.OK, what="the provider files no copy: `run` saves one of each mail"
    )


def _where(server: Server) -> str:
    how = {"tls": "TLS", "starttls": "STARTTLS", "none": "no encryption"}[server.security]
    login = f"logged in as {server.username}" if server.username else "no login"
    return f"{server.host}:{server.port} ({how}), {login}"


def _said(answer: Answer) -> str:
    return " ".join(f"{answer.code} {answer.enhanced} {answer.text}".split())
