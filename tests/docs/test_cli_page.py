"""docs/cli.md tells of every command what the command tells of itself."""

from tests.docs.cli_page import leaves, page
from tests.docs.page import IS_UPDATING
from tests.structure.sources import ROOT

DOCUMENT = ROOT / "docs" / "cli.md"


def test_the_page_is_what_the_commands_say() -> None:
    if IS_UPDATING:
        DOCUMENT.write_text(page(), "utf-8")
    assert DOCUMENT.read_text("utf-8") == page(), "UPDATE_DOCS=1 writes docs/cli.md anew"


def test_every_command_has_its_section_and_no_section_is_left_over() -> None:
    headings = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings == ["## sequencer", *(f"## {path}" for path, _command in leaves())]
