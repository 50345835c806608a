"""Where a contact's clock stands, and how sure we are of it."""

from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from sequencer.core.zones import Place, ZoneGuess, place_of, zone_of
from sequencer.testing import a_contact
from tests.core.checked_places import PLACES, Checked


@pytest.mark.parametrize(
    ("country", "state", "city", "zone", "how", "is_guess"),
    [
        # One zone: no guess.
        ("IN", "", "", "Asia/Kolkata", "country", False),
        ("德国", "", "", "Europe/Berlin", "country", False),
        # Several zones on paper, one in business.
        ("CN", "", "", "Asia/Shanghai", "country", False),
        ("CN", "Xinjiang", "", "Asia/Shanghai", "state", False),
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


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(place[:3]))
def test_a_checked_place_has_its_zone(place: Checked) -> None:
    guess = zone_of(place.country, place.state, place.city)
    assert (guess.zone, guess.is_guess) == (place.zone, place.is_guess)


def test_enough_places_were_checked_by_hand() -> None:
    assert len(set(PLACES)) == len(PLACES) >= 250
    assert len({place.zone for place in PLACES}) >= 110


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
    ("how", "country", "grounds"),
    [
        ("country", "US", "guessed from the country"),
        ("default", "", "guessed: the workspace's default"),
        ("state", "US", "guessed: part of the state, or a city of that name, has another"),
        ("column", "US", ""),
    ],
)
def test_a_guess_says_what_it_stands_on(how: str, country: str, grounds: str) -> None:
    contact = a_contact(
        country=country,
        state="Tennessee" if how == "state" else "",
        zone="America/Denver" if how == "column" else "",
    )
    assert place_of(contact, "Asia/Shanghai").grounds == grounds


def test_a_zone_that_was_taken_before_names_were_checked_so_closely_still_counts() -> None:
    assert place_of(a_contact(zone="EST"), "Asia/Shanghai").zone == "EST"
