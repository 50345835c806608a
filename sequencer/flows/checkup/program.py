"""Program: the versions that matter when something is reported."""

import platform
from collections.abc import Iterator
from importlib.metadata import version

from sequencer import __version__
from sequencer.core.checkup import Check, fine, warning
from sequencer.flows.checkup.ground import Ground
from sequencer.store.integrity import SQLITE_VERSION

ZONES_AGE_YEARS = 2
"""Governments change their clocks every year; older tables are wrong somewhere."""


def program(_ground: Ground) -> Iterator[Check]:
    """Ours, Python's and SQLite's."""
    yield fine(
        "program", f"sequencer {__version__}, Python {platform.python_version()}, SQLite {SQLITE_VERSION}"
    )


def time_zones(ground: Ground) -> Iterator[Check]:
    """How old the table of time zones is: tzdata counts 2026.1, 2026.2 …"""
    packaged = version("tzdata")
    year = int(packaged.partition(".")[0])
    if ground.now.year - year >= ZONES_AGE_YEARS:
        what = f"the table of time zones is of {packaged}: some buyers' hours are wrong"
        yield warning("time zones", what, "update it: pip install --upgrade tzdata")
    else:
        yield fine("time zones", f"table {packaged}")


def holidays(ground: Ground) -> Iterator[Check]:
    """How old the table of holidays is, told by China's make-up days: they are published year by year."""
    from sequencer.core.days_off import day_book

    year, packaged = ground.now.year, version("holidays")
    if any(day.year == year for day in day_book("CN", "", year).make_up_days):
        yield fine("holidays", f"holidays {packaged} knows {year}")
    else:
        what = f"holidays {packaged} is older than {year}: some days off are guessed"
        yield warning("holidays", what, "update it: pip install --upgrade holidays")
