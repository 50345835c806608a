"""Pause and resume mailboxes: nothing new leaves a paused one, nothing of it is cancelled."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sequencer.config import Config
from sequencer.core.near_words import mend_for_typo
from sequencer.errors import InputError
from sequencer.store import mailboxes
from sequencer.store.engine import Store


def readers(config: Config) -> dict[str, str]:
    """Every mailbox of config.toml and the one that is read for its answers."""
    return {mailbox.name: mailbox.reader_name for mailbox in config.mailboxes}


def pause_mailboxes(
    store: Store, known: Mapping[str, str], names: Collection[str], reason: str, now: datetime
) -> list[str]:
    """Pause these of the `known` mailboxes; returns those that were not paused before.

    A message whose content is leaving at this moment still ends; none begins after the commit.
    InputError for an unknown name, before anything is changed.
    """
    _require_known(names, known)
    with store.write() as tx:
        # Before the first `run` the database knows no mailbox yet; the pause must hold all the same.
        mailboxes.sync(tx, dict(known))
        return [name for name in names if mailboxes.pause(tx, [name], reason, now)]


def resume_mailboxes(
    store: Store, known: Mapping[str, str], names: Collection[str], now: datetime
) -> list[str]:
    """Let these mailboxes send again; returns those that were paused. InputError as in `pause_mailboxes`."""
    _require_known(names, known)
    with store.write() as tx:
        return [name for name in names if mailboxes.resume(tx, [name], now)]


def _require_known(names: Collection[str], known: Mapping[str, str]) -> None:
    for name in names:
        if name not in known:
            hint = mend_for_typo(name, known, otherwise=f"the mailboxes are: {', '.join(sorted(known))}")
            raise InputError(f"there is no mailbox {name!r} in config.toml", hint=hint)
