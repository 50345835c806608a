"""RFC 5545: what a calendar program reads back is what was said."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sequencer.core.ics import CalendarEntry, calendar_text

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def read_back(text: str) -> dict[str, str]:
    """The properties of the last entry, unfolded and unescaped (RFC 5545 §3.1, §3.3.11)."""
    lines = text.replace("\r\n ", "").split("\r\n")
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    marks = {"n": "\n", "\\": "\\", ";": ";", ",": ","}
    read = {}
    for name, value in found.items():
        letters = iter(value)
        read[name] = "".join(marks[next(letters)] if one == "\\" else one for one in letters)
    return read


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from("\n,;:\\ ")
    )
)
def test_any_words_come_back(words: str) -> None:
    entry = CalendarEntry(uid="1@x.example", at=NOON, summary=words, description=f"x{words}")
    text = calendar_text("plan", [entry], NOON)
    found = read_back(text)
    assert (found["SUMMARY"], found["DESCRIPTION"]) == (words, f"x{words}")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_instants_are_utc() -> None:
    at = NOON.astimezone()
    entry = CalendarEntry(uid="1@x.example", at=at, summary="s")
    assert read_back(calendar_text("plan", [entry], at))["DTSTART"] == "20260302T120000Z"


def test_control_characters_never_reach_the_file() -> None:
    entry = CalendarEntry(uid="1@x.example", at=NOON, summary="a\x1b[31m\rb\x00")
    assert read_back(calendar_text("plan", [entry], NOON))["SUMMARY"] == "a[31mb"
