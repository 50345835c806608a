"""Why a message waits, in words for `outbox list`, `status` and the log."""

from sequencer.store.gates import Gate, UnreadMailbox


def gates_in_words(shut: list[Gate], unread: list[UnreadMailbox]) -> str:
    """The shut gates in one line; empty when none is shut."""
    words = {
        Gate.ENROLLMENT: "the enrollment is held, finished or at another step",
        Gate.ADDRESS: "the contact has another address now",
        Gate.OWNER: "the contact belongs to another rep",
        Gate.SUPPRESSION: "the address is suppressed",
        Gate.MAILBOX: "the mailbox is paused",
        Gate.CAP: "the mailbox's 24 hours are full",
    }
    said = [words[gate] for gate in shut if gate in words]
    for mailbox in unread:
        since = mailbox.failed_at or mailbox.read_at
        when = f"since {since:%Y-%m-%d %H:%M}Z" if since else "so far"
        said.append(f"inbox of {mailbox.reader} unread {when}")
    return "; ".join(said)
