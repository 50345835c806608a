"""Where the zones of a list come from: every contact counts once."""

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.zone_tally import by_country, tally_zones
from sequencer.testing import a_contact


def test_each_source_is_counted_and_guesses_are_told_by_country() -> None:
    tally = tally_zones(
        [
            a_contact(country="US", zone="America/Denver"),
            a_contact(country="US", state="TX"),
            a_contact(country="PT"),
            a_contact(country="BR"),
            a_contact(country="US"),
            a_contact(country="US", city="Narnia"),
            a_contact(country="US", state="TN"),
            a_contact(country="US", city="Portland"),
            a_contact(country=""),
        ],
        "Asia/Shanghai",
    )
    assert (tally.contacts, tally.guessed, tally.from_column) == (9, 6, 1)
    assert (tally.from_place, tally.from_country, tally.default) == (3, 1, 1)
    assert by_country(tally.guessed_from_country) == [("US", "United States", 2), ("BR", "Brazil", 1)]
    assert by_country(tally.guessed_from_place) == [("US", "United States", 2)]
    assert tally.unknown_places == {"Narnia, US": 1}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["US", "PT", "BR", "CN", "", "KZ"]),
            st.sampled_from(["", "TX", "TN", "Nowhere"]),
            st.sampled_from(["", "Europe/Rome"]),
        )
    )
)
def test_the_sources_add_up_to_everybody(rows: list[tuple[str, str, str]]) -> None:
    people = [a_contact(country=country, state=state, zone=zone) for country, state, zone in rows]
    tally = tally_zones(people, "Asia/Shanghai")
    country = tally.guessed_from_country.total()
    sources = tally.from_column + tally.from_place + tally.from_country + country + tally.default
    assert sources == tally.contacts == len(people)
