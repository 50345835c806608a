"""Says pydantic's findings the way a rep can mend them: which line, what is wrong, what to write."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sequencer.files.fault_list import FaultList, did_you_mean

Loc = Sequence[str | int]
"""A way into a file's data: keys and list positions."""

_WANTED: Mapping[str, tuple[str, str | None]] = {
    "string_type": ("must be text", "put it in quotes"),
    "int_type": ("must be a whole number", "write it without quotes"),
    "int_from_float": ("must be a whole number", None),
    "bool_type": ("must be true or false", "write it without quotes"),
    "date_type": ("must be a date", "write it as 2027-02-05, without quotes"),
    "date_from_datetime_inexact": ("must be a date", "write it as 2027-02-05, without a time"),
    "list_type": ("must be a list", 'write it in brackets, such as ["one", "two"]'),
    "tuple_type": ("must be a list", 'write it in brackets, such as ["one", "two"]'),
    "model_type": ("must be a group of keys", None),
    "dict_type": ("must be a group of keys", None),
}


_TOML_GROUPS = "write [[{}]], in double brackets, above each of them"
_YAML_GROUPS = "begin each of them with a dash, such as `- id: intro`"


def add_shape_faults(
    faults: FaultList,
    error: ValidationError,
    model: type[BaseModel],
    line_of: Callable[[Loc], int | None],
) -> None:
    """Add every finding of `error`, which `model` raised, with the line that `line_of` knows."""
    for finding in error.errors(include_url=False, include_input=True):
        loc = tuple(part for part in finding["loc"] if part != "[key]")
        message, hint = _said(finding, loc, model, is_toml=faults.path.endswith(".toml"))
        faults.add(line_of(loc), message, hint)


def label(loc: Loc) -> str:
    """The key for people: list positions are left out, the line says which one."""
    return ".".join(part for part in loc if isinstance(part, str))


def _said(finding: Any, loc: Loc, model: type[BaseModel], *, is_toml: bool) -> tuple[str, str | None]:
    kind, context, name = finding["type"], finding.get("ctx", {}), label(loc)
    if kind == "extra_forbidden":
        known = known_keys(model, loc[:-1])
        word = str(loc[-1])
        return f"unknown key {word!r}", did_you_mean(word, known) or "the keys are " + ", ".join(known)
    if kind == "missing":
        return f"`{name}` is missing", None
    if kind == "literal_error":
        expected, word = context["expected"], finding["input"]
        near = did_you_mean(word, _words(expected)) if isinstance(word, str) else None
        # As TOML and YAML write them, not as Python does.
        return f"`{name}` must be {expected.replace('False', 'false').replace('True', 'true')}", near
    if kind == "value_error":
        what = str(context["error"])
        gap = " " if what.startswith(("must ", "is ", "has ")) else ": "
        return f"`{name}`{gap}{what}", getattr(context["error"], "hint", None)
    if kind == "too_short":
        return f"`{name}` needs at least one entry", None
    if kind in ("greater_than_equal", "less_than_equal", "greater_than"):
        bound = {"greater_than_equal": "at least", "less_than_equal": "at most", "greater_than": "more than"}
        return f"`{name}` must be {bound[kind]} {next(iter(context.values()))}", None
    if kind in _WANTED:
        what, hint = _WANTED[kind]
        if kind == "list_type" and known_keys(model, (*loc, 0)):
            hint = _TOML_GROUPS.format(loc[-1]) if is_toml else _YAML_GROUPS
        return f"`{name}` {what}" if name else f"the file {what}", hint
    return f"`{name}`: {finding['msg']}", None


def _words(expected: str) -> list[str]:
    return [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]


def known_keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the group at `loc` may have, in the order they are declared."""
    found: Any = model
    for part in loc:
        if isinstance(part, int) or not _is_model(found):
            continue
        if part not in found.model_fields:
            return []
        found = _inner_model(found.model_fields[part].annotation)
    return list(found.model_fields) if _is_model(found) else []


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _inner_model(annotation: Any) -> Any:
    if _is_model(annotation):
        return annotation
    return next((inner for argument in get_args(annotation) if (inner := _inner_model(argument))), None)
