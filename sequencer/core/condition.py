"""Conditions on a contact, as `enroll --where` and a step's `when` write them."""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NoReturn

from sequencer.core.contact import Contact, Stage
from sequencer.core.domain_mail import MailCheck
from sequencer.core.near_words import mend_for_typo

Value = str | bool | int | float | tuple[str, ...] | None
_Reader = Callable[[Contact], Value]

_MAX_LENGTH = 2000
_HIDDEN = frozenset({"address_key", "extra", "external_id", "mail_checked_at"})
_LISTS = frozenset({"tags"})
_FLAGS = frozenset({"is_key_account", "is_role", "is_free_mail"})
FIELDS = tuple(sorted({field.name for field in fields(Contact)} - _HIDDEN))
"""What may be asked; besides these, `extra.<name>` for the user's own columns."""

_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, whole: operator.contains(whole, item),
    ast.NotIn: lambda item, whole: not operator.contains(whole, item),
}
_OFTEN_MEANT = (
    ("&&", "and"),
    ("||", "or"),
    (" AND ", "and"),
    (" OR ", "or"),
    ("NOT ", "not"),
    ("<>", "!="),
    ("“", '"'),
    ("”", '"'),
    ("＝", "=="),
    ("（", "("),
    ("，", ","),
)
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MEMBER = (ast.In, ast.NotIn)


@dataclass(frozen=True, slots=True)
class Condition:
    """A question that a contact answers with yes or no. Made by `parse_condition`."""

    text: str
    _test: _Reader

    def holds(self, contact: Contact) -> bool:
        """Whether it is true of this contact; never raises."""
        return bool(self._test(contact))


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of an expression: how it is read, and what is known of it beforehand."""

    read: _Reader
    kind: str
    """`text`, `number`, `flag`, `list`, `none`, or `extra` (text that may be a number)."""
    name: str = ""
    literal: Value = None
    is_literal: bool = False


class _Refused(Exception):
    """What is wrong with the piece of the expression that `node` is."""

    def __init__(self, node: ast.expr, message: str) -> None:
        super().__init__(message)
        self.node = node


def parse_condition(text: str) -> Condition:
    """Read a condition such as `contact.country == "DE" and "fair" in contact.tags and not is_role`.

    Fields are written with or without `contact.`; `extra.<name>` is a column of the user's own, empty when
    the contact has none, and counts as a number when compared with one. There are `and or not == != < >
    <= >= in`, parentheses, texts in quotes, numbers, True, False and None (no owner). Python's own parser
    reads it and only these forms are let through; nothing is ever evaluated as a program.
    ValueError says what is wrong and at which column.
    """
    if not text.strip():
        raise ValueError("the condition is empty")
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"the condition is longer than {_MAX_LENGTH} characters")
    try:
        part = _part(ast.parse(text.strip(), mode="eval").body)
    except SyntaxError as error:
        raise ValueError(_syntax(text, error)) from None
    except _Refused as error:
        # ast counts bytes of UTF-8; people count characters.
        column = len(text.strip().encode()[: error.node.col_offset].decode(errors="ignore")) + 1
        raise ValueError(f"column {column}: {error}") from None
    except (RecursionError, MemoryError):
        raise ValueError("the condition is nested too deeply") from None
    return Condition(text.strip(), part.read)


def _syntax(text: str, error: SyntaxError) -> str:
    for wrong, right in _OFTEN_MEANT:
        if wrong in text:
            return f"write {right} instead of {wrong.strip()}"
    if re.search(r"[^=!<>]=[^=]", text):
        return "write == to compare, not ="
    if not error.offset or error.offset > len(text.strip()):
        return "the condition stops in the middle"
    return f"column {error.offset}: {error.msg}"


def _refuse(node: ast.expr, message: str) -> NoReturn:
    raise _Refused(node, message)


def _part(node: ast.expr) -> _Part:
    match node:
        case ast.BoolOp():
            return _all_or_any(node)
        case ast.UnaryOp(op=ast.Not()):
            return _negated(_part(node.operand))
        case ast.Compare():
            return _comparison(node)
        case ast.Constant() | ast.List() | ast.Tuple() | ast.UnaryOp(op=ast.USub()):
            return _literal(node)
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return _field(node)
        case _:
            _refuse(node, f"only fields, texts, numbers, comparisons, and, or, not: {ast.unparse(node)!r}")


def _all_or_any(node: ast.BoolOp) -> _Part:
    reads = [_part(value).read for value in node.values]
    if isinstance(node.op, ast.And):
        return _Part(lambda contact: all(read(contact) for read in reads), "flag")
    return _Part(lambda contact: any(read(contact) for read in reads), "flag")


def _negated(part: _Part) -> _Part:
    return _Part(lambda contact: not part.read(contact), "flag")


def _literal(node: ast.expr) -> _Part:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        _refuse(node, f"{ast.unparse(node)!r} is not a text, a number or a list of texts")
    if isinstance(value, (list, tuple)):
        if not all(isinstance(item, str) for item in value):
            _refuse(node, "a list holds texts in quotes")
        value = tuple(value)
    elif not isinstance(value, (str, bool, int, float)) and value is not None:
        _refuse(node, f"{ast.unparse(node)!r} is not a text, a number or a list of texts")
    return _Part(lambda _contact: value, _kind(value), literal=value, is_literal=True)


def _kind(value: Value) -> str:
    match value:
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case tuple():
            return "list"
        case None:
            return "none"
        case _:
            return "text"


def _field(node: ast.expr) -> _Part:
    path = _path(node)
    if path[0] == "contact":
        path = path[1:]
    if not path:
        _refuse(node, "contact of itself is no question; name a field, such as contact.country")
    if path[0] == "extra":
        if len(path) != 2:
            _refuse(node, "write extra.<name>, the name of a column of your own")
        return _extra(path[1])
    if len(path) > 1:
        _refuse(node, f"{'.'.join(path)} is not a field of a contact")
    return _known_field(node, path[0])


def _path(node: ast.expr) -> list[str]:
    match node:
        case ast.Name():
            return [node.id]
        case ast.Attribute():
            return [*_path(node.value), node.attr]
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return [*_path(node.value), name]
        case _:
            _refuse(node, f"{ast.unparse(node)!r} is not a field of a contact")


def _extra(name: str) -> _Part:
    return _Part(lambda contact: contact.extra.get(name, ""), "extra", f"extra.{name}")


def _known_field(node: ast.expr, name: str) -> _Part:
    if name not in FIELDS:
        known = mend_for_typo(name, FIELDS, otherwise=f"a column of your own is extra.{name}")
        _refuse(node, f"a contact has no field {name!r}; {known}")
    if name == "id":
        return _Part(lambda contact: contact.public_id, "text", name)
    if name == "owner":
        return _Part(lambda contact: contact.owner or "", "text", name)
    kind = "list" if name in _LISTS else "flag" if name in _FLAGS else "text"
    return _Part(operator.attrgetter(name), kind, name)


def _comparison(node: ast.Compare) -> _Part:
    parts = [_part(one) for one in (node.left, *node.comparators)]
    tests = [
        _compared(node, left, op, right) for left, op, right in zip(parts, node.ops, parts[1:], strict=False)
    ]
    return _Part(lambda contact: all(test(contact) for test in tests), "flag")


def _compared(node: ast.Compare, left: _Part, op: ast.cmpop, right: _Part) -> _Reader:
    compare = _COMPARE.get(type(op))
    if compare is None:
        _refuse(node, "compare with == or !=, not with `is`")
    _check_kinds(node, left, op, right)
    _check_words(node, left, right)
    _check_words(node, right, left)
    left, right = _without_none(left), _without_none(right)
    if "number" in (left.kind, right.kind):
        return _numeric(compare, left, right, isinstance(op, ast.NotEq))
    return lambda contact: compare(left.read(contact), right.read(contact))


def _check_kinds(node: ast.Compare, left: _Part, op: ast.cmpop, right: _Part) -> None:
    kinds = {"extra": "text"}
    a, b = kinds.get(left.kind, left.kind), kinds.get(right.kind, right.kind)
    if isinstance(op, _MEMBER):
        if a != "text" or b not in ("list", "text"):
            _refuse(node, 'write "text" in contact.tags, or contact.country in ["DE", "AT"]')
        return
    if "stage" in (left.name, right.name) and isinstance(op, _ORDERED):
        _refuse(node, 'stages have no order here: write stage in ["qualified_1", "won"]')
    if "list" in (a, b):
        _refuse(node, f'{left.name or right.name} is a list: write "text" in {left.name or right.name}')
    if "none" in (a, b):
        if "owner" not in (left.name, right.name):
            _refuse(node, 'only owner can be None; an empty field is ""')
        return
    if "number" in (a, b) and not {left.kind, right.kind} <= {"number", "extra"}:
        _refuse(node, f'{left.name or right.name} is no number: put "…" around the value')
    if (a == "flag") != (b == "flag"):
        _refuse(node, f"{left.name or right.name} and the other side cannot be compared")
    if a == "flag" and isinstance(op, _ORDERED):
        _refuse(node, "yes and no have no order: use ==, !=, or the field alone")


def _check_words(node: ast.Compare, field: _Part, other: _Part) -> None:
    """Values that no contact can have are faults: a condition that never holds stops a group silently."""
    if not other.is_literal or not isinstance(other.literal, (str, tuple)):
        return
    words: Iterable[str] = (other.literal,) if isinstance(other.literal, str) else other.literal
    for word in words:
        if field.name == "stage" and word not in set(Stage):
            hint = mend_for_typo(word, Stage, otherwise=f"the stages are {', '.join(Stage)}")
            _refuse(node, f"there is no stage {word!r}; {hint}")
        if field.name == "mail_check" and word and word not in set(MailCheck):
            hint = mend_for_typo(word, MailCheck, otherwise=f"DNS says {', '.join(MailCheck)}")
            _refuse(node, f"there is no mail_check {word!r}; {hint}")
        if field.name == "country" and word and not (len(word) == 2 and word.isascii() and word.isupper()):
            _refuse(node, f"a country is two capital letters, such as DE, not {word!r}")


def _without_none(part: _Part) -> _Part:
    return _Part(lambda _contact: "", "text", literal="", is_literal=True) if part.kind == "none" else part


def _numeric(compare: Callable[[Any, Any], bool], left: _Part, right: _Part, without_number: bool) -> _Reader:
    """Compare as numbers; what is no number equals none, so only != is true of it."""

    def test(contact: Contact) -> bool:
        a, b = _number(left.read(contact)), _number(right.read(contact))
        return without_number if a is None or b is None else compare(a, b)

    return test


def _number(value: Value) -> float | None:
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return float(str(value).replace(",", "").replace(" ", ""))
    except ValueError:
        return None
