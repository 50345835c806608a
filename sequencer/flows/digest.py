"""Digest: queued once a day for each rep and webhook, its numbers read when it goes."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sequencer.core.digest import RepDay, digest_words, reps_of_digest
from sequencer.core.first_answers import AnswerTimes, answer_times, first_of_each_wait
from sequencer.core.inbound import VerdictKind
from sequencer.core.notice_words import who
from sequencer.core.notices import HOOK, MAIL, Channel, NoticeKind, Told, digest_day, is_heard_by
from sequencer.core.wall_time import instant_of
from sequencer.flows.engine import Engine
from sequencer.store import contacts, mailboxes, notices
from sequencer.store import digest as questions
from sequencer.store.engine import Tx
from sequencer.store.first_answers import human_mails
from sequencer.store.notices import NewNotice

_ONE_DAY = timedelta(days=1)


def queue_digests(engine: Engine, now: datetime) -> int:
    """Queue the digest that was due last, once; days on which nothing ran are not made up for."""
    config = engine.config
    if config.notices.digest_at is None:
        return 0
    day = digest_day(now, config.notices.digest_at, config.default_zone)
    wanted = [
        NewNotice(
            key=f"digest:{day}:{channel}",
            kind=NoticeKind.DIGEST,
            channel=channel,
            rep=rep,
            due_at=now,
            data={"day": day.isoformat()},
        )
        for channel, rep in _channels(engine)
    ]
    with engine.store.read() as tx:
        known = notices.known(tx, [one.key for one in wanted])
    if len(known) == len(wanted):
        return 0
    with engine.store.write() as tx:
        return notices.add(tx, wanted, now)


def digest_told(tx: Tx, engine: Engine, channel: Channel, day: date) -> Told | None:
    """The digest of the morning of `day` for a channel; None when there is nothing to say."""
    names = _whose(engine, channel)
    yesterday = day - _ONE_DAY
    since, today, until = (_midnight(engine, one) for one in (yesterday, day, day + _ONE_DAY))
    return digest_words(yesterday, _days(tx, engine, names, since, today, until))


def _channels(engine: Engine) -> list[tuple[Channel, str]]:
    config = engine.config
    reps = config.reps if config.notices.mail else ()
    hooks = [hook for hook in config.webhooks if NoticeKind.DIGEST.value in hook.events]
    return [
        *((Channel(via=MAIL, name=rep.name), rep.name) for rep in reps),
        *((Channel(via=HOOK, name=hook.name), config.me) for hook in hooks),
    ]


def _whose(engine: Engine, channel: Channel) -> list[str]:
    config = engine.config
    if channel.via == MAIL:
        return reps_of_digest(config, engine.rep(channel.name))
    hooks = [hook for hook in config.webhooks if hook.name == channel.name]
    return [rep.name for rep in config.reps if any(is_heard_by(hook, rep.name) for hook in hooks)]


def _days(
    tx: Tx, engine: Engine, names: Sequence[str], since: datetime, today: datetime, until: datetime
) -> list[RepDay]:
    sent, refused = questions.sent(tx, since, today), questions.refused(tx, since, today)
    bounced = questions.came_back(tx, VerdictKind.BOUNCE, since, today)
    opted_out = questions.came_back(tx, VerdictKind.UNSUBSCRIBE, since, today)
    answers = questions.answered(tx, since, today)
    people = contacts.contacts_of(tx, {contact_id for _rep, contact_id in answers})
    waiting = _waiting(tx, engine.clock.now())
    holds, tasks = questions.waiting_holds(tx), questions.open_tasks(tx, names, until)
    paused = {one.name for one in mailboxes.statuses(tx) if one.paused_at is not None}
    return [
        RepDay(
            rep=name,
            full_name=rep.full_name,
            sent=sent.get(name, 0),
            replies=tuple(who(people[one]) for whose, one in answers if whose == name and one in people),
            bounces=bounced.get(name, 0) + refused.get(name, 0),
            opt_outs=opted_out.get(name, 0),
            waiting=waiting[name].waiting if name in waiting else 0,
            longest_in=waiting[name].longest_in if name in waiting else None,
            holds=holds.get(name, 0),
            tasks=tasks.get(name, 0),
            paused=tuple(box for box in rep.mailboxes if box in paused),
        )
        for name in names
        if (rep := engine.config.rep(name)) is not None
    ]


def _waiting(tx: Tx, now: datetime) -> dict[str, AnswerTimes]:
    """By rep: the buyers who have no answer yet."""
    waits = first_of_each_wait(human_mails(tx, is_waiting=True))
    return {one.name: one for one in answer_times(waits, lambda wait: wait.rep, now)}


def _midnight(engine: Engine, day: date) -> datetime:
    return instant_of(datetime.combine(day, time(0)), engine.config.default_zone)
