"""Closed outlines, drawn alike on a page and on a picture: x to the right, y down."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sequencer.files.samples.colours import Colour

Point = tuple[float, float]
Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One filled outline of a drawing."""

    outline: Outline
    fill: Colour


def curve(*points: Point, steps: int = 6) -> Outline:
    """A smooth closed line through these points (Catmull-Rom); a point given twice is a corner."""
    count = len(points)
    found: list[Point] = []
    for place in range(count):
        before, start, end, after = (points[(place + step) % count] for step in (-1, 0, 1, 2))
        if start != end:
            found += (_between(before, start, end, after, part / steps) for part in range(steps))
    return tuple(found)


def _between(before: Point, start: Point, end: Point, after: Point, part: float) -> Point:
    square, cube = part * part, part * part * part
    weights = (
        (-cube + 2 * square - part) / 2,
        (3 * cube - 5 * square + 2) / 2,
        (-3 * cube + 4 * square + part) / 2,
        (cube - square) / 2,
    )
    four = (before, start, end, after)
    return (
        sum(weight * point[0] for weight, point in zip(weights, four, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, four, strict=True)),
    )


def ellipse(x: float, y: float, wide: float, high: float | None = None, corners: int = 36) -> Outline:
    """Around (x, y), with these radii; a circle when `high` is left out."""
    tall = wide if high is None else high
    angles = (2 * math.pi * step / corners for step in range(corners))
    return tuple((x + wide * math.cos(angle), y + tall * math.sin(angle)) for angle in angles)


def box(x: float, y: float, width: float, height: float) -> Outline:
    """The upright rectangle whose upper left corner is (x, y)."""
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Outline:
    """A rectangle with round corners."""
    centres = (
        (x + width - radius, y + height - radius),
        (x + radius, y + height - radius),
        (x + radius, y + radius),
        (x + width - radius, y + radius),
    )
    found: list[Point] = []
    for quarter, (across, down) in enumerate(centres):
        for step in range(7):
            angle = (quarter + step / 6) * math.pi / 2
            found.append((across + radius * math.cos(angle), down + radius * math.sin(angle)))
    return tuple(found)


def bar(start: Point, end: Point, width: float, end_width: float | None = None) -> Outline:
    """A straight bar from one point to another, tapering when `end_width` is given."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down) or 1.0
    side = (-down / length / 2, across / length / 2)
    last = width if end_width is None else end_width
    return (
        (start[0] + side[0] * width, start[1] + side[1] * width),
        (end[0] + side[0] * last, end[1] + side[1] * last),
        (end[0] - side[0] * last, end[1] - side[1] * last),
        (start[0] - side[0] * width, start[1] - side[1] * width),
    )


def placed(
    shapes: Iterable[Shape], at: Point, scale: float = 1.0, turn: float = 0.0, *, is_mirrored: bool = False
) -> tuple[Shape, ...]:
    """The drawing from `at`, turned clockwise by `turn` degrees; mirrored top to bottom before that."""
    cosine, sine = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    down = -1 if is_mirrored else 1
    return tuple(
        Shape(
            outline=tuple(
                (at[0] + x * cosine - y * down * sine, at[1] + x * sine + y * down * cosine)
                for x, y in shape.outline
            ),
            fill=shape.fill,
        )
        for shape in shapes
    )
