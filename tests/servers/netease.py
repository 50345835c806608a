"""An IMAP host with the manners of 163, 126 and yeah.net: no folder is opened to a client that sent no ID.

A program that does not introduce itself may log in, and hears "Unsafe Login" at SELECT and EXAMINE.
"""

from typing import Any

from pymap.exceptions import NotAllowedError
from pymap.parsing.command.any import IdCommand
from pymap.parsing.command.auth import SelectCommand

from sequencer.demo.imap_host import ImapHost
from sequencer.demo.imap_session import HostState

REFUSAL = "Unsafe Login. Please contact kefu@netease.example for help"


class _SuspiciousSession(HostState):
    """A session that wants to know who it talks to."""

    _is_introduced = False

    async def do_id(self, cmd: IdCommand) -> Any:
        self._is_introduced = bool(cmd.parameters)
        return await super().do_id(cmd)

    async def do_select(self, cmd: SelectCommand) -> Any:
        if not self._is_introduced:
            raise NotAllowedError(REFUSAL)
        return await super().do_select(cmd)


class NetEaseHost(ImapHost):
    """`with NetEaseHost({"chen@163mail.example": "code"}) as host: … host.port`."""

    session_type = _SuspiciousSession
