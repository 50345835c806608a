"""The comparison of pages with what happens: it must see a difference, and only a real one."""

from pathlib import Path

import pytest

from tests.docs import page as pages
from tests.docs.page import Page, says


@pytest.mark.parametrize(
    ("written", "happened"),
    [
        ("read 2026-11-23 10:03Z\n", "read 2026-11-23 11:59Z\n"),
        ("due 09:12, now 09:12:05\n", "due 10:00, now 10:00:59\n"),
        ("stopped 5 s ago: gone\n", "stopped 2 min ago: gone\n"),
        ("port = 587\n", "port = 40971\n"),
        ("re <a.1@firm.example>\n", "re <b.2@firm.example>\n"),
        ("id  name   \n1   Ana\n", "id    name\n1     Ana\n"),
        ("a\n…\nd\n", "a\nb\nc\nd\n"),
        ("a\n…\n", "a\nb\n"),
    ],
)
def test_what_differs_from_run_to_run_is_no_difference(written: str, happened: str) -> None:
    assert says(written, happened)


@pytest.mark.parametrize(
    ("written", "happened"),
    [
        ("on 2026-11-23\n", "on 2026-11-24\n"),
        ("2 sent\n", "3 sent\n"),
        ("re <a@firm.example>\n", "re <a@other.example>\n"),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("a\n…\nd\n", "a\nb\nc\n"),
        ("one … two\n", "one or two\n"),
    ],
)
def test_anything_else_is_a_difference(written: str, happened: str) -> None:
    assert not says(written, happened)


PAGE = "# Walk\n\n```console\n$ count\n1\n…\n3\n```\n\n> Dear Li,\n>\n> yes.\n\n```text\nold\n```\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.md"
    file.write_text(PAGE, "utf-8")
    return file


def test_a_page_that_tells_something_else_fails_and_shows_where(page: Path) -> None:
    walk = Page(page)
    walk.run(lambda _command: "1\n2\n3\n")
    with pytest.raises(AssertionError, match=r"(?s)-old.*\+new"):
        walk.tell("text", "new\n")


def test_a_walk_that_ends_too_early_or_goes_too_far_fails(page: Path) -> None:
    walk = Page(page)
    walk.run(lambda _command: "1\n2\n3\n")
    with pytest.raises(AssertionError, match="goes on"):
        walk.end()
    walk.tell("text", "old\n")
    walk.end()
    with pytest.raises(AssertionError, match="page ends"):
        walk.tell("text", "more\n")


def test_updating_writes_what_changed_and_leaves_the_rest(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "IS_UPDATING", True)
    walk = Page(page)
    walk.run(lambda _command: "1\n2\n3\n")
    walk.tell("text", "new\n")
    walk.end()
    assert page.read_text("utf-8") == PAGE.replace("old", "new")


def test_a_letter_in_the_page_is_what_stands_behind_the_quotation_marks(page: Path) -> None:
    assert Page(page).quotation == "Dear Li,\n\nyes."
