"""Reads one template: YAML front matter between `---` lines, then the Markdown body with Jinja in it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from sequencer.core.sequence import Template
from sequencer.files.fault_list import FaultList
from sequencer.files.sequence_shape import FrontShape
from sequencer.files.shape_faults import add_shape_faults
from sequencer.files.yaml_positions import load_yaml

FENCE = "---"


def parse_template(name: str, text: str, faults: FaultList) -> Template:
    """The template called `name`; faults of its front matter are added to `faults`."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return Template(name=name, subject=None, body=text)
    end = next((number for number, line in enumerate(lines) if number and line.rstrip() == FENCE), None)
    if end is None:
        faults.add(1, "the front matter has no end", "close it with a line of three dashes")
        return Template(name=name, subject=None, body=text)
    front, key_lines = _front("\n".join(lines[1:end]), faults)
    return Template(
        name=name,
        subject=front.subject,
        preheader=front.preheader,
        attach=tuple(front.attach),
        language=front.language,
        body="\n".join(lines[end + 1 :]),
        body_line=end + 2,
        lines=key_lines,
    )


def _front(text: str, faults: FaultList) -> tuple[FrontShape, Mapping[str, int]]:
    loaded = load_yaml(text, faults, first_line=2)
    if loaded is None or loaded.data is None:
        return FrontShape(), {}
    try:
        shape = FrontShape.model_validate(loaded.data)
    except ValidationError as error:
        add_shape_faults(faults, error, FrontShape, loaded.line_of)
        shape = FrontShape.model_construct()
    keys: Any = loaded.data if isinstance(loaded.data, dict) else {}
    return shape, {key: line for key in keys if (line := loaded.line_of((key,))) is not None}
