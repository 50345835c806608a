"""Finds the line of each key in TOML, which `tomllib` does not tell."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")


def toml_lines(text: str) -> dict[Path, int]:
    """Way to each table, key and array element → line. The text must be valid TOML.

    Tables of an array are counted (`("reps", 0, "name")`); keys inside an inline table keep its line.
    """
    return _Finder(text).find()


class _Finder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._table: Path = ()

    def find(self) -> dict[Path, int]:
        while self._skip_blank():
            line = self._line()
            if self._text[self._at] == "[":
                self._header(line)
            else:
                self._key(line)
        return self._lines

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _skip_blank(self) -> bool:
        """Move past white space and comments; False at the end of the text."""
        match = re.compile(r"(?:\s+|#[^\n]*)*").match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._at < len(self._text)

    def _header(self, line: int) -> None:
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        self._table = self._resolved(tuple(self._parts()), is_array)
        self._at += 2 if is_array else 1
        self._lines.setdefault(self._table, line)

    def _resolved(self, parts: tuple[str, ...], is_array: bool) -> Path:
        """The way with the positions of the arrays it goes through."""
        way: Path = ()
        for index, part in enumerate(parts):
            way += (part,)
            is_new = is_array and index == len(parts) - 1
            if is_new:
                self._counts[way] = self._counts.get(way, -1) + 1
            if way in self._counts:
                way += (self._counts[way],)
        return way

    def _key(self, line: int) -> None:
        way = self._table
        for part in self._parts():
            way += (part,)
            self._lines.setdefault(way, line)
        self._at += 1  # the =
        self._value(way)

    def _parts(self) -> Iterator[str]:
        while match := _PART.match(self._text, self._at):
            self._at = match.end()
            yield next(group for group in match.groups() if group is not None)
            if self._text[self._at : self._at + 1] != ".":
                return
            self._at += 1

    def _value(self, way: Path) -> None:
        """Move to the end of the value, noting where the elements of an array stand."""
        depth = index = 0
        is_element_next = False
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "\n" and not depth:
                return
            if character == "#":
                self._at = _end(self._text.find("\n", self._at), self._text)
                continue
            if is_element_next and not character.isspace():
                self._lines.setdefault((*way, index), self._line())
                is_element_next = False
            if character in "\"'":
                self._string(character)
                continue
            if character in "[{":
                depth += 1
                is_element_next = depth == 1 and character == "["
            elif character in "]}":
                depth -= 1
            elif character == "," and depth == 1:
                index, is_element_next = index + 1, True
            self._at += 1

    def _string(self, mark: str) -> None:
        if self._text.startswith(mark * 3, self._at):
            self._at += 3
            mark *= 3
        else:
            self._at += 1
        while not self._text.startswith(mark, self._at) and self._at < len(self._text):
            self._at += 2 if mark[0] == '"' and self._text[self._at] == "\\" else 1
        self._at += len(mark)


def _end(found: int, text: str) -> int:
    return len(text) if found < 0 else found
