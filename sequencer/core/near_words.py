"""The known word that a mistyped one means."""

from collections.abc import Iterable


def near_word(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to `word` in any case; None when none is near enough to be meant."""
    from difflib import get_close_matches  # a daemon that reads no slips never needs it

    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.75)
    return by_folded[found[0]] if found else None


def mend_for_typo(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """`did you mean …?` when a known word is near, else the other mend."""
    near = near_word(word, known)
    return f"did you mean {near}?" if near else otherwise
