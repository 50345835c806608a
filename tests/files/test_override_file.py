"""A person's text for one contact is found by address and step, and nowhere else."""

from pathlib import Path

import pytest

from sequencer.errors import FaultyInput
from sequencer.files.override_file import read_override
from sequencer.files.workspace import Workspace
from tests.files.workspaces import write


def test_an_override_is_found_by_the_address_in_either_case(tmp_path: Path) -> None:
    write(tmp_path, "overrides/s/ana@x.example/one.md", "---\nsubject: You\n---\nDear Ana\n")
    workspace = Workspace(tmp_path)
    for address in ("ana@x.example", "Ana@X.example"):
        found = read_override(workspace, "s", address, "one")
        assert found is not None
        assert (found.subject, found.body, found.body_line) == ("You", "Dear Ana\n", 4)
    assert read_override(workspace, "s", "ana@x.example", "two") is None
    assert read_override(workspace, "t", "ana@x.example", "one") is None


@pytest.mark.parametrize("address", ["../s/ana@x.example", "..", "a/b@x.example"])
def test_an_address_cannot_lead_elsewhere(tmp_path: Path, address: str) -> None:
    write(tmp_path, "overrides/s/ana@x.example/one.md", "x")
    write(tmp_path, "overrides/one.md", "x")
    assert read_override(Workspace(tmp_path), "s", address, "one") is None


def test_a_faulty_override_names_its_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, "overrides/s/ana@x.example/one.md", "Dear\n{{ contact.nam }}\n")
    with pytest.raises(FaultyInput) as caught:
        read_override(Workspace(tmp_path), "s", "ana@x.example", "one")
    assert caught.value.faults[0].where == "overrides/s/ana@x.example/one.md:2"
