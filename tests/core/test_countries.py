"""Countries under the names that buyers' lists use."""

from importlib import resources

import pytest

from sequencer.core.countries import LANGUAGES, country_code, country_name, folded


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PT", "PT"),
        ("pt", "PT"),
        ("PRT", "PT"),
        (" Portugal ", "PT"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("America", "US"),
        ("uk", "GB"),
        ("England", "GB"),
        ("UAE", "AE"),
        ("阿联酋", "AE"),
        ("KSA", "SA"),
        ("السعودية", "SA"),
        ("P.R. China", "CN"),
        ("China (Mainland)", "CN"),
        ("中国", "CN"),
        ("中國", "CN"),
        ("Hongkong", "HK"),
        ("香港", "HK"),
        ("Taiwan, Province of China", "TW"),
        ("台湾", "TW"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Republic of Korea", "KR"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("韩国", "KR"),
        ("한국", "KR"),
        ("日本", "JP"),
        ("Deutschland", "DE"),
        ("ALLEMAGNE", "DE"),
        ("Österreich", "AT"),
        ("Osterreich", "AT"),
        ("España", "ES"),
        ("Espana", "ES"),
        ("Brasil", "BR"),
        ("Méjico", "MX"),
        ("Россия", "RU"),
        ("Russian Federation", "RU"),
        ("Türkiye", "TR"),
        ("TURKIYE", "TR"),
        ("Turkey", "TR"),
        ("Viet Nam", "VN"),
        ("Việt Nam", "VN"),
        ("Ελλάδα", "GR"),
        ("भारत", "IN"),
        ("ไทย", "TH"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Republic of Ghana", "GH"),
        ("Kingdom of Morocco", "MA"),
        ("The Netherlands", "NL"),
        ("Holland", "NL"),
        ("Czechia", "CZ"),
        ("Czech Republic", "CZ"),
        ("St. Lucia", "LC"),
        ("Trinidad & Tobago", "TT"),
        ("Bosnia and Herzegovina", "BA"),
        ("DR Congo", "CD"),
        ("Congo", "CG"),
        ("Guinea", "GN"),
        ("Guinea-Bissau", "GW"),
        ("Papua New Guinea", "PG"),
        ("Dominica", "DM"),
        ("Dominican Republic", "DO"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Kosovo", "XK"),
        ("", ""),
        ("Atlantis", ""),
        ("XX", ""),
        ("-", ""),
        ("Republic of", ""),
    ],
)
def test_a_country_is_known_by_its_names_and_codes(text: str, code: str) -> None:
    assert country_code(text) == code


def test_a_country_is_said_in_the_language_asked_for_or_in_english() -> None:
    assert country_name("DE", "zh") == "德国"
    assert country_name("de", "zh-CN") == "德国"
    assert country_name("DE", "pt_BR") == "Alemanha"
    assert country_name("DE") == country_name("DE", "sw") == "Germany"
    assert country_name("XX", "zh") == "XX"


def _rows() -> list[list[str]]:
    data = resources.files("sequencer.core").joinpath("data/countries.tsv").read_text("utf-8")
    return [line.split("\t") for line in data.splitlines() if not line.startswith("#")]


def test_every_country_of_the_time_zone_database_is_in_the_table() -> None:
    iso = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    codes = {line.split("\t")[0] for line in iso.splitlines() if not line.startswith("#")}
    assert codes - {row[0] for row in _rows()} == set()
    for code in codes:
        assert country_code(code) == country_code(code.lower()) == code


def test_no_spelling_means_two_countries_and_each_leads_back() -> None:
    owners: dict[str, str] = {}
    for code, iso3, *names, others in _rows():
        assert len(names) == len(LANGUAGES)
        assert len(iso3) == 3
        for spelling in (code, iso3, *names, *others.split("|")):
            if spelling:
                assert owners.setdefault(folded(spelling), code) == code, spelling
                assert country_code(spelling) == code, spelling
        for language in LANGUAGES:
            assert country_code(country_name(code, language)) == code
