"""The shape of a sequence's YAML: every key, its type and its default; also the source of its JSON Schema."""

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from sequencer.core.languages import LANGUAGE_TAG
from sequencer.core.timing import HOLIDAY_WITHIN, NO_WAIT, Wait
from sequencer.files.timing_words import Days, parse_day_list, parse_time_of_day, parse_wait
from sequencer.files.words import WordFault, parse_line

_SLUG = r"^[a-z0-9][a-z0-9_-]{0,63}$"
TEMPLATE_NAME = re.compile(r"^(?:\w[\w-]*/)*\w[\w-]*(?:\.[A-Za-z0-9-]+)?$")


def _slug(written: str) -> str:
    if not re.fullmatch(_SLUG, written):
        hint = "use up to 64 of a-z, 0-9, - and _, beginning with a letter or digit"
        raise WordFault(f"{written!r} cannot be a name here", hint)
    return written


def _template_name(written: str) -> str:
    if written.endswith(".md"):
        raise WordFault(f"{written!r} is no template name", f"write {written.removesuffix('.md')!r}")
    if TEMPLATE_NAME.fullmatch(written) is None:
        hint = "a path under templates/ without .md, such as mail-group/intro"
        raise WordFault(f"{written!r} is no template name", hint)
    return written


def _language(written: str) -> str:
    if LANGUAGE_TAG.fullmatch(written) is None:
        raise WordFault(f"{written!r} is no language tag", "write it as en, es or zh-CN")
    return written


def _wait(written: object) -> Wait:
    try:
        return Wait.parse(written if isinstance(written, str) else str(written))
    except ValueError:
        hint = "write a number and m, h, d, w or bd (business days), such as 3bd"
        raise WordFault(f"{written!r} is no wait", hint) from None


def _before(written: object) -> object:
    """A span alone is short for `{days: SPAN}`."""
    return written if isinstance(written, dict) else {"days": written}


def _yes_no(written: object) -> object:
    # YAML 1.2 reads yes and no as text; people write them all the same.
    return {"yes": True, "no": False}.get(written.lower(), written) if isinstance(written, str) else written


Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema({"type": "string", "pattern": _SLUG})]
TemplateName = Annotated[str, AfterValidator(_template_name)]
WaitText = Annotated[
    Wait,
    BeforeValidator(_wait),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}(m|h|d|w|bd)$", "examples": ["3bd", "4h", "1w"]}),
]


def _span_in(*units: str) -> tuple[BeforeValidator, WithJsonSchema]:
    pattern = rf"^[1-9]\d{{0,3}}({'|'.join(units)})$"
    schema = {"type": "string", "pattern": pattern, "examples": ["2d"]}
    return BeforeValidator(lambda one: parse_wait(one, units)), WithJsonSchema(schema)


Lead = Annotated[Wait, *_span_in("d", "w", "bd")]
Within = Annotated[Wait, *_span_in("d", "w")]
Lasts = Annotated[Wait, *_span_in("m", "h", "d", "w", "bd")]


def _or_span(schema: dict[str, Any]) -> None:
    """The group's short form; the schema has it nowhere else."""
    schema["anyOf"].insert(0, {"type": "string", "pattern": r"^[1-9]\d{0,3}(d|w|bd)$", "examples": ["2d"]})


TimeOfDay = Annotated[
    time,
    BeforeValidator(parse_time_of_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$", "examples": ["09:30"]}),
]
_DAY = {"type": "string", "examples": ["friday", "2027-03-08"]}
OnDays = Annotated[
    Days,
    BeforeValidator(parse_day_list),
    WithJsonSchema({"anyOf": [_DAY, {"type": "array", "items": _DAY, "minItems": 1}]}),
]
YesNo = Annotated[
    bool, BeforeValidator(_yes_no), WithJsonSchema({"enum": [True, False, "yes", "no"], "default": True})
]
Weight = Annotated[int, Field(ge=1, le=1000)]
Line = Annotated[str, BeforeValidator(parse_line), WithJsonSchema({"type": "string", "minLength": 1})]


def _described(text: str, **more: Any) -> Any:
    return Field(description=text, **more)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class StopShape(Shape):
    on_reply: Literal["contact", "company"] = _described(
        "Whose steps a human answer stops: this contact's, or the whole company's.", default="contact"
    )


class BeforeHolidayShape(Shape):
    days: Lead = _described("How long before: 2d, 1w, or 2bd (business days).")
    name: Line | None = _described(
        "Which holiday, in English; without it, whichever comes next.", default=None
    )
    within: Within = _described(
        "How far ahead it is looked for; when there is none, the step is skipped.",
        default=HOLIDAY_WITHIN,
        json_schema_extra={"default": str(HOLIDAY_WITHIN)},
    )


class StepShape(Shape):
    id: Slug = _described("Name of the step, unique in the sequence. Write `was` when you change it.")
    wait: WaitText = _described(
        "Time after the step before: 30m, 4h, 3d, 1w, or 3bd (business days).",
        default=NO_WAIT,
        json_schema_extra={"default": str(NO_WAIT)},
    )
    at: TimeOfDay | None = _described("Time of day by the buyer's clock.", default=None)
    on: OnDays | None = _described(
        "Weekday or date, or a list: the first of them that is open.", default=None
    )
    before_holiday: Annotated[BeforeHolidayShape, BeforeValidator(_before)] | None = _described(
        "So long before the buyer's next public holiday: 2d, or a group of `days`, `name`, `within`.",
        default=None,
        json_schema_extra=_or_span,
    )
    expires: Lasts | None = _described(
        "Skipped when it has not left so long after its time; 2d for dates and holidays.", default=None
    )
    template: TemplateName | None = _described("Path under templates/ without .md.", default=None)
    variants: list[TemplateName] = _described("Other templates that share this step's buyers.", default=[])
    weights: list[Weight] = _described(
        "Shares of the template and its variants, in that order, such as [3, 1]; equal when left out.",
        default=[],
    )
    task: Line | None = _described("A task for the rep instead of a mail; Jinja.", default=None)
    wait_for_task: YesNo = _described(
        "Whether the next step waits until the task is done; `no`: until its due date.", default=True
    )
    when: Line | None = _described("Condition on the contact; when false, the step is skipped.", default=None)
    attach: list[Line] = _described("Files under assets/; Jinja.", default=[])
    approve: Literal["never", "key_accounts", "always"] = _described(
        "Whose mails wait until a person approves the text.", default="never"
    )
    subject: Line | None = _described(
        "Starts a new thread; without any, the mail answers in the thread.", default=None
    )
    was: Slug | None = _described("The step's former id.", default=None)


class SequenceShape(Shape):
    model_config = ConfigDict(title="A sequence of sequencer")

    sequence: Slug = _described("Name of the sequence, the same as the file's.")
    description: str = _described("For people.", default="")
    window: Line = _described("A window of config.toml: when mails may leave.")
    stop: StopShape = _described("What stops it besides opt-outs and bounces.", default=StopShape())
    steps: list[StepShape] = _described("The touches, in order.", min_length=1)


class FrontShape(Shape):
    subject: Line | None = None
    preheader: Line | None = None
    attach: list[Line] = []
    language: Annotated[str, AfterValidator(_language)] | None = None


def sequence_schema() -> dict[str, Any]:
    """The JSON Schema of a sequence file."""
    return SequenceShape.model_json_schema()
