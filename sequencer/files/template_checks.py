"""Finds faults in Jinja texts before anything is rendered: syntax, names nobody fills, computed includes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import meta, nodes
from jinja2.exceptions import TemplateSyntaxError

from sequencer.core.template_env import FILTERS, MailEnvironment, numbered, padded
from sequencer.core.template_values import NAMES
from sequencer.files.fault_list import FaultList, did_you_mean
from sequencer.files.placeholders import check_placeholders

_OTHER_WORDS = {"email": "address", "mail": "address", "given_name": "first_name", "surname": "last_name"}


@dataclass(frozen=True, slots=True)
class Included:
    """A partial that a text takes in, and the line on which it does."""

    name: str
    line: int


@dataclass(slots=True)
class JinjaCheck:
    """Checks texts one after the other against the names a mail may use."""

    _environment: MailEnvironment = field(default_factory=MailEnvironment)

    def check(self, text: str, line: int, faults: FaultList) -> list[Included]:
        """Add every fault of `text`, which stands at `line` of the file; returns what it includes."""
        check_placeholders(text, line, faults)
        try:
            tree = self._environment.parse(padded(text, line))
            self._environment.compile(padded(text, line))
        except TemplateSyntaxError as error:
            faults.add(self._line_of(error, text, line), *_syntax(str(error.message)))
            return []
        unknown = meta.find_undeclared_variables(tree)
        for reference in _references(tree):
            if reference.path[0] in unknown:
                _check_reference(reference, faults)
        return list(_includes(tree, faults))

    def _line_of(self, error: TemplateSyntaxError, text: str, line: int) -> int:
        """Where the fault is in the text as written: padding moves the end of a lone tag a line down."""
        try:
            self._environment.compile(numbered(text, line))
        except TemplateSyntaxError as as_written:
            return as_written.lineno
        return error.lineno


def _syntax(message: str) -> tuple[str, str | None]:
    if message.startswith("No filter named"):
        word = message.split("'")[1]
        known = ", ".join(sorted(FILTERS))
        return f"there is no filter {word!r} for mails", did_you_mean(word, FILTERS) or f"there is {known}"
    if message.startswith("{%"):
        return message, None  # our own words, from the environment
    return f"this is not Jinja: {message[:1].lower()}{message[1:].rstrip('.')}", _mend_of_syntax(message)


def _mend_of_syntax(message: str) -> str | None:
    if re.search("unexpected char '[“”‘’]'", message):
        return "text goes between straight quotes, such as 'there'"
    if message.startswith(("unexpected '}'", "Encountered unknown tag")):
        return "a field is written {{ contact.first_name }}"
    if "expected token 'end of print statement'" in message:
        return "a field is one name, such as {{ contact.first_name }}"
    return None


@dataclass(frozen=True, slots=True)
class _Reference:
    path: tuple[str, ...]
    line: int


def _references(tree: nodes.Template) -> Iterator[_Reference]:
    """Every name and dotted path that is read; `a.b.c` comes as a, a.b and a.b.c."""
    for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)):
        path = _path(node)
        if path:
            yield _Reference(path, node.lineno)


def _path(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,) if node.ctx == "load" else ()
    if isinstance(node, nodes.Getattr):
        inner = _path(node.node)
        return (*inner, node.attr) if inner else ()
    if (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and isinstance(node.arg.value, str)
    ):
        inner = _path(node.node)
        return (*inner, node.arg.value) if inner else ()
    return ()


def _check_reference(reference: _Reference, faults: FaultList) -> None:
    root, *rest = reference.path
    fields = NAMES.get(root)
    if root not in NAMES:
        hint = did_you_mean(root, NAMES) or _whose(root) or "the names are " + ", ".join(NAMES)
        faults.add(reference.line, f"nothing is called {root!r}", hint)
    elif rest and fields is not None and rest[0] not in fields:
        faults.add(reference.line, f"{root} has no field {rest[0]!r}", _mend(root, rest[0], fields))


def _whose(word: str) -> str | None:
    """The field that a word without its owner means: `first_name` is the contact's."""
    for root, fields in NAMES.items():
        field = _OTHER_WORDS.get(word.lower(), word.lower())
        if fields and field in fields:
            return f"write {root}.{field}"
    near = did_you_mean(word, NAMES["contact"] or ())
    return near.replace("'", "'contact.", 1) if near else None


def _mend(root: str, word: str, fields: tuple[str, ...]) -> str:
    other = _OTHER_WORDS.get(word.lower())
    if other in fields:
        return f"write {root}.{other}"
    near = did_you_mean(word, fields)
    if near:
        return near
    known = ", ".join(fields)
    own = "; your own columns are contact.extra.NAME" if root == "contact" else ""
    return f"the fields are {known}{own}"


def _includes(tree: nodes.Template, faults: FaultList) -> Iterator[Included]:
    for node in tree.find_all(nodes.Include):
        if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str):
            yield Included(node.template.value.removesuffix(".md"), node.lineno)
        else:
            hint = "an include is pinned at enroll; choose with {% if %} instead"
            faults.add(node.lineno, "{% include %} needs one name in quotes", hint)
