"""The sandbox templates run in: few filters, no globals, no macros, every printed value through one door."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    Undefined,
    nodes,
    pass_context,
)
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sequencer.core.seal import Unprintable
from sequencer.core.sequence import SequenceVersion
from sequencer.core.template_values import Fields

DOOR = "\0door"
"""Context name, impossible to write in a template, of the object that takes every printed value."""

MAX_REPEATED = 10_000
"""`'-' * n` and the like are for rulers, not for filling memory."""

FILTERS = frozenset(
    {
        "abs",
        "batch",
        "capitalize",
        "count",
        "d",
        "default",
        "first",
        "float",
        "int",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "replace",
        "reverse",
        "round",
        "select",
        "selectattr",
        "sort",
        "string",
        "sum",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "wordcount",
    }
)
_TESTS = frozenset(
    {
        "!=",
        "<",
        "<=",
        "==",
        ">",
        ">=",
        "boolean",
        "defined",
        "divisibleby",
        "eq",
        "equalto",
        "even",
        "false",
        "ge",
        "greaterthan",
        "gt",
        "in",
        "le",
        "lessthan",
        "lower",
        "lt",
        "ne",
        "none",
        "number",
        "odd",
        "string",
        "true",
        "undefined",
        "upper",
    }
)
_TEXT_METHODS = frozenset(
    {"capitalize", "endswith", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "title", "upper"}
)

_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Extends: "{% extends %}",
    nodes.Block: "{% block %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from %}",
    nodes.Macro: "{% macro %}",
    nodes.CallBlock: "{% call %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.AssignBlock: "{% set %} … {% endset %}",
}


class MailEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for mails; `from_text` compiles, `get_template` finds the version's templates."""

    intercepted_binops = frozenset({"%", "*", "**"})

    def __init__(self, loader: BaseLoader | None = None) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            finalize=_through_the_door,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=-1,
            auto_reload=False,
        )
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in _TESTS if name in self.tests}
        self._compiled: dict[tuple[str, int, str], Template] = {}

    def from_text(self, source: str, line: int, path: str, *, keep: bool = True) -> Template:
        """A compiled text that stands at `line` of `path`; kept for later messages unless told not to."""
        known = self._compiled.get((source, line, path))
        if known is None:
            code = self.compile(padded(source, line), name=path, filename=path)
            known = Template.from_code(self, code, self.make_globals(None))
            if keep:
                self._compiled[source, line, path] = known
        return known

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(tuple(_REFUSED)):
            message = (
                f"{_REFUSED[type(node)]} is not for mails; use {{% include %}}, {{% if %}} and {{% for %}}"
            )
            raise TemplateSyntaxError(message, node.lineno, name, filename)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """An attribute, as the sandbox allows it; fields first, since nearly every look-up is one."""
        if type(obj) is Fields and not attribute.startswith("_"):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic for numbers; a text may be repeated a little."""
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)
        are_numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if are_numbers and operator != "**":
            return super().call_binop(context, operator, left, right)
        if operator == "*" and len(str(left)) + len(str(right)) < 100:
            times, text = (left, right) if isinstance(left, int) else (right, left)
            if isinstance(times, int) and isinstance(text, str) and times * len(text) <= MAX_REPEATED:
                return text * times
        raise SecurityError(f"`{operator}` is not for these values in a mail")

    def is_safe_callable(self, obj: Any) -> bool:
        """Only a few methods of text may be called."""
        return isinstance(getattr(obj, "__self__", None), str) and obj.__name__ in _TEXT_METHODS


@pass_context
def _through_the_door(context: Context, value: Any) -> str:
    if isinstance(value, Undefined):
        str(value)  # raises UndefinedError, which names the field
    if not isinstance(value, str | int | float):
        raise Unprintable("only text and numbers can be printed; for a list, use a loop or `| join(', ')`")
    text = value if isinstance(value, str) else str(value)
    if not text:
        return ""
    try:
        put: Callable[[str], str] = context[DOOR].put
        return put(text)
    except Unprintable as refusal:
        shown = text if len(text) <= 40 else text[:40] + "…"
        raise Unprintable(f"the value {shown!r} {refusal}") from None


class _VersionLoader(BaseLoader):
    """Templates of one pinned version. Padding by a comment keeps line numbers those of the file."""

    def __init__(self, version: SequenceVersion) -> None:
        self._version = version

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        name = template.removesuffix(".md")
        found = self._version.templates.get(name)
        if found is None:
            raise TemplateNotFound(template)
        return padded(found.body, found.body_line), template_path(name), lambda: True


def template_path(name: str) -> str:
    """The workspace-relative path of a template."""
    return f"templates/{name}.md"


_TAG_ALONE = re.compile(r"^[ \t]*\{%(?!\s*include\b)((?:(?!%\}).)*[^-+\s%])\s*%\}[ \t]*\n", re.MULTILINE)


def padded(source: str, line: int) -> str:
    """`source` counted from `line` of its file on, and tags alone on their line leaving no empty line.

    Jinja's own `trim_blocks` also eats the line break after `… {% endif %}` at the end of a sentence, which
    would join two paragraphs; moving the break into the tag keeps line numbers and touches lone tags only.
    """
    return numbered(_TAG_ALONE.sub(r"{%\1\n%}", source), line)


def numbered(source: str, line: int) -> str:
    """`source` as it is written, counted from `line` of its file on."""
    return source if line <= 1 else "{#" + "\n" * (line - 1) + "#}" + source


_KEPT_VERSIONS = 64
_environments: OrderedDict[str, tuple[SequenceVersion, MailEnvironment]] = OrderedDict()
_lock = threading.Lock()


def environment_of(version: SequenceVersion) -> MailEnvironment:
    """The environment of a version; its templates are compiled once and kept for later messages."""
    with _lock:
        known = _environments.get(version.hash)
        if known is not None and (known[0] is version or known[0] == version):
            _environments.move_to_end(version.hash)
            return known[1]
        environment = MailEnvironment(_VersionLoader(version))
        _environments[version.hash] = (version, environment)
        while len(_environments) > _KEPT_VERSIONS:
            _environments.popitem(last=False)
        return environment
