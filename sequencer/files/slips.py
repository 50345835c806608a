"""Slips of the keyboard that make a file unreadable: Chinese punctuation, a colon without its space."""

import re
from collections.abc import Sequence

_MEANT = {"：": ":", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "＝": "=", "＃": "#"}
_MEANT |= {"［": "[", "］": "]", "｛": "{", "｝": "}", "【": "[", "】": "]", "（": "(", "）": ")", "－": "-"}
_MARKS = re.compile("[" + "".join(map(re.escape, _MEANT)) + "]")
_TIGHT_KEY = re.compile(r"^\s*(?:-\s+)?([A-Za-z_]+):(?=[^\s/])")


def chinese_mark(line: str) -> tuple[str, str] | None:
    """What is wrong and the mend, when the line has a mark that only looks like the one meant."""
    found = _MARKS.search(line)
    if found is None:
        return None
    meant = _MEANT[found[0]]
    space = " and a space" if meant == ":" else ""
    return f"a Chinese {found[0]} stands where {meant} is meant", f"type {meant}{space}"


def yaml_slip(lines: Sequence[str], numbers: Sequence[int]) -> tuple[int, str, str] | None:
    """The first of these lines (counted from 0) that shows why a YAML text cannot be read, and the mend."""
    for number in numbers:
        if not 0 <= number < len(lines):
            continue
        line = lines[number]
        mark = chinese_mark(line)
        if mark is not None:
            return number, *mark
        tight = _TIGHT_KEY.match(line)
        if tight is not None:
            return number, f"`{tight[1]}:` has no space after its colon", f"write `{tight[1]}: …`"
    return None
