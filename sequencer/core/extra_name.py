"""Names of a user's own columns, as templates and conditions write them."""

import re
import unicodedata


def extra_name(header: str) -> str:
    """A header as an extra field's name (`Product line` becomes `product_line`); "" when nothing is left."""
    name = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", header).casefold()).strip("_")
    return f"c_{name}" if name[:1].isdigit() else name
