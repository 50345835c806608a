"""A standing person of a few flat shapes, seen from the front."""

from sequencer.files.samples.colours import INK, Colour
from sequencer.files.samples.outline import Point, Shape, bar, curve, ellipse, placed, rounded

SKIN: Colour = (232, 188, 154)
HAIR: Colour = (64, 48, 42)
HELMET: Colour = (246, 200, 66)


def person(
    at: Point,
    height: float,
    top: Colour,
    trousers: Colour = INK,
    *,
    reach: float = 0,
    has_helmet: bool = False,
) -> tuple[Shape, ...]:
    """Feet at `at`; `reach` from -1 to 1 is how far the right arm is raised to that side."""
    arm = (40 + 22 * abs(reach), 100 - 62 * abs(reach)) if reach else (33, 104)
    side = -1 if reach < 0 else 1
    parts = (
        Shape(outline=bar((-11, 92), (-13, 184), 19, 15), fill=trousers),
        Shape(outline=bar((11, 92), (13, 184), 19, 15), fill=trousers),
        Shape(outline=rounded(-25, 180, 22, 9, 4), fill=HAIR),
        Shape(outline=rounded(3, 180, 22, 9, 4), fill=HAIR),
        Shape(outline=bar((-side * 25, 48), (-side * 33, 104), 13, 10), fill=top),
        Shape(outline=ellipse(-side * 33, 108, 6.5), fill=SKIN),
        Shape(outline=bar((side * 25, 48), (side * arm[0], arm[1]), 13, 10), fill=top),
        Shape(outline=ellipse(side * arm[0], arm[1], 6.5), fill=SKIN),
        Shape(outline=rounded(-7, 26, 14, 20, 5), fill=SKIN),
        Shape(outline=rounded(-31, 38, 62, 72, 15), fill=top),
        Shape(outline=ellipse(0, 17, 14.5, 17), fill=SKIN),
        *(_helmet() if has_helmet else _hair()),
    )
    scale = height / 190
    return placed(parts, (at[0], at[1] - height), scale)


def _hair() -> tuple[Shape, ...]:
    hair = curve((-16, 16), (-16, 16), (-17, 0), (0, -5), (17, 0), (16, 16), (16, 16), (9, 5), (-8, 6))
    return (Shape(outline=hair, fill=HAIR),)


def _helmet() -> tuple[Shape, ...]:
    dome = curve((-18, 10), (-18, 10), (-16, -6), (0, -11), (16, -6), (18, 10), (18, 10))
    return (Shape(outline=dome, fill=HELMET), Shape(outline=rounded(-21, 6, 42, 6, 3), fill=HELMET))
