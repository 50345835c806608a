"""The line finder knows where each key of a TOML file stands."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequencer.files.toml_lines import toml_lines

TEXT = '''\
a = 1 # [b]
b.c = "x # y = 2"
[t]
s = """
[no]
k = 1 \\"""
"""
l = [
  "a, b", # c ] "
  'it''s' , [1, 2],
]
[[reps]]
name = 'x'
[reps.smtp]
host = {a = 1, b = "]"}
[[reps]]
"quoted key" = 1
[windows."my win"]
z = 1
'''.replace("'it''s'", "'its'")


def test_each_key_is_found() -> None:
    tomllib.loads(TEXT)
    lines = toml_lines(TEXT)
    expected: dict[tuple[str | int, ...], int] = {
        ("a",): 1,
        ("b", "c"): 2,
        ("t",): 3,
        ("t", "s"): 4,
        ("t", "l"): 8,
        ("t", "l", 0): 9,
        ("t", "l", 1): 10,
        ("t", "l", 2): 10,
        ("reps", 0): 12,
        ("reps", 0, "name"): 13,
        ("reps", 0, "smtp", "host"): 15,
        ("reps", 1, "quoted key"): 17,
        ("windows", "my win", "z"): 19,
    }
    assert {way: lines.get(way) for way in expected} == expected
    assert ("k",) not in lines
    assert ("t", "k") not in lines


def test_an_empty_file_has_no_lines() -> None:
    assert toml_lines("") == {}
    assert toml_lines("# only a comment") == {}


SCALARS = st.sampled_from(
    ["1", '"a # b"', "'[x]'", '"""\n[x]\ny = 1\n"""', "[1,\n 2]", "{ k = 1 }", "2027-02-05", "true"]
)


@given(st.lists(st.tuples(st.sampled_from(["", "[t{}]", "[[l]]", "[t{}.deep]"]), SCALARS), max_size=8))
def test_every_key_that_tomllib_reads_has_its_line(blocks: list[tuple[str, str]]) -> None:
    text, expected = "", {}
    for number, (header, value) in enumerate(blocks):
        text += header.format(number) + "\n" if header else "\n"
        expected[f"k{number}"] = text.count("\n") + 1
        text += f"k{number} = {value}  # note\n"
    found = {
        way[-1]: line
        for way, line in toml_lines(text).items()
        if str(way[-1]).startswith("k") and way[-1] != "k"
    }
    assert found == expected
    assert set(expected) == _keys(tomllib.loads(text)) - {"k"}


def _keys(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {key for key in data if key.startswith("k")} | {
            key for value in data.values() for key in _keys(value)
        }
    return {key for value in data for key in _keys(value)} if isinstance(data, list) else set()


@pytest.mark.parametrize("text", ["a = ", "[", "a = [", 'a = "', "x"])
def test_broken_text_ends(text: str) -> None:
    assert isinstance(toml_lines(text), dict)
