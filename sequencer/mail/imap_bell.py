"""The MailBell over IMAP: the mailbox's kept connection waits in IDLE on INBOX while nobody else needs it."""

from collections.abc import Callable
from datetime import timedelta

from sequencer.core.ports import ReadFailure
from sequencer.mail.folders import INBOX
from sequencer.mail.idle_watch import IdleWatch
from sequencer.mail.imap_kept import KeptConnection


class ImapBell:
    """No further connection, since providers count them; for the reader's thread alone.

    A connection is asked only if it stands: nothing is dialled for the sake of waiting.
    """

    def __init__(self, kept: KeptConnection, watch: IdleWatch) -> None:
        self._kept = kept
        self._watch = watch

    def listen(self, ring: Callable[[], None], quiet_in: timedelta) -> bool:
        """See MailBell."""
        connection = self._kept.resting()
        if connection is None or not connection.can_idle:
            return connection is None
        try:
            state = connection.begin_idle(INBOX)
            watched = connection.waiting_socket()
        except (ReadFailure, OSError):
            return True  # the next reading dials anew, and says what is wrong
        if state is None or watched is None:
            return False
        self._watch.watch(self._kept.place.mailbox, watched, ring, quiet_in)
        read_to = self._kept.inbox_read_to
        came_meanwhile = read_to is not None and state.uid_next is not None and state.uid_next > read_to + 1
        if (came_meanwhile or connection.has_more()) and not quiet_in:
            self._watch.forget(self._kept.place.mailbox)
            ring()
        return True

    def hush(self) -> bool:
        """See MailBell."""
        self._watch.forget(self._kept.place.mailbox)
        return self._kept.resting() is not None
