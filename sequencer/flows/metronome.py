"""APScheduler as a metronome only: every durable time lives in our tables."""

import logging


def metronome(mailboxes: int):  # type: ignore[no-untyped-def]
    """A scheduler with threads for so many mailboxes, not yet started."""
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(mailboxes + 2)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
