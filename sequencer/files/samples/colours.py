"""The colours of the sample documents and pictures, as red, green and blue from 0 to 255."""

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (34, 46, 54)
GREY: Colour = (112, 124, 132)
LINE: Colour = (202, 209, 212)
PALE: Colour = (243, 245, 243)
GREEN: Colour = (25, 94, 76)
DEEP_GREEN: Colour = (16, 66, 55)
LEAF: Colour = (108, 158, 88)
ORANGE: Colour = (226, 122, 44)
DEEP_ORANGE: Colour = (186, 92, 28)
STEEL: Colour = (190, 199, 205)
BRIGHT_STEEL: Colour = (224, 230, 233)
DARK_STEEL: Colour = (92, 104, 114)
WOOD: Colour = (205, 158, 104)
DEEP_WOOD: Colour = (164, 117, 70)


def mixed(first: Colour, second: Colour, part: float) -> Colour:
    """`first` with this part (0 to 1) of `second` in it."""
    red, green, blue = (round(one + (other - one) * part) for one, other in zip(first, second, strict=True))
    return red, green, blue
