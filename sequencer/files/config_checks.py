"""What must hold in a well-formed config.toml: servers that can be trusted, hours that make sense."""

from collections.abc import Sequence
from datetime import time
from itertools import pairwise
from pathlib import Path

from sequencer.core.loopback import is_loopback
from sequencer.core.provider_table import PROVIDERS
from sequencer.core.providers import CUSTOM, above_limit
from sequencer.files.config_names import Tell
from sequencer.files.config_oauth import check_oauth
from sequencer.files.config_shape import ClosureShape, ConfigShape, MailboxShape, ServerShape, WindowShape
from sequencer.files.shape_faults import Loc
from sequencer.files.words import WordFault, parse_zone


def check_config(config: ConfigShape, root: Path, tell: Tell) -> None:
    """Tell every fault of servers, windows, closures and patterns; `root` is the workspace."""
    for index, mailbox in enumerate(config.mailboxes):
        if mailbox.save_sent == "always" and mailbox.imap is None:
            hint = 'add [mailboxes.imap], or write save_sent = "never"'
            tell(("mailboxes", index, "save_sent"), "without imap no copy can be saved in Sent", hint)
        for protocol, server in (("smtp", mailbox.smtp), ("imap", mailbox.imap)):
            if server is not None:
                _check_server(server, ("mailboxes", index, protocol), root, mailbox, tell)
        _check_mailbox(mailbox, ("mailboxes", index), tell)
        if mailbox.oauth is not None:
            check_oauth(mailbox.oauth, ("mailboxes", index, "oauth"), tell)
    for name, window in config.windows.items():
        _check_window(window, ("windows", name), tell)
    for index, closure in enumerate(config.closures):
        _check_closure(closure, ("closures", index), tell)
    _check_notices(config, tell)
    for index, pattern in enumerate(config.only_to):
        if pattern.count("@") != 1 or any(letter.isspace() for letter in pattern):
            tell(("only_to", index), f"{pattern!r} is no address or pattern", 'write it as "*@ourfirm.com"')


def _check_server(
    server: ServerShape, at: tuple[str | int, ...], root: Path, mailbox: MailboxShape, tell: Tell
) -> None:
    if server.security == "none" and not is_loopback(server.host):
        hint = 'use "starttls" or "tls"; only a server on this machine may do without'
        tell((*at, "security"), f"without encryption {server.host} would see the password in the open", hint)
    signs_in = mailbox.oauth is not None
    if signs_in and server.password is not None:
        hint = "keep [mailboxes.oauth], or the password"
        tell((*at, "password"), "this mailbox signs in with [mailboxes.oauth] and has a password", hint)
    elif server.password is not None and server.username is None:
        tell((*at, "password"), "there is a password but no `username`", "add the username")
    if server.username is not None and server.password is None and not signs_in:
        hint = 'add password = "env:NAME", "file:PATH" or "cmd:COMMAND"'
        is_own = mailbox.provider == CUSTOM
        what = "there is a username but no `password`" if is_own else "there is no `password`"
        tell((*at, "username"), what, hint)
    if server.ca_file is not None and not (root / Path(server.ca_file).expanduser()).is_file():
        tell(
            (*at, "ca_file"), f"there is no file {server.ca_file!r}", "the path is relative to the workspace"
        )


def _check_mailbox(mailbox: MailboxShape, at: tuple[str | int, ...], tell: Tell) -> None:
    """A provider's published ceiling, and a proxy with half a login or in the open."""
    above = above_limit(mailbox.provider, "", mailbox.daily_cap)
    if above is not None and PROVIDERS[mailbox.provider].limits.is_ceiling:
        tell((*at, "daily_cap"), above, "lower daily_cap; much less keeps a young mailbox out of spam")
    if mailbox.ramp_by is not None and mailbox.ramp_from is None:
        tell((*at, "ramp_by"), "there is a ramp_by but no `ramp_from`", "add ramp_from = 10")
    proxy = mailbox.proxy
    if proxy is None:
        if mailbox.proxy_password is not None:
            hint = 'add proxy = "socks5://USER@HOST:PORT"'
            tell((*at, "proxy_password"), "there is a proxy_password but no `proxy`", hint)
        return
    if proxy.username is None and mailbox.proxy_password is not None:
        hint = f'write proxy = "socks5://USER@{proxy.host}:{proxy.port}"'
        tell((*at, "proxy_password"), "there is a proxy_password but no user in `proxy`", hint)
    if proxy.username is not None and mailbox.proxy_password is None:
        hint = 'add proxy_password = "env:NAME", "file:PATH" or "cmd:COMMAND"'
        tell((*at, "proxy"), "there is a user in `proxy` but no `proxy_password`", hint)
    is_plain = "none" in (mailbox.smtp.security, mailbox.imap.security if mailbox.imap else None)
    if is_plain and not is_loopback(proxy.host):
        hint = 'use "starttls" or "tls" with a proxy that is not on this machine'
        tell((*at, "proxy"), f"without encryption the proxy {proxy.host} would see the password", hint)


def _check_closure(closure: ClosureShape, at: tuple[str | int, ...], tell: Tell) -> None:
    name, last = closure.name, closure.last or closure.first
    if last < closure.first:
        tell((*at, "last"), f"the closure {name!r} ends before it begins", None)
        return
    if closure.every_year and (last - closure.first).days >= 365:
        hint = "give its days of one year, or leave `every_year` out"
        tell((*at, "every_year"), f"the closure {name!r} would never end: it is longer than a year", hint)
    for position, day in enumerate(closure.open):
        if not closure.first <= day <= last:
            what = f"{day} is open anyway: the closure {name!r} is from {closure.first} to {last}"
            tell((*at, "open", position), what, "leave it out")


def _check_window(window: WindowShape, at: tuple[str | int, ...], tell: Tell) -> None:
    if window.zone not in ("buyer", "sender"):
        try:
            parse_zone(window.zone)
        except WordFault as fault:
            tell((*at, "zone"), str(fault), f"{fault.hint} or write buyer or sender")
    _check_overlap(window.hours, (*at, "hours"), tell)


def _check_notices(config: ConfigShape, tell: Tell) -> None:
    quiet = config.notices.quiet_hours
    _check_overlap(quiet, ("notices", "quiet_hours"), tell)
    lengths = (((end.hour - start.hour) * 60 + end.minute - start.minute) % 1440 for start, end in quiet)
    if quiet and sum(length or 1440 for length in lengths) >= 1440:
        hint = "write mail = false to hear nothing by mail"
        tell(("notices", "quiet_hours"), "quiet hours that never end would tell nothing", hint)
    for index, hook in enumerate(config.webhooks):
        if hook.secret is not None and hook.kind in ("slack", "wecom"):
            hint = "remove `secret`: the URL itself is what nobody else may know"
            tell(("webhooks", index, "secret"), f"a {hook.kind} webhook has no signing secret", hint)


def _check_overlap(hours: Sequence[tuple[time, time]], at: Loc, tell: Tell) -> None:
    ordered = sorted(hours)
    for (start, end), (following, _) in pairwise(ordered):
        if end <= start or following < end:
            tell(at, f"the hours from {start:%H:%M} and from {following:%H:%M} overlap", "make them one span")
