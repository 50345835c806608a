"""Never opens: windows that hours, days, holidays and closures leave nothing of, and which of them it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sequencer.config import Config, Window
from sequencer.core.countries import country_name
from sequencer.core.days_off import with_calendar
from sequencer.core.windows import NeverOpens, next_open
from sequencer.core.zones import Place, zone_of
from sequencer.errors import Fault
from sequencer.files.workspace import Workspace

Home = tuple[str, str]
"""A country (ISO alpha-2, or "") and a state of it, as contacts have them."""

_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def shut_windows(
    workspace: Workspace, config: Config, names: Iterable[str], homes: Iterable[Home], now: datetime
) -> list[Fault]:
    """A fault for each window of these that does not open within two years for buyers of some country.

    Looked at are the countries of `homes`, those that holidays.yaml and closures name, and no country.
    """
    named = {(own.country, own.state) for own in config.calendar}
    named |= {(country, "") for closure in config.closures for country in closure.countries}
    wanted = sorted({("", ""), *named, *homes})
    wanted_names = set(names)
    return [
        fault
        for window in config.windows
        if window.name in wanted_names
        for fault in _faults(workspace, config, window, wanted, now)
    ]


def _faults(
    workspace: Workspace, config: Config, window: Window, homes: Sequence[Home], now: datetime
) -> Iterator[Fault]:
    """The window's faults by reason: one that shuts it for everybody is told once."""
    whom: dict[str, list[str]] = {}
    for home in homes:
        reason = _why_shut(config, window, _place(config, home), now)
        if reason:
            whom.setdefault(reason, []).append(_named(home))
    if not whom:
        return
    # Only a fault needs the parser of config.toml, which a daemon is to be without.
    from sequencer.files.config_file import window_line

    line = window_line(workspace.config, window.name)
    where = f"{workspace.config.name}:{line}" if line else workspace.config.name
    for reason, who in whom.items():
        buyers = "" if "" in who else f" for buyers in {', '.join(dict.fromkeys(who))}"
        what = f"the window {window.name!r} does not open within two years{buyers}: {reason}"
        yield Fault(where=where, message=what, hint=f"mend [windows.{window.name}], or what shuts it")


def _place(config: Config, home: Home) -> Place:
    country, state = home
    zone = zone_of(country, state).zone if country else ""
    return with_calendar(Place(zone or config.default_zone, country, state), config.calendar)


def _named(home: Home) -> str:
    country, state = home
    if not country:
        return ""
    return f"{country_name(country)} ({state})" if state else country_name(country)


def _why_shut(config: Config, window: Window, place: Place, now: datetime) -> str:
    """What leaves nothing of the window; empty when it opens."""
    if _opens(config, window, place, now):
        return ""
    bare = replace(config, closures=())
    if _opens(bare, window, place, now):
        names = ", ".join(dict.fromkeys(closure.name for closure in config.closures))
        return f"closures leave no open hour ({names})"
    if _opens(bare, replace(window, holidays="none"), place, now):
        return "each of its days is a public holiday"
    if _opens(bare, replace(window, holidays="none", days=_EVERY_DAY), place, now):
        return "its days leave nothing to work on"
    return "its hours are none: summer time skips them"


def _opens(config: Config, window: Window, place: Place, now: datetime) -> bool:
    try:
        next_open(now, window, place, config.closures, config.default_zone)
    except NeverOpens:
        return False
    return True
