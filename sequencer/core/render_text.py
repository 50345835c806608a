"""One template text filled with one contact's values, and what goes wrong said with file and line."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from jinja2 import Template as Compiled
from jinja2.exceptions import (
    SecurityError,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)

from sequencer.core.render_fault import RenderFault
from sequencer.core.seal import Unprintable
from sequencer.core.template_env import DOOR, MailEnvironment

MAX_RENDERED = 200_000
"""Characters of one rendered text; a mail of this size is a mistake in a loop."""


class Door(Protocol):
    """Takes every printed value and says what stands for it in the rendered text."""

    def put(self, value: str) -> str:
        """What stands for `value`; Unprintable when it may not be printed there."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom and with what a version is rendered for."""

    environment: MailEnvironment
    values: Mapping[str, Any]
    address: str


@dataclass(frozen=True, slots=True)
class Place:
    """A template text and where it stands."""

    text: str
    path: str
    line: int = 0
    """0: the line is not known."""


def fill(target: Target, place: Place, door: Door, *, keep: bool = True) -> str:
    """Render `place`; every printed value goes through `door`. Raises RenderFault.

    `keep` keeps the compiled text for later messages (not for one contact's own text).
    """
    if "{" not in place.text:
        return place.text
    try:
        compiled = target.environment.from_text(place.text, place.line, place.path, keep=keep)
    except TemplateSyntaxError as error:
        raise RenderFault(
            str(error.message), where=_where(error.filename or place.path, error.lineno)
        ) from None
    try:
        return _capped(compiled, {**target.values, DOOR: door})
    except (TemplateError, Unprintable, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise _fault(error, target, place) from None


def _capped(compiled: Compiled, values: dict[str, Any]) -> str:
    pieces: list[str] = []
    size = 0
    for piece in compiled.generate(values):
        size += len(piece)
        if size > MAX_RENDERED:
            raise ValueError(f"the text grows beyond {MAX_RENDERED:,} characters")
        pieces.append(piece)
    return "".join(pieces)


def _fault(error: Exception, target: Target, place: Place) -> RenderFault:
    path, line = _raised_at(error.__traceback__) or (place.path, place.line)
    where = _where(path, line if place.line else 0)
    if isinstance(error, TemplateNotFound):
        return RenderFault(f"includes {error.name!r}, which is not in this version", where=where)
    if isinstance(error, UndefinedError):
        what = str(error.message)
        field = what.removesuffix(" is empty")
        hint = None if field == what else f"give a value or write {{{{ {field} or 'there' }}}}"
        return RenderFault(f"{what} for {target.address}", hint=hint, where=where)
    if isinstance(error, SecurityError):
        return RenderFault(f"not allowed in a mail: {error}", where=where)
    return RenderFault(f"{error} (for {target.address})", where=where)


def _raised_at(trace: TracebackType | None) -> tuple[str, int] | None:
    """The innermost template and line; Jinja rewrites its frames to name them."""
    found: tuple[str, int] | None = None
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith((".md", ".yaml")):
            found = (name, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _where(path: str, line: int) -> str:
    return f"{path}:{line}" if line else path
