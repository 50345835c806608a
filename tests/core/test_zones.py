"""Where a contact's clock stands, and how sure we are of it."""

from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from sequencer.core.countries import country_code
from sequencer.core.zones import Place, ZoneGuess, iana_zone, place_of, zone_of
from sequencer.testing import a_contact


@pytest.mark.parametrize(
    ("country", "state", "city", "zone", "how", "is_guess"),
    [
        # One zone: no guess.
        ("IN", "", "", "Asia/Kolkata", "country", False),
        ("德国", "", "", "Europe/Berlin", "country", False),
        # Several zones on paper, one in business.
        ("CN", "", "", "Asia/Shanghai", "country", False),
        ("CN", "Xinjiang", "", "Asia/Shanghai", "country", False),
        ("ES", "", "", "Europe/Madrid", "country", False),
        ("KZ", "", "", "Asia/Almaty", "country", False),
        # Several: the largest business zone, and said so.
        ("US", "", "", "America/New_York", "country", True),
        ("BR", "", "", "America/Sao_Paulo", "country", True),
        ("RU", "", "", "Europe/Moscow", "country", True),
        ("AU", "", "", "Australia/Sydney", "country", True),
        ("CA", "", "", "America/Toronto", "country", True),
        ("MX", "", "", "America/Mexico_City", "country", True),
        ("ID", "", "", "Asia/Jakarta", "country", True),
        # The state decides, by code or name, and then the city.
        ("US", "CA", "", "America/Los_Angeles", "state", False),
        ("US", "texas", "", "America/Chicago", "state", False),
        ("US", "LA", "", "America/Chicago", "state", False),
        ("US", "", "LA", "America/Los_Angeles", "state", False),
        ("US", "Washington", "", "America/Los_Angeles", "state", False),
        ("US", "", "Washington", "America/New_York", "state", False),
        ("US", "", "Los Angeles", "America/Los_Angeles", "state", False),
        ("US", "AZ", "Houston", "America/Phoenix", "state", False),
        ("USA", "", "洛杉矶", "America/Los_Angeles", "state", False),
        ("Canada", "Quebec", "", "America/Toronto", "state", False),
        ("CA", "", "Vancouver", "America/Vancouver", "state", False),
        ("AU", "WA", "", "Australia/Perth", "state", False),
        ("BR", "", "Manaus", "America/Manaus", "state", False),
        ("RU", "", "Владивосток", "Asia/Vladivostok", "state", False),
        ("PT", "Açores", "", "Atlantic/Azores", "state", False),
        # A city of another country says nothing.
        ("US", "", "Perth", "America/New_York", "country", True),
        ("", "CA", "Perth", "", "default", True),
        ("Atlantis", "", "", "", "default", True),
    ],
)
def test_a_place_has_a_zone(country: str, state: str, city: str, zone: str, how: str, is_guess: bool) -> None:
    assert zone_of(country, state, city) == ZoneGuess(zone, how, is_guess)  # type: ignore[arg-type]


def test_every_country_has_a_zone_that_can_be_computed_with() -> None:
    iso = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    for line in iso.splitlines():
        if not line.startswith("#"):
            code = line.split("\t")[0]
            assert ZoneInfo(zone_of(code).zone), code


def test_every_zone_of_the_table_belongs_to_its_country() -> None:
    zone_tab = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    of_country = {
        tuple(line.split("\t")[0:3:2]) for line in zone_tab.splitlines() if not line.startswith("#")
    }
    # Puerto Rico as a state of the US; Kosovo and two uninhabited islands, which zone.tab lacks.
    beyond = {("US", "America/Puerto_Rico"), ("XK", "Europe/Belgrade")}
    beyond |= {("BV", "Europe/Oslo"), ("HM", "Indian/Kerguelen")}
    table = resources.files("sequencer.core").joinpath("data/zones.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    assert {(row[0], row[1]) for row in rows} - of_country == beyond
    assert len({(row[0], row[1]) for row in rows}) == len(rows)
    several = {code for code, _ in of_country if sum(code == other for other, _ in of_country) > 1}
    assert several - {row[0] for row in rows} == set()
    assert all(country_code(row[0]) == row[0] for row in rows)


def test_a_contacts_own_zone_wins_and_its_case_is_mended() -> None:
    place = place_of(a_contact(country="US", state="CA", zone="america/denver"), "Asia/Shanghai")
    assert place == Place("America/Denver", "US", "CA")
    assert (place.how, place.is_guessed) == ("column", False)


def test_a_contacts_place_is_guessed_from_the_country_and_says_so() -> None:
    assert place_of(a_contact(country="US"), "Asia/Shanghai") == Place(
        "America/New_York", "US", "", is_guessed=True, how="country"
    )
    assert place_of(a_contact(country="PT"), "Asia/Shanghai") == Place(
        "Europe/Lisbon", "PT", "", is_guessed=False, how="country"
    )


def test_a_contact_without_a_country_goes_by_the_default_zone_and_says_so() -> None:
    assert place_of(a_contact(country=""), "Asia/Shanghai") == Place(
        "Asia/Shanghai", "", "", is_guessed=True, how="default"
    )


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("  asia/ho chi minh ", "Asia/Ho_Chi_Minh"),
        ("AMERICA/NEW_YORK", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_read_as_users_write_it(text: str, zone: str) -> None:
    assert iana_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Asia/Shangai", "did you mean Asia/Shanghai"), ("GMT+8", "write it like Europe/Berlin"), ("", "write")],
)
def test_what_is_no_zone_is_refused_with_a_mend(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"there is no time zone .*; {meant}"):
        iana_zone(text)
    if text:
        with pytest.raises(ValueError, match="there is no time zone"):
            place_of(a_contact(zone=text), "Asia/Shanghai")
