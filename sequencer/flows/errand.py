"""An errand: one delivery of notices through one channel, a mail to the rep or a POST to a webhook."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from sequencer.config import Mailbox, Rep, Webhook
from sequencer.core.message import MessageParts, Party, assemble, mint_message_id
from sequencer.core.notice_forms import chat_form, document_form, mail_form
from sequencer.core.notices import MAIL, Channel, NoticeKind, Told, delivery_id
from sequencer.core.outbox import Headers
from sequencer.core.ports import Courier, MailboxFault, Outcome, Outgoing, Sent, Unsure
from sequencer.core.wall_time import utc_text
from sequencer.errors import SequencerError
from sequencer.files.secret import resolve_secret
from sequencer.flows.engine import Engine
from sequencer.store import mailboxes

OpenCourier = Callable[[Mailbox], Courier]
MAIL_TIMEOUT_IN = timedelta(seconds=10)


class NotSent(Exception):
    """Why it did not arrive: words that hold no secret and nothing of a buyer's."""

    def __init__(self, words: str, *, is_lasting: bool = False, is_hopeless: bool = False) -> None:
        super().__init__(words)
        self.is_lasting = is_lasting
        """A person must mend something: trying often is no use."""
        self.is_hopeless = is_hopeless
        """The channel is gone."""


class Errand:
    """Delivers once; `run` may block for some time, and `abort` from another thread ends a mail's wait."""

    def __init__(
        self,
        engine: Engine,
        open_courier: OpenCourier,
        channel: Channel,
        told: Sequence[Told],
        keys: Collection[str],
    ) -> None:
        self._engine = engine
        self._open_courier = open_courier
        self._channel = channel
        self._told = told
        self._id = delivery_id(keys)
        self._courier: Courier | None = None
        self._is_aborted = False

    def run(self) -> None:
        """Send it; NotSent when that failed."""
        try:
            if self._channel.via == MAIL:
                self._mail(_rep(self._engine, self._channel.name))
            else:
                self._post(_hook(self._engine, self._channel.name))
        except SequencerError as error:
            words = f"{error} ({error.hint})" if error.hint else str(error)
            raise NotSent(words, is_lasting=True) from None

    def abort(self) -> None:
        """Break off what waits for a mail server; a POST ends by its own time-out."""
        self._is_aborted = True
        if self._courier is not None:
            self._courier.abort()

    def _post(self, hook: Webhook) -> None:
        # urllib takes 1 MB that a workspace without webhooks never needs.
        from sequencer.mail.webhooks import Post, PostFailed, post

        engine, now = self._engine, self._engine.clock.now()
        root = engine.workspace.root
        stamp = utc_text(now, timespec="seconds")
        content = (
            document_form(self._told, hook, self._id, stamp)
            if hook.kind == "json"
            else chat_form(self._told, hook)
        )
        given = Post(
            kind=hook.kind,
            url=resolve_secret(hook.url, root),
            secret=resolve_secret(hook.secret, root) if hook.secret else "",
            delivery_id=self._id,
            content=content,
        )
        try:
            post(given, now)
        except PostFailed as failed:
            raise NotSent(str(failed), is_lasting=failed.is_lasting) from None

    def _mail(self, rep: Rep) -> None:
        mailbox, is_own = self._mailbox_for(rep)
        outgoing = self._letter(rep, mailbox, is_own=is_own)
        # Its own connection: the one of the mailbox's tick is never shared, nor waited for.
        quick = replace(mailbox.smtp, timeout_in=min(mailbox.smtp.timeout_in, MAIL_TIMEOUT_IN))
        courier = self._courier = self._open_courier(replace(mailbox, smtp=quick))
        try:
            outcome = courier.send(outgoing, lambda: not self._is_aborted)
        finally:
            courier.close()
        _check(outcome)

    def _mailbox_for(self, rep: Rep) -> tuple[Mailbox, bool]:
        """A mailbox of the rep's that is not paused; else anybody's, through which no buyer's words go."""
        with self._engine.store.read() as tx:
            paused = {one.name for one in mailboxes.statuses(tx) if one.paused_at is not None}
        working = [box for box in self._engine.config.mailboxes if box.name not in paused]
        own = [box for box in working if box.name in rep.mailboxes]
        if not working:
            raise NotSent("every mailbox is paused", is_lasting=True)
        return (own or working)[0], bool(own)

    def _letter(self, rep: Rep, mailbox: Mailbox, *, is_own: bool) -> Outgoing:
        # A digest holds names and numbers of those the rep may see, and nobody's words.
        is_digest = all(one.kind is NoticeKind.DIGEST for one in self._told)
        subject, text = mail_form(self._told, is_own_mailbox=is_own or is_digest)
        headers = Headers(
            # The same notices again are the same message: a mail program shows it once.
            message_id=mint_message_id(mailbox.domain, self._id),
            date_at=self._engine.clock.now(),
            subject=subject,
        )
        return assemble(
            MessageParts(
                sender=Party(address=mailbox.address, name=mailbox.display_name),
                recipient=Party(address=rep.email, name=rep.full_name),
                headers=headers,
                zone=mailbox.zone,
                text=text,
                is_automatic=True,
            )
        )


def _check(outcome: Outcome) -> None:
    """What a server said may repeat the text: its code is enough."""
    if isinstance(outcome, Sent):
        return
    if isinstance(outcome, MailboxFault):
        raise NotSent(outcome.message, is_lasting=outcome.is_lasting)
    if isinstance(outcome, Unsure):
        raise NotSent("no answer to the final dot; it may have arrived")
    answer = getattr(outcome, "answer", None)
    if answer is None:
        raise NotSent("the program was stopping")
    said = " ".join(str(one) for one in (answer.verb, answer.code or "no answer", answer.enhanced) if one)
    raise NotSent(f"the mail server did not take it: {said}")


def _rep(engine: Engine, name: str) -> Rep:
    rep = engine.config.rep(name)
    if rep is None:
        raise NotSent(f"rep {name} is no longer in config.toml", is_hopeless=True)
    return rep


def _hook(engine: Engine, name: str) -> Webhook:
    hook = next((hook for hook in engine.config.webhooks if hook.name == name), None)
    if hook is None:
        raise NotSent(f"webhook {name} is no longer in config.toml", is_hopeless=True)
    return hook
