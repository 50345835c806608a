"""factory.png: a hall with forging presses, a conveyor and people at work."""

from sequencer.files.samples.colours import DARK_STEEL, GREEN, INK, ORANGE, STEEL, WHITE, Colour, mixed
from sequencer.files.samples.hand_tools import bypass_pruner
from sequencer.files.samples.outline import bar, box, ellipse, placed, rounded
from sequencer.files.samples.people import HELMET, person
from sequencer.files.samples.png import Canvas
from sequencer.files.samples.scene import HEIGHT, WIDTH, mark, shadow, slab

_FLOOR = 430
_SKY: Colour = (190, 222, 236)
_WALL: Colour = (222, 218, 206)
_BEAM: Colour = (126, 138, 144)
_GLOW: Colour = (255, 156, 46)


def factory() -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, _WALL)
    _hall(canvas)
    for x in (70.0, 300.0, 530.0):
        _press(canvas, x)
    _shelves(canvas)
    _conveyor(canvas)
    for x, y, reach in ((232.0, 476.0, -0.5), (462.0, 476.0, -0.5), (696.0, 476.0, -0.5)):
        shadow(canvas, x, y, 36, 7, 0.22)
        canvas.draw(person((x, y), 176, (58, 96, 146), (50, 66, 92), reach=reach, has_helmet=True))
    mark(canvas)
    return canvas.encoded()


def _hall(canvas: Canvas) -> None:
    canvas.shade(0, _FLOOR, (206, 206, 198), (232, 228, 216))
    for x in range(24, WIDTH, 156):
        canvas.fill(box(x, 116, 132, 110), mixed(_SKY, INK, 0.35))
        canvas.fill(box(x + 4, 120, 124, 102), _SKY)
        canvas.fill(((x + 40, 120), (x + 76, 120), (x + 30, 222), (x + 4, 222), (x + 4, 200)), WHITE, 0.35)
        for part in (1, 2):
            canvas.fill(box(x + part * 44, 118, 3, 106), _BEAM)
        canvas.fill(box(x, 169, 132, 3), _BEAM)
    for x in range(-60, WIDTH, 120):
        canvas.fill(bar((x, 84), (x + 60, 34), 7), _BEAM)
        canvas.fill(bar((x + 60, 34), (x + 120, 84), 7), _BEAM)
    canvas.fill(box(0, 78, WIDTH, 12), mixed(_BEAM, INK, 0.2))
    canvas.fill(box(0, 26, WIDTH, 12), mixed(_BEAM, INK, 0.2))
    canvas.fill(box(0, 92, WIDTH, 10), HELMET)  # the rail of the crane
    for x in (150, 470, 790):
        canvas.fill(box(x - 2, 90, 4, 26), INK)
        canvas.fill(((x - 14, 116), (x + 14, 116), (x + 30, 136), (x - 30, 136)), GREEN)
        canvas.fill(ellipse(x, 137, 20, 6), (255, 244, 200))
    canvas.fill(box(0, 340, WIDTH, 90), (164, 182, 172))
    canvas.fill(box(0, 336, WIDTH, 5), (130, 152, 142))
    canvas.shade(_FLOOR, HEIGHT, (172, 170, 166), (146, 146, 146))
    for x, slope in ((30, -30), (900, 30)):
        canvas.fill(((x, _FLOOR), (x + 8, _FLOOR), (x + 14 + slope, HEIGHT), (x + slope, HEIGHT)), HELMET)


def _press(canvas: Canvas, x: float) -> None:
    """A forging press with a glowing blank between its dies."""
    body = (52, 108, 92)
    shadow(canvas, x + 66, 470, 86, 10, 0.26)
    canvas.fill(box(x, 204, 132, 70), body)
    canvas.fill(box(x, 204, 132, 12), mixed(body, WHITE, 0.22))
    for side in (x, x + 104):
        canvas.fill(box(side, 270, 28, 196), mixed(body, INK, 0.12))
    canvas.fill(box(x - 10, 404, 152, 64), mixed(body, INK, 0.3))
    canvas.fill(box(x + 28, 274, 76, 130), mixed(body, INK, 0.55))
    canvas.fill(box(x + 50, 262, 32, 62), STEEL)
    canvas.fill(box(x + 38, 322, 56, 26), DARK_STEEL)
    canvas.fill(box(x + 38, 378, 56, 26), DARK_STEEL)
    canvas.fill(ellipse(x + 66, 366, 44, 30), _GLOW, 0.25)
    canvas.fill(rounded(x + 42, 364, 48, 14, 6), _GLOW)
    canvas.fill(rounded(x + 52, 366, 28, 7, 3), (255, 226, 140))
    for angle, away in ((-26, 40), (-34, 28), (30, 38), (22, 26)):
        canvas.fill(ellipse(x + 66 + angle * 1.1, 366 - away * 0.7, 2.2, corners=8), (255, 210, 96))
    canvas.fill(ellipse(x + 66, 240, 21), mixed(body, INK, 0.35))
    canvas.fill(ellipse(x + 66, 240, 12), mixed(body, WHITE, 0.35))
    canvas.fill(rounded(x + 110, 222, 14, 30, 3), HELMET)
    canvas.fill(ellipse(x + 117, 231, 4, corners=16), (196, 52, 44))


def _shelves(canvas: Canvas) -> None:
    shadow(canvas, 850, 470, 84, 9, 0.22)
    for x in (778, 912):
        canvas.fill(box(x, 236, 8, 232), (58, 88, 128))
    colours = (ORANGE, GREEN, (206, 168, 120), (186, 146, 98))
    for level in range(4):
        y = 288 + level * 58
        canvas.fill(box(778, y, 142, 7), (58, 88, 128))
        for place in range(3):
            carton = colours[(level + place) % 4]
            canvas.fill(box(790 + place * 40, y - 38, 36, 38), carton)
            canvas.fill(box(804 + place * 40, y - 38, 8, 38), mixed(carton, WHITE, 0.3))


def _conveyor(canvas: Canvas) -> None:
    """In front: a belt with pruners on their way to the packing table."""
    for x in (90, 330, 570, 810):
        canvas.fill(box(x, 540, 20, 80), DARK_STEEL)
        shadow(canvas, x + 10, 620, 26, 5, 0.3)
    slab(canvas, (0, 520), WIDTH, 34, (86, 98, 106), 0.25)
    canvas.fill(box(0, 506, WIDTH, 16), (54, 62, 68))
    for x in range(14, WIDTH, 48):
        canvas.fill(ellipse(x, 540, 9, corners=20), STEEL)
        canvas.fill(ellipse(x, 540, 3.5, corners=12), DARK_STEEL)
    for place in range(6):
        grip = (GREEN, ORANGE)[place % 2]
        shapes = placed(bypass_pruner(grip, mixed(grip, INK, 0.3)), (132 + place * 156, 492), 0.5)
        canvas.draw(shapes)
