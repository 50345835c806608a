"""Countries under the names that buyers' lists use."""

from importlib import resources

import pytest

from sequencer.core.countries import LANGUAGES, country_code, country_name, folded, near_country


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
        ("U.S.", "US"),
        ("ENGLAND", "GB"),
        ("Scotland", "GB"),
        ("Britain", "GB"),
        ("Korea", "KR"),
        ("南韓", "KR"),
        ("Emirates", "AE"),
        ("مصر", "EG"),
        ("فلسطين", "PS"),
        ("المغرب", "MA"),
        ("ישראל", "IL"),
        ("Ελλάς", "GR"),
        ("Україна", "UA"),
        ("Қазақстан", "KZ"),
        ("საქართველო", "GE"),
        ("Magyarország", "HU"),
        ("Suomi", "FI"),
        ("Norge", "NO"),
        ("Éire", "IE"),
        ("Polska", "PL"),
        ("Hrvatska", "HR"),
        ("Schweiz", "CH"),
        ("Suisse", "CH"),
        ("Belgique", "BE"),
        ("Nederland", "NL"),
        ("Danmark", "DK"),
        ("বাংলাদেশ", "BD"),
        ("नेपाल", "NP"),
        ("大韓民國", "KR"),
        ("德國", "DE"),
        ("義大利", "IT"),
        ("意大利", "IT"),
        ("沙烏地阿拉伯", "SA"),
        ("象牙海岸", "CI"),
        ("紐西蘭", "NZ"),
        ("新西兰", "NZ"),
        ("朝鲜", "KP"),
        ("", ""),
        ("Atlantis", ""),
        ("840", ""),
        ("XX", ""),
        ("-", ""),
        ("Republic of", ""),
    ],
)
def test_a_country_is_known_by_its_names_and_codes(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Germny", "Germany"),
        ("Phillipines", "Philippines"),
        ("Untied States", "United States"),
        ("Deutschlnd", "Germany"),
        ("Atlantis", ""),
        ("Xyz", ""),
        ("", ""),
    ],
)
def test_a_mistyped_country_is_told_what_it_may_mean(text: str, meant: str) -> None:
    assert near_country(text) == meant


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
    assert len(codes) == 249
    for code in codes:
        assert country_code(code) == country_code(code.lower()) == code


def test_every_country_is_known_in_english_in_both_chinese_scripts_and_by_both_codes() -> None:
    for code, iso3, english, chinese, *_, others in _rows():
        traditional = next((one for one in others.split("|") if "\u4e00" <= one[:1] <= "\u9fff"), chinese)
        for spelling in (code, iso3, english, chinese, traditional, english.upper(), iso3.lower()):
            assert country_code(spelling) == code, spelling


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
