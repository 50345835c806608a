"""The country's column as lists fill it: several words, states, places of one name."""

import pytest

from sequencer.core.countries import country_code
from sequencer.core.country_cell import CountryCell, read_country


def _read(text: str, **said: str) -> CountryCell:
    return read_country(text, country_code, **said)


@pytest.mark.parametrize(
    ("text", "code", "state"),
    [
        ("Portugal", "PT", ""),
        ("德国 Germany", "DE", ""),
        ("德国Germany", "DE", ""),
        ("Brazil/巴西", "BR", ""),
        ("Texas, USA", "US", "Texas"),
        ("USA - Texas", "US", "Texas"),
        ("USA (Texas)", "US", "Texas"),
        ("美国加州", "US", "加州"),
        ("美国 加利福尼亚州", "US", "加利福尼亚州"),
        ("Georgia, USA", "US", "Georgia"),
        ("Sao Paulo, Brazil", "BR", "Sao Paulo"),
        ("Hong Kong, China", "HK", ""),
        ("Congo (DRC)", "CD", ""),
        ("DR Congo", "CD", ""),
        ("Republic of Georgia", "GE", ""),
    ],
)
def test_a_cell_with_more_than_a_country_in_it_is_understood(text: str, code: str, state: str) -> None:
    assert _read(text) == CountryCell(code=code, state=state)


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("Georgia", {"city": "Tbilisi"}, "GE"),
        ("Georgia", {"phone": "+995 32 200 00 00"}, "GE"),
        ("Congo", {"city": "Pointe-Noire"}, "CG"),
        ("刚果", {"phone": "00242 06 000 0000"}, "CG"),
        ("Virgin Islands", {"city": "Charlotte Amalie"}, "VI"),
        ("Saint Martin", {"city": "Marigot"}, "MF"),
    ],
)
def test_of_two_places_of_one_name_the_likelier_is_confirmed_in_silence(
    text: str, said: dict[str, str], code: str
) -> None:
    assert _read(text, **said) == CountryCell(code=code)


@pytest.mark.parametrize(
    ("text", "said", "code", "state"),
    [
        ("Georgia", {"city": "Atlanta"}, "US", "Georgia"),
        ("georgia", {"state": "GA"}, "US", "Georgia"),
        ("Georgia", {"phone": "+1 404 555 0100"}, "US", "Georgia"),
        ("Congo", {"city": "Lubumbashi"}, "CD", ""),
        ("Congo", {"state": "Nord-Kivu"}, "CD", ""),
        ("刚果", {"city": "金沙萨"}, "CD", ""),
        ("Virgin Islands", {"city": "Tortola"}, "VG", ""),
    ],
)
def test_what_else_the_row_says_picks_the_other_one_and_it_is_noted(
    text: str, said: dict[str, str], code: str, state: str
) -> None:
    found = _read(text, **said)
    assert (found.code, found.state) == (code, state)
    assert f"country {text!r} is taken for" in found.note


def test_without_a_word_more_the_likelier_is_taken_and_the_other_named() -> None:
    assert _read("Georgia").note == (
        "country 'Georgia' is taken for the country (GE); the state of the US is written 'Georgia, USA'"
    )
    assert _read("Congo").note == (
        "country 'Congo' is taken for the Republic of the Congo (CG); the DR Congo is written 'DR Congo'"
    )


def test_signs_that_contradict_each_other_decide_nothing() -> None:
    found = _read("Georgia", city="Tbilisi", phone="+1 404 555 0100")
    assert found.code == "GE"
    assert "is written 'Georgia, USA'" in found.note


def test_a_state_alone_is_taken_for_its_country_and_it_is_noted() -> None:
    assert _read("California") == CountryCell(
        code="US",
        state="California",
        note="country 'California' is taken for a state: the country is United States (US)",
    )
    assert _read("Ontario").code == "CA"


@pytest.mark.parametrize("text", ["Atlantis", "Europe", "NSW", "-", "12345", "N/A"])
def test_what_is_no_country_is_said_and_kept(text: str) -> None:
    assert _read(text) == CountryCell(code="", note=f"country {text!r} is not known; kept as extra.country")


def test_a_mistyped_country_is_kept_and_told_what_it_may_mean() -> None:
    assert _read("Germny").note.endswith("kept as extra.country; did you mean Germany?")
