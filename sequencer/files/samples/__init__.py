"""The small real attachments of the starter library, drawn when a workspace is made."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

_MAKERS = {
    "catalogue.pdf": "catalogue",
    "certificates.pdf": "certificates",
    "data-sheet.pdf": "data_sheet",
    "new-products.pdf": "new_products",
    "price-list.pdf": "price_list",
    "proforma.pdf": "proforma",
    "exhibition.png": "exhibition",
    "factory.png": "factory",
    "sample-room.png": "sample_room",
    "sample.png": "sample",
}
"""File under assets/ → the module here that makes it, by the function of the same name."""

SAMPLE_NAMES = tuple(_MAKERS)


@cache
def sample_assets() -> dict[str, bytes]:
    """File under assets/ → its bytes, the same each time."""
    return {name: _maker(module)() for name, module in _MAKERS.items()}


def _maker(module: str) -> Callable[[], bytes]:
    found: Callable[[], bytes] = getattr(import_module(f"{__name__}.{module}"), module)
    return found
