"""Start: the mailboxes the database knows are brought in line with config.toml, or the start is refused."""

import logging

from sequencer.core.sequence import SequenceVersion
from sequencer.errors import FaultyInput, InputError
from sequencer.flows import mail_log
from sequencer.flows.engine import Engine
from sequencer.flows.never_opens import shut_windows
from sequencer.flows.settle import recover
from sequencer.store import ledger, mailboxes
from sequencer.store.database_faults import damaged
from sequencer.store.engine import Tx
from sequencer.store.homes import homes
from sequencer.store.integrity import CHECKED_IN_SECONDS, look_over
from sequencer.store.running_needs import running_needs

logger = logging.getLogger("sequencer")


def check_database(engine: Engine) -> None:
    """Look the file over: DatabaseLost when it is damaged; what can be lived with is a line in the log."""
    found = look_over(engine.store.path)
    if not found.is_sound:
        raise damaged(str(engine.store.path), found.problems[0])
    for link in found.lost_links:
        logger.error("lost rows", extra={"detail": f"{link} point at nothing; see `sequencer doctor`"})
    if not found.is_whole:
        detail = f"not looked over in whole: that took longer than {CHECKED_IN_SECONDS:.0f} s"
        logger.warning("large database", extra={"detail": detail})


def check_mailboxes(engine: Engine) -> None:
    """Sync mailboxes; InputError while one that has written is neither configured nor retired.

    Its answers would go unread: the follow-up gate would stay shut for everyone it wrote to.
    """
    config = engine.config
    known = {mailbox.name: mailbox.reader_name for mailbox in config.mailboxes}
    known |= {retired.name: retired.replies_in for retired in config.retired}
    with engine.store.write() as tx:
        orphans = [name for name in mailboxes.writers(tx) if name not in known]
        if orphans:
            raise InputError(
                f"mailbox {orphans[0]!r} has written to buyers and is no longer in config.toml",
                where=str(engine.workspace.config),
                hint=f"put it back, or say who reads its answers: [[retired]] name = {orphans[0]!r}, "
                "replies_in = a mailbox with imap",
            )
        mailboxes.sync(tx, known)


def check_running(engine: Engine) -> None:
    """InputError while config.toml lacks a rep or window that running enrollments are pinned to.

    FaultyInput while a window never opens. Else each of those enrollments would be held one by one, and
    somebody would have to resume them all.
    """
    config, where = engine.config, str(engine.workspace.config)
    used: set[str] = set()
    with engine.store.read() as tx:
        for need in running_needs(tx):
            who = f"{need.count} running enrollment{'' if need.count == 1 else 's'} of {need.sequence!r}"
            if config.rep(need.rep) is None:
                raise InputError(
                    f"{who} belong to rep {need.rep!r}, who is not in config.toml",
                    where=where,
                    hint="put them back under [[reps]], or stop those enrollments",
                )
            window = engine.version(tx, need.version_hash).sequence.window
            if config.window(window) is None:
                raise InputError(
                    f"{who} use window {window!r}, which is not in config.toml",
                    where=where,
                    hint=f"put [windows.{window}] back, or stop those enrollments",
                )
            used.add(window)
        _check_windows(engine, tx, used)


def _check_windows(engine: Engine, tx: Tx, used: set[str]) -> None:
    """FaultyInput while a window never opens, or one of these not for buyers in some contact's country."""
    config, now = engine.config, engine.clock.now()
    every = [window.name for window in config.windows if window.name not in used]
    found = shut_windows(engine.workspace, config, every, (), now)
    found += shut_windows(engine.workspace, config, used, homes(tx) if used else (), now)
    if found:
        raise FaultyInput(found)


def running_versions(engine: Engine) -> dict[str, SequenceVersion]:
    """By hash: every version that running enrollments are pinned to."""
    with engine.store.read() as tx:
        return {
            found: engine.version(tx, found) for found in {need.version_hash for need in running_needs(tx)}
        }


def name_stranded(engine: Engine) -> None:
    """Warn of enrollments whose mailbox is not in config.toml: nothing of theirs leaves."""
    config = engine.config
    with engine.store.read() as tx:
        gone = [one.name for one in mailboxes.statuses(tx) if config.mailbox(one.name) is None]
        stranded = mailboxes.active_enrollments(tx, gone)
    for name, count in stranded.items():
        if count:
            detail = f"{count} active in it, and it is not in config.toml: nothing of theirs leaves"
            mail_log.mailbox_event(logging.WARNING, "stranded", name, detail)


def take_over(engine: Engine) -> None:
    """Settle what a dead process left under way in any mailbox, retired ones too."""
    with engine.store.read() as tx:
        unsettled = ledger.unsettled_mailboxes(tx)
    for name in unsettled:
        recover(engine, name)
