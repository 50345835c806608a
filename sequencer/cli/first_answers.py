"""How fast reps answer, as `report` and its JSON say it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sequencer.core.first_answers import DENOMINATOR
from sequencer.core.spans import span_in_words

if TYPE_CHECKING:
    from sequencer.core.first_answers import AnswerTimes
    from sequencer.flows.report import FirstAnswers


def say_first_answers(found: "FirstAnswers") -> None:
    """A table by rep below the others; nothing where nobody wrote."""
    from sequencer.cli.output import say, say_table

    if not found.by_rep:
        return
    say()
    say(f"{DENOMINATOR[:1].upper()}{DENOMINATOR[1:]}.")
    headings = ("rep", "first answers", "half within", "9 of 10 within", "wait now", "the longest")
    say_table(headings, (_row(one) for one in found.by_rep))


def first_answers_json(found: "FirstAnswers") -> dict[str, Any]:
    """Minutes, whole; null where there is nothing to measure."""
    return {
        "denominators": DENOMINATOR,
        "by_rep": _documents("rep", found.by_rep),
        "by_mailbox": _documents("mailbox", found.by_mailbox),
        "by_sequence": _documents("sequence", found.by_sequence),
    }


def _documents(what: str, times: Iterable["AnswerTimes"]) -> list[dict[str, Any]]:
    return [
        {
            what: None if one.name == "-" else one.name,
            "answered": one.answered,
            "median_minutes": _minutes(one.median_in),
            "p90_minutes": _minutes(one.p90_in),
            "waiting": one.waiting,
            "longest_waiting_minutes": _minutes(one.longest_in),
        }
        for one in times
    ]


def _row(one: "AnswerTimes") -> tuple[object, ...]:
    return (
        *(one.name, one.answered, _words(one.median_in), _words(one.p90_in)),
        *(one.waiting, _words(one.longest_in)),
    )


def _words(span: timedelta | None) -> str:
    if span is None:
        return ""
    return span_in_words(span, least=2) if span >= timedelta(minutes=2) else "under 2 min"


def _minutes(span: timedelta | None) -> int | None:
    return int(span.total_seconds() // 60) if span is not None else None
