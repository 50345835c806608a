"""Runs the program as if elsewhere: on another date, without any network but this machine's own.

`python -m tests.demo.elsewhere DATE ARGUMENT…` is `sequencer ARGUMENT…` on that date; `-` is today.
"""

import contextlib
import ipaddress
import sys
from datetime import datetime

import time_machine

from sequencer.cli import main


def forbid_network() -> None:
    """Make every attempt to resolve a name, or to leave this machine, fail."""

    def guard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo" and not _is_here(str(arguments[0])):
            raise OSError(f"no network: {arguments[0]} was looked up")
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) else None
            if host is not None and not _is_here(str(host)):
                raise OSError(f"no network: {host} was dialled")

    sys.addaudithook(guard)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    date, *arguments = sys.argv[1:]
    on_that_date = (
        time_machine.travel(datetime.fromisoformat(date), tick=True)
        if date != "-"
        else contextlib.nullcontext()
    )
    forbid_network()
    with on_that_date:
        main(arguments)
