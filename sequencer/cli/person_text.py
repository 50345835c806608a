"""What is held about one person as plain text, for that person to read."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

_TITLES = {
    "contact": "What we know of you",
    "former_addresses": "Addresses you had before",
    "suppressions": "Why we don't write to you",
    "enrollments": "Mail series you were in",
    "messages": "What we wrote to you",
    "answers": "What you wrote to us",
    "marks": "What we made of your answers",
    "corrections": "What we had taken your mail for before",
    "replies": "What our staff answered you",
    "drafts": "Answers to you that were begun",
    "tasks": "What we meant to do",
    "notices": "What we told our staff",
    "corpus": "Your mail that we keep as an example",
    "corpus_sent": "What we wrote to you, listed beside it",
    "overrides": "Texts written for you alone",
    "rejected_rows": "Rows of lists that could not be imported",
    "events": "What happened, step by step",
}


def person_text(document: Mapping[str, Any]) -> str:
    """The document's parts under headings; empty ones and empty values are left out."""
    lines: list[str] = []
    for name, title in _TITLES.items():
        found = document[name]
        rows = found if isinstance(found, list) else [found]
        if rows:
            lines += [title, "=" * len(title), ""]
            for row in rows:
                lines += [*_lines(row), ""]
    return "\n".join(lines)


def _lines(row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value in (None, "", [], {}, False):
            continue
        text = _text(value)
        yield f"{name}: {text}" if "\n" not in text else f"{name}:\n    " + text.replace("\n", "\n    ")


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return str(value)
