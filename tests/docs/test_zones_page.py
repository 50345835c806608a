"""The page on time zones is true: every row of its tables, and what the import prints."""

from pathlib import Path

import pytest

from sequencer.core.countries import country_code
from sequencer.core.country_cell import read_country
from sequencer.core.zone_names import UnknownZone, iana_zone
from sequencer.core.zones import zone_of
from tests.cli.command_line import run
from tests.docs.page import Page
from tests.docs.tables import tables_of
from tests.firm import Firm
from tests.structure.sources import ROOT

PAGE = ROOT / "docs" / "zones.md"
TABLES = tables_of(PAGE)


def test_every_place_of_the_page_has_the_zone_it_says() -> None:
    for country, state, city, zone, sure in TABLES["States and cities"]:
        guess = zone_of(country, state, city)
        assert (guess.zone, not guess.is_guess) == (zone, sure.startswith("yes")), (country, state, city)


def test_every_zone_of_the_page_is_taken_or_refused_as_it_says() -> None:
    for written, becomes in TABLES["A zone of your own"]:
        if becomes.startswith("refused"):
            with pytest.raises(UnknownZone):
                iana_zone(written)
        else:
            assert iana_zone(written) == becomes


def test_every_country_of_the_page_is_read_as_it_says() -> None:
    for written, city, code, why in TABLES["Countries"]:
        found = read_country(written, country_code, city=city)
        assert found.code == code
        assert bool(found.note) == ("said" in why or "did you mean" in why), written
        assert ("state" in why and "filled in" in why) <= bool(found.state)


def test_the_import_of_the_page_says_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = Firm(tmp_path)
    firm.session.__dict__["workspace"] = firm.workspace
    monkeypatch.chdir(tmp_path)
    page = Page(PAGE)
    (tmp_path / "buyers.csv").write_text(page.given("csv"), "utf-8")

    def typed(line: str) -> str:
        ran = run(firm.session, *line.split()[1:])
        assert ran.code == 0, ran.err
        return ran.out + ran.err

    page.run(typed)
    page.end()
