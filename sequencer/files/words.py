"""How users write spans of time, hours and addresses, each read into one value."""

import re
from datetime import time, timedelta

from sequencer.core.countries import country_code
from sequencer.core.zones import UnknownZone, iana_zone

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"^(\d{1,6})(s|m|h|d)$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})$")
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$")
_WEBSITE = re.compile(r"^https?://[^\s/]+\S*$")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class WordFault(ValueError):
    """What is wrong with a written value, and the mend."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def parse_duration(written: object) -> timedelta:
    """`90s`, `5m`, `2h` or `1d`; WordFault otherwise."""
    match = _DURATION.match(written) if isinstance(written, str) else None
    if match is None:
        raise WordFault(f"{written!r} is no duration", 'write it as "90s", "5m", "2h" or "1d"')
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def parse_positive_duration(written: object) -> timedelta:
    """As `parse_duration`, but not zero."""
    duration = parse_duration(written)
    if not duration:
        raise WordFault("must be longer than nothing")
    return duration


def parse_span(written: object) -> tuple[time, time]:
    """`09:00-12:00`; an end not after its start runs past midnight. WordFault otherwise."""
    match = _SPAN.match(written.strip()) if isinstance(written, str) else None
    if match is None:
        raise WordFault(f"{written!r} is no span of hours", 'write it as "09:00-12:00"')
    first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
    if (last_hour, last_minute) == (24, 0):
        last_hour = 0  # to midnight
    try:
        start, end = time(first_hour, first_minute), time(last_hour, last_minute)
    except ValueError:
        raise WordFault(f"{written!r} is no span of hours: hours go from 00:00 to 24:00") from None
    if start == end and "24:00" not in str(written):
        raise WordFault(f"{written!r} is empty: it ends when it begins", 'the whole day is "00:00-24:00"')
    return start, end


def parse_clock_time(written: object) -> time | None:
    """`08:30`, or empty text for never. WordFault otherwise."""
    if written == "":
        return None
    match = _CLOCK.match(written.strip()) if isinstance(written, str) else None
    try:
        hour, minute = match.groups() if match else ("24", "0")
        return time(int(hour), int(minute))
    except ValueError:
        raise WordFault(f"{written!r} is no time of day", 'write it as "08:30"; "" for never') from None


def parse_days(written: object) -> tuple[int, ...] | None:
    """`work week` → None (the buyer's own), else ISO weekdays of a list of `mon` … `sun`."""
    if written == "work week":
        return None
    if not isinstance(written, list) or not written:
        raise WordFault(f"{written!r} are no days", 'write "work week", or a list such as ["mon", "tue"]')
    for day in written:
        if day not in WEEKDAYS:
            hint = "the days are " + ", ".join(WEEKDAYS)
            raise WordFault(f"{day!r} is no day", hint)
    return tuple(sorted({WEEKDAYS.index(day) + 1 for day in written}))


def parse_address(written: object) -> str:
    """An e-mail address in its normal form (readable domain, lower case after the @); WordFault otherwise."""
    # Not at the top: a daemon reads secrets, which are told of by WordFault, and no addresses.
    from email_validator import EmailNotValidError, validate_email

    if not isinstance(written, str):
        raise WordFault(f"{written!r} is no e-mail address")
    try:
        return validate_email(written, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise WordFault(f"{written!r} is no e-mail address", str(error)) from None


def parse_zone(written: object) -> str:
    """The name of an IANA time zone; WordFault with the nearest one otherwise."""
    try:
        return iana_zone(written if isinstance(written, str) else str(written))
    except UnknownZone as error:
        near = f"did you mean {error.near!r}?" if error.near else "use a name such as Asia/Shanghai"
        raise WordFault(f"{written!r} is no time zone", near) from None


def parse_country(written: object) -> str:
    """ISO alpha-2 of a country's name or code; WordFault otherwise."""
    code = country_code(written) if isinstance(written, str) else ""
    if not code:
        raise WordFault(f"there is no country {written!r}", "write its name or its two letters, such as IT")
    return code


def parse_website(written: object) -> str:
    """A web address with its scheme, as a link needs it; WordFault otherwise."""
    line = parse_line(written)
    if not _WEBSITE.match(line):
        bare = re.sub(r"^\w*:?/*", "", line) if "//" in line else line
        raise WordFault(f"{line!r} is no web address", f'write "https://{bare}"')
    return line


def parse_line(written: object) -> str:
    """One line of text with something in it."""
    if not isinstance(written, str):
        raise WordFault("must be text", "put it in quotes")
    if not written.strip():
        raise WordFault("is empty")
    return _without_controls(written).strip()


def _without_controls(written: str) -> str:
    if any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in written):
        raise WordFault("has a line break or another control character in it", "keep it on one line")
    return written
