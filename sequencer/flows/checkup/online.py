"""What others say of us: DNS of each sending domain, and the servers of each mailbox."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sequencer.config import Config, Mailbox
from sequencer.core.bulk_rules import BULK_PER_DAY
from sequencer.core.checkup import Check, CheckState, bad, fine, unknown, warning
from sequencer.core.dns import Dns
from sequencer.core.ports import MailboxFault, ReadFailure
from sequencer.core.providers import above_limit
from sequencer.flows.check_domain import check_domains
from sequencer.flows.checkup.ground import Ground, Look


class TryCourier(Protocol):
    """A courier that can log in and hang up."""

    def try_login(self) -> MailboxFault | None: ...


class TryReader(Protocol):
    """A reader that can log in and hang up; ReadFailure says what is wrong."""

    def try_login(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """How the world is asked."""

    open_dns: Callable[[], Dns]
    open_courier: Callable[[Mailbox], TryCourier]
    open_reader: Callable[[Mailbox], TryReader]


def looks_outside(outside: Outside) -> tuple[Look, ...]:
    """The checks that `--offline` leaves out."""

    def servers(ground: Ground) -> Iterator[Check]:
        for mailbox in ground.config.mailboxes if ground.config else ():
            yield from _servers(mailbox, outside)

    def domains(ground: Ground) -> Iterator[Check]:
        if ground.config is None:
            return
        for domain, checks in check_domains(outside.open_dns(), ground.config).items():
            for check in checks:
                yield replace(check, name=f"{check.name} of {domain}")
            yield _bulk_rules(domain, checks)

    return servers, domains


def _bulk_rules(domain: str, checks: Sequence[Check]) -> Check:
    """What Gmail, Yahoo and Outlook.com ask of whoever sends in bulk, as far as DNS can tell."""
    name = f"bulk rules of {domain}"
    asked = [check for check in checks if check.name in ("spf", "dkim", "dmarc", "ptr")]
    unmet = [check.name.upper() for check in asked if check.state in (CheckState.BAD, CheckState.WARN)]
    open_ = [check.name.upper() for check in asked if check.state is CheckState.UNKNOWN]
    if unmet:
        return warning(name, f"not met: {', '.join(unmet)}", "mend those above; docs/domains.md has the list")
    if open_:
        return unknown(name, f"cannot be told from here: {', '.join(open_)}", "see docs/domains.md")
    return fine(name, "what DNS can tell of them is met; complaints and unsubscribing: docs/domains.md")


def caps(ground: Ground) -> Iterator[Check]:
    """Daily caps against what providers publish, and against the line where bulk rules begin."""
    boxes = ground.config.mailboxes if ground.config else ()
    for mailbox in boxes:
        above = above_limit(mailbox.provider, mailbox.smtp.host, mailbox.daily_cap)
        if above is not None:
            yield warning("caps", f"{mailbox.name}: {above}", "lower daily_cap, or ask the provider")
    if ground.config is not None and _together(ground.config) >= BULK_PER_DAY:
        what = f"all daily caps together reach {BULK_PER_DAY} mails a day, where bulk rules begin"
        yield warning("caps", what, "read docs/domains.md")


def _together(config: Config) -> int:
    """Mails that all mailboxes may send in 24 hours, those of a group no more than it may."""
    alone = sum(one.daily_cap for one in config.mailboxes if one.group is None)
    shared = (
        min(group.daily_cap, sum(one.daily_cap for one in config.mailboxes if one.group == group.name))
        for group in config.groups
    )
    return alone + sum(shared)


def _servers(mailbox: Mailbox, outside: Outside) -> Iterator[Check]:
    fault = outside.open_courier(mailbox).try_login()
    if fault is not None:
        yield bad(f"smtp of {mailbox.name}", fault.message, fault.hint)
    else:
        yield fine(f"smtp of {mailbox.name}", f"{mailbox.smtp.host}:{mailbox.smtp.port} takes our login")
    if mailbox.imap is None:
        return
    try:
        outside.open_reader(mailbox).try_login()
    except ReadFailure as failure:
        yield bad(f"imap of {mailbox.name}", failure.message, failure.hint)
    else:
        yield fine(f"imap of {mailbox.name}", f"{mailbox.imap.host}:{mailbox.imap.port} takes our login")
