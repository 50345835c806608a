"""The SMTP server offering PIPELINING (RFC 2920), which aiosmtpd obeys without saying so."""

from tests.servers.smtp_server import Connection, SmtpServer


class PipeliningConnection(Connection):
    """Names the extension at EHLO, before the last line of its answer."""

    async def push(self, status: str) -> None:
        if status == "250 HELP":
            await super().push("250-PIPELINING")
        await super().push(status)


def pipelining(server: SmtpServer) -> SmtpServer:
    """The same server, with the extension; before it is entered."""
    server.connection = PipeliningConnection
    return server
