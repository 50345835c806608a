"""Finds fields written in another program's way, which would reach the buyer as they stand."""

import re
from collections.abc import Iterator

from sequencer.core.template_values import NAMES
from sequencer.files.fault_list import FaultList

_OF_OURS = re.compile(r"\{\{.{0,500}?\}\}|\{%.{0,500}?%\}|\{#.{0,5000}?#\}", re.DOTALL)
_WIDE = re.compile(r"｛｛|｝｝")
_FOREIGN = re.compile(
    r"(?<!\{)\{\s*([^\W\d][\w .-]{0,30})\s*\}(?!\})"  # {first_name}
    r"|\[\s*([^\W\d][\w .-]{0,30})\s*\](?![(\[:])"  # [First Name], but no link
    r"|(?<![\w%])%\s?([A-Za-z_]{3,30})\s?%"  # %FIRST_NAME%
    r"|<<\s*([^\W\d][\w .-]{0,30})\s*>>|«\s*([^\W\d][\w .-]{0,30})\s*»"  # Word's merge fields
    r"|\*\|\s*([A-Za-z_]{3,30})\s*\|\*"  # *|FNAME|*
)
_SENDERS = {"your name": "rep.full_name", "my name": "rep.full_name", "sender name": "rep.full_name"}
_SENDERS |= {"your company": "sender.company", "my company": "sender.company", "signature": "rep.signature"}
_OTHER_WORDS = {
    **dict.fromkeys(("firstname", "fname", "given name", "名字"), "first_name"),
    **dict.fromkeys(("lastname", "lname", "surname"), "last_name"),
    **dict.fromkeys(("fullname", "full name", "姓名"), "name"),
    **dict.fromkeys(("company name", "companyname", "公司", "公司名称"), "company"),
    "email": "address",
    "国家": "country",
}
# Words that may stand in brackets for their own sake.
_TOO_COMMON = frozenset({"id", "note", "source", "state", "tags", "extra", "stage", "owner", "address"})


def check_placeholders(text: str, line: int, faults: FaultList) -> None:
    """Add a fault for each; `text` stands at `line` of its file. Only names of fields count."""
    bare = _OF_OURS.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, content in enumerate(bare.split("\n"), line):
        if _WIDE.search(content):
            faults.add(number, "Chinese braces ｛｛ ｝｝ make no field", "type {{ and }}")
        for written, field in _foreign(content):
            faults.add(number, f"{written} would reach the buyer as it stands", f"write {{{{ {field} }}}}")


def _foreign(content: str) -> Iterator[tuple[str, str]]:
    for found in _FOREIGN.finditer(content):
        word = next(group for group in found.groups() if group is not None)
        field = _field(" ".join(re.split(r"[\s_.-]+", word.strip().casefold())))
        if field is not None:
            yield found[0], field


def _field(words: str) -> str | None:
    words = words.removeprefix("contact ")
    if words in _SENDERS or words in _TOO_COMMON:
        return _SENDERS.get(words)
    field = _OTHER_WORDS.get(words, words.replace(" ", "_"))
    known = NAMES["contact"] or ()
    return f"contact.{field}" if field in known else None
