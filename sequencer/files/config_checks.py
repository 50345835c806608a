"""What must hold in a well-formed config.toml: servers that can be trusted, hours that make sense."""

import ipaddress
from collections.abc import Sequence
from datetime import time
from itertools import pairwise
from pathlib import Path

from sequencer.files.config_names import Tell
from sequencer.files.config_shape import ConfigShape, ServerShape, WindowShape
from sequencer.files.shape_faults import Loc
from sequencer.files.words import WordFault, parse_zone


def check_config(config: ConfigShape, root: Path, tell: Tell) -> None:
    """Tell every fault of servers, windows, closures and patterns; `root` is the workspace."""
    for index, mailbox in enumerate(config.mailboxes):
        for protocol, server in (("smtp", mailbox.smtp), ("imap", mailbox.imap)):
            if server is not None:
                _check_server(server, ("mailboxes", index, protocol), root, tell)
    for name, window in config.windows.items():
        _check_window(window, ("windows", name), tell)
    for index, day in enumerate(config.closures):
        if day.last < day.first:
            tell(("closures", index, "last"), f"the closure {day.name!r} ends before it begins", None)
    for index, pattern in enumerate(config.only_to):
        if pattern.count("@") != 1 or any(letter.isspace() for letter in pattern):
            tell(("only_to", index), f"{pattern!r} is no address or pattern", 'write it as "*@ourfirm.com"')


def _check_server(server: ServerShape, at: tuple[str | int, ...], root: Path, tell: Tell) -> None:
    if server.security == "none" and not is_loopback(server.host):
        hint = 'use "starttls" or "tls"; only a server on this machine may do without'
        tell((*at, "security"), f"without encryption {server.host} would see the password in the open", hint)
    if server.password is not None and server.username is None:
        tell((*at, "password"), "there is a password but no `username`", "add the username")
    if server.username is not None and server.password is None:
        hint = 'add password = "env:NAME", "file:PATH" or "cmd:COMMAND"'
        tell((*at, "username"), "there is a username but no `password`", hint)
    if server.ca_file is not None and not (root / Path(server.ca_file).expanduser()).is_file():
        tell(
            (*at, "ca_file"), f"there is no file {server.ca_file!r}", "the path is relative to the workspace"
        )


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _check_window(window: WindowShape, at: tuple[str | int, ...], tell: Tell) -> None:
    if window.zone not in ("buyer", "sender"):
        try:
            parse_zone(window.zone)
        except WordFault as fault:
            tell((*at, "zone"), str(fault), f"{fault.hint} or write buyer or sender")
    _check_overlap(window.hours, (*at, "hours"), tell)


def _check_overlap(hours: Sequence[tuple[time, time]], at: Loc, tell: Tell) -> None:
    ordered = sorted(hours)
    for (start, end), (following, _) in pairwise(ordered):
        if end <= start or following < end:
            tell(at, f"the hours from {start:%H:%M} and from {following:%H:%M} overlap", "make them one span")
