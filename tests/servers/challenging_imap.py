"""An IMAP server that tells the reason of a refused XOAUTH2 in a challenge first, as Gmail does."""

import base64
import contextlib
import socket
from dataclasses import dataclass, field

from tests.servers.scripted_imap import ScriptedImap

REASON = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}')


@dataclass(kw_only=True)
class ChallengingImap(ScriptedImap):
    """Refuses every token with `verdict`, in which SAID is what the client said."""

    capabilities: str = "IMAP4rev1 AUTH=XOAUTH2"
    verdict: str = "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"
    said: list[bytes] = field(default_factory=list)
    """The lines between AUTHENTICATE and the verdict."""

    def _serve(self, connected: socket.socket) -> None:
        with contextlib.suppress(OSError), connected, connected.makefile("rb") as lines:
            connected.sendall(b"* OK ready\r\n")
            for line in lines:
                tag, _, words = line.decode().strip().partition(" ")
                answer = self._usual(words, words).decode() + f"{tag} OK done"
                if words == "AUTHENTICATE XOAUTH2":
                    for challenge in (b"", REASON):
                        connected.sendall(b"+ " + challenge + b"\r\n")
                        self.said.append(next(lines).rstrip(b"\r\n"))
                    answer = f"{tag} {self.verdict}".replace("SAID", self.said[-2].decode())
                connected.sendall(answer.encode() + b"\r\n")
