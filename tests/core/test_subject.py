"""A first mail never pretends to be an answer."""

import pytest

from sequencer.core.subject import answer_mark


@pytest.mark.parametrize(
    "subject",
    [
        *("Re: a", "RE:a", "re : a", "Re[2]: a", "Re(2): a", "Fwd: a", "FW: a", "AW: a", "WG: a", "SV: a"),
        *(
            "TR: a",
            "RV: a",
            "Odp: a",
            "回复: a",
            "答复：a",
            "回覆：a",
            "转发: a",
            "轉寄：a",
            " Re: a",
            "Re：a",
            "Vá: a",
            "İLT: a",
            "Отв: a",
            "ΑΠ: a",
            "返信: a",
            "転送：a",
            "回復 : a",
            "답장: a",
            "رد: a",
            "השב: a",
            "Ｒｅ：a",
            "\u200bRe: a",
            "R\u200de: a",
        ),
    ],
)
def test_marks_of_many_languages_are_seen(subject: str) -> None:
    assert answer_mark(subject) is not None


@pytest.mark.parametrize(
    "subject",
    [
        "Regarding: a",
        "Results: a",
        "Reply to you",
        "A: b",
        "Fair: re: a",
        "Award: a",
        "",
        "Reach: a",
        "VAT: a",
        "转发器价格: a",
        "Res. 12: a",
    ],
)
def test_honest_subjects_are_left_alone(subject: str) -> None:
    assert answer_mark(subject) is None
