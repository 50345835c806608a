"""sample.png: a bypass pruner on a workbench beside the twig it has cut."""

from sequencer.files.samples.colours import (
    DARK_STEEL,
    DEEP_WOOD,
    GREEN,
    INK,
    LEAF,
    ORANGE,
    WHITE,
    WOOD,
    Colour,
    mixed,
)
from sequencer.files.samples.hand_tools import bypass_pruner
from sequencer.files.samples.outline import Point, Shape, bar, box, curve, ellipse, placed, rounded
from sequencer.files.samples.png import Canvas
from sequencer.files.samples.scene import HEIGHT, WIDTH, mark, plant, shadow, shadow_of, sign

_EDGE = 236
_BARK: Colour = (124, 92, 66)


def sample() -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, WOOD)
    _behind(canvas)
    _bench(canvas)
    _twig(canvas, (640.0, 350.0), -24)
    _carton(canvas)
    pruner = placed(bypass_pruner(), (530, 420), 2.35, turn=-12)
    shadow_of(canvas, pruner, 12, 16, 0.22)
    canvas.draw(pruner)
    _shine(canvas)
    mark(canvas)
    return canvas.encoded()


def _behind(canvas: Canvas) -> None:
    """A wall, a window with a garden, a shelf."""
    canvas.shade(0, _EDGE, (214, 224, 216), (232, 236, 226))
    canvas.fill(box(96, 0, 330, 196), WHITE)
    canvas.fill(box(108, 0, 306, 184), (188, 224, 240))
    for x, y, wide, high, colour in (
        (160, 190, 100, 62, (142, 186, 122)),
        (330, 196, 130, 84, (122, 170, 106)),
        (240, 206, 150, 58, LEAF),
    ):
        hill = ellipse(x, y, wide, high, corners=60)
        canvas.fill(tuple((min(max(across, 108), 414), min(down, 184)) for across, down in hill), colour)
    canvas.fill(box(255, 0, 10, 190), WHITE)
    canvas.fill(box(86, 184, 350, 16), (244, 244, 238))
    canvas.fill(box(560, 120, 330, 12), DEEP_WOOD)
    canvas.fill(box(560, 132, 330, 6), INK, 0.2)
    for place, colour in enumerate((GREEN, ORANGE, mixed(GREEN, WHITE, 0.4), DARK_STEEL)):
        canvas.fill(rounded(588 + place * 48, 62, 38, 58, 4), colour)
        canvas.fill(box(588 + place * 48, 82, 38, 16), mixed(colour, WHITE, 0.65))
    plant(canvas, (836, 120), 100, WHITE)


def _bench(canvas: Canvas) -> None:
    canvas.fill(box(0, _EDGE, WIDTH, HEIGHT - _EDGE), WOOD)
    canvas.fill(box(0, _EDGE, WIDTH, 8), mixed(WOOD, WHITE, 0.35))
    for row, y in enumerate((236, 316, 412, 526)):
        canvas.fill(box(0, y, WIDTH, 3), DEEP_WOOD)
        for place in range(3):
            x = (row * 173 + place * 340) % WIDTH
            grain = curve((x, y + 30), (x + 90, y + 24), (x + 230, y + 34), (x + 90, y + 30))
            canvas.fill(grain, DEEP_WOOD, 0.45)
            canvas.fill(tuple((across + 60, down + 26) for across, down in grain), DEEP_WOOD, 0.3)
    canvas.fill(ellipse(214, 372, 16, 7), DEEP_WOOD, 0.6)
    canvas.fill(ellipse(214, 372, 8, 3.5), DEEP_WOOD)


def _twig(canvas: Canvas, at: Point, turn: float) -> None:
    """The cut twig with its leaves, and two leaves that fell off."""
    leaf = curve((0, 0), (0, 0), (26, -18), (62, -14), (84, 4), (84, 4), (58, 18), (24, 14))
    vein = Shape(outline=bar((4, 0), (70, 4), 2), fill=mixed(LEAF, WHITE, 0.4))
    light, dark = ((Shape(outline=leaf, fill=fill), vein) for fill in (LEAF, mixed(LEAF, INK, 0.14)))
    parts = [Shape(outline=bar((40, 0), (330, -10), 22, 14), fill=_BARK)]
    for x, angle in ((120, -58), (170, 46), (216, -48), (262, 40), (312, -30), (322, 16)):
        parts += placed(light if angle < 0 else dark, (x, -4), 0.95, angle)
    parts.append(Shape(outline=ellipse(40, 0, 6, 11), fill=(240, 220, 180)))
    for spot, slant in (((-470.0, 140.0), 20.0), ((-40.0, 240.0), -30.0)):
        parts += placed(light, spot, 0.9, slant)
    shapes = placed(parts, at, 1, turn)
    shadow_of(canvas, shapes, 7, 9, 0.16)
    canvas.draw(shapes)


def _carton(canvas: Canvas) -> None:
    shadow(canvas, 150, 300, 130, 18, 0.2)
    canvas.fill(((40, 206), (250, 206), (272, 232), (18, 232)), (222, 184, 136))
    canvas.fill(box(18, 232, 254, 72), (204, 164, 116))
    canvas.fill(box(120, 206, 44, 98), (228, 198, 154))
    sign(canvas, (72, 268), "TWO", 16, DEEP_WOOD)
    canvas.fill(rounded(180, 250, 78, 36, 4), WHITE)
    canvas.fill(box(188, 258, 40, 5), INK)
    canvas.fill(box(188, 268, 62, 4), (150, 160, 164))
    canvas.fill(box(188, 276, 52, 4), (150, 160, 164))


def _shine(canvas: Canvas) -> None:
    """A light streak along the upper grip."""
    streak = curve((-140, -31), (-100, -35), (-62, -30), (-36, -20), (-62, -27), (-100, -32))
    placed_streak = placed((Shape(outline=streak, fill=WHITE),), (530, 420), 2.35, turn=-12)
    canvas.fill(placed_streak[0].outline, WHITE, 0.4)
