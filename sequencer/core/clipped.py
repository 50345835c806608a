"""Text cut to a length, and seen to be cut."""


def clipped(text: str, size: int) -> str:
    """At most `size` characters, the last of them showing that there was more."""
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"
