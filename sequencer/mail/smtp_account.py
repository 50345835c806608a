"""How a fault of a mailbox's SMTP server is told: one line naming mailbox, host and cause, and the mend."""

import re
import smtplib
from dataclasses import dataclass

from sequencer.config import Server
from sequencer.core.ports import Answer, MailboxFault
from sequencer.core.providers import login_hint
from sequencer.mail.credentials import login_mend

AGAIN = "nothing to do unless it lasts: it is tried again at the next tick"
SLOWER = "nothing to do unless it lasts: the mailbox waits, longer each time; then raise its min_gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A mailbox's SMTP server by the names its owner knows."""

    mailbox: str
    server: Server
    signs_in: bool = False
    """With a token, not with a password."""

    @property
    def where(self) -> str:
        """`host:port`."""
        return f"{self.server.host}:{self.server.port}"

    @property
    def secret(self) -> str:
        """Where the password is kept; a `cmd:` is not shown, since it may hold words of its own."""
        reference = self.server.password.reference if self.server.password else "smtp password"
        return "cmd:…" if reference.startswith("cmd:") else reference

    def fault(
        self, answer: Answer, what: str, hint: str, *, is_lasting: bool, is_rate: bool = False
    ) -> MailboxFault:
        """`wang: smtp.yutools.example:587 refused the password (535 5.7.8 bad credentials)`."""
        told = f"{self.mailbox}: {self.where} {what}" + (f" ({answer.said})" if answer.said else "")
        return MailboxFault(answer=answer, message=told, hint=hint, is_lasting=is_lasting, is_rate=is_rate)

    def refused(self, answer: Answer, *, is_lasting: bool, is_rate: bool = False) -> MailboxFault:
        """The server answered, and its answer is about this mailbox. `is_rate`: it asks to send less."""
        what = _WHAT.get(answer.verb, "does not let this mailbox send")
        if answer.code < 500:
            what = _NOT_NOW.get(answer.verb, what)
        elif self.signs_in and answer.verb == "AUTH":
            what = "refused the sign-in"
        if answer.code == 421 and answer.verb != "CONNECT":
            what = f"ends the connection at {answer.verb}"
        hint = self._mend(answer) if is_lasting else SLOWER if is_rate else AGAIN
        return self.fault(answer, what, hint, is_lasting=is_lasting, is_rate=is_rate)

    def lost(self, verb: str, error: Exception) -> MailboxFault:
        """The connection failed before any recipient was named."""
        answer = Answer(code=0, text="", verb=verb)
        return self.fault(answer, f"{self.cause(error)} at {verb}", AGAIN, is_lasting=False)

    def cause(self, error: BaseException, waited_seconds: float | None = None) -> str:
        """Why a connection failed, in words; smtplib hides the reason one level down.

        `waited_seconds` is how long an answer was waited for, where that is not the server's time-out.
        """
        reason = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
        if isinstance(reason, TimeoutError):
            seconds = waited_seconds or self.server.timeout_in.total_seconds()
            return f"did not answer within {seconds:g} s"
        if isinstance(reason, smtplib.SMTPResponseException):
            return "answered with a line that is too long"
        return "closed the connection"

    def _mend(self, answer: Answer) -> str:
        text = answer.text.lower()
        if answer.code == 530 and "starttls" in text:
            return 'set security = "starttls"'
        known = login_hint(self.server.provider, self.server.host) if answer.verb == "AUTH" else None
        is_basic_off = answer.enhanced == "5.7.139" or "basic authentication" in text
        if "smtpclientauthentication" in text or (is_basic_off and (known is None or self.signs_in)):
            mend = "let an administrator switch SMTP AUTH on for this mailbox"
            return mend if self.signs_in else f"{mend}, or log in with OAuth2"
        if self.signs_in and (answer.verb == "AUTH" or answer.code in (530, 534, 535, 538)):
            return f"{login_mend(self.mailbox)} as {self.server.username}"
        if known is not None:
            return f"{known} (the password is kept in {self.secret})"
        if "application-specific" in text or answer.enhanced == "5.7.9":
            return f"make an app password with the provider and set it ({self.secret})"
        if answer.verb == "AUTH" or answer.code in (530, 534, 535, 538):
            return f"set the right password ({self.secret}) or an app password / 授权码"
        if "limit" in text or "quota" in text:
            return "lower daily_cap, and resume the mailbox when the provider's limit has passed"
        if _BLOCKED.fullmatch(answer.enhanced):
            return "the provider has blocked this account or firm: ask its administrator to lift that"
        if answer.verb in ("CONNECT", "EHLO"):
            return "ask the provider why it refuses this computer's network address"
        login = self.server.username or "no user name is set"
        return f"let the login ({login}) send as this mailbox's address, or log in as that address"


_NOT_NOW = {"AUTH": "takes no login now", "MAIL": "takes no mail now"}
"""4xx is no verdict on a password or a sender."""
_BLOCKED = re.compile(r"5\.1\.8|5\.7\.(50[123]|7\d\d)")
"""Exchange Online: a sender, a tenant, or its traffic from this network is not let out."""
_WHAT = {
    "CONNECT": "refused the connection",
    "EHLO": "refused EHLO",
    "STARTTLS": "refused STARTTLS",
    "AUTH": "refused the password",
    "MAIL": "refused the sender",
}
