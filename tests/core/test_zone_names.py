"""Time zones as users write them, and what is refused with its mend."""

from zoneinfo import ZoneInfo

import pytest
from tzlocal.windows_tz import win_tz

from sequencer.core.zone_names import UnknownZone, iana_zone
from sequencer.core.zones import place_of
from sequencer.testing import a_contact


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("  asia/ho chi minh ", "Asia/Ho_Chi_Minh"),
        ("AMERICA/NEW_YORK", "America/New_York"),
        ("utc", "UTC"),
        ("US/Pacific", "US/Pacific"),
        ("China Standard Time", "Asia/Shanghai"),
        ("eastern standard time", "America/New_York"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Time", "America/New_York"),
        ("美东时间", "America/New_York"),
        ("北京时间", "Asia/Shanghai"),
        ("CET", "CET"),
        ("MSK", "Europe/Moscow"),
    ],
)
def test_a_zone_is_read_as_users_write_it(text: str, zone: str) -> None:
    assert iana_zone(text) == zone
    assert ZoneInfo(zone)


def test_every_windows_name_that_is_no_offset_is_known() -> None:
    names = [name for name in win_tz if not name.startswith("UTC")]
    assert len(names) > 100
    assert [name for name in names if iana_zone(name) != win_tz[name]] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Asia/Shangai", "there is no time zone 'Asia/Shangai'; did you mean Asia/Shanghai?"),
        ("Atlantis", "there is no time zone 'Atlantis'; write it like Europe/Berlin"),
        ("", "there is no time zone ''; write it like Europe/Berlin"),
        ("EST", "the letters are ambiguous or know no summer time; write America/New_York"),
        ("CST", "summer time; write America/Chicago or Asia/Shanghai"),
        ("IST", "summer time; write Asia/Kolkata, Asia/Jerusalem or Europe/Dublin"),
    ],
)
def test_what_is_no_zone_is_refused_with_a_mend(text: str, said: str) -> None:
    with pytest.raises(UnknownZone) as error:
        iana_zone(text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "GMT+8",
        "UTC+8",
        "UTC+0",
        "UTC-02",
        "utc+08:00",
        "+8",
        "+0530",
        "-05:00",
        "UTC −5",
        "Etc/GMT+8",
        "(UTC+08:00) Beijing",
    ],
)
def test_an_offset_is_refused_since_it_knows_no_summer_time(text: str) -> None:
    with pytest.raises(
        UnknownZone, match="is an offset, which knows no summer time; write a zone, like Asia"
    ):
        iana_zone(text)


def test_a_contact_cannot_stand_in_a_zone_that_is_none() -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        place_of(a_contact(zone="Asia/Shangai"), "Asia/Shanghai")
