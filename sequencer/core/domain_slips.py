"""The domain that a mistyped one means: gmial.com is gmail.com with two letters swapped."""

from sequencer.core.free_mail import FREE_MAIL_DOMAINS

_SLIPS = {
    "gmail.om": "gmail.com",
    "gmal.con": "gmail.com",
    "gmai.con": "gmail.com",
    "gmail.vom": "gmail.com",
    "gemail.com": "gmail.com",
    "googlemail.con": "googlemail.com",
    "hotmail.cm": "hotmail.com",
    "hotmai.con": "hotmail.com",
    "outlook.co": "outlook.com",
    "outlock.con": "outlook.com",
    "yahoo.cm": "yahoo.com",
    "yaho.con": "yahoo.com",
    "qq.con": "qq.com",
    "qq.cm": "qq.com",
    "qq.co": "qq.com",
    "qqq.com": "qq.com",
    "163.con": "163.com",
    "163.cm": "163.com",
    "163.co": "163.com",
    "126.con": "126.com",
    "126.cm": "126.com",
}
"""Slips that are too far from, or too short for, the rule of one slip."""

_LIKELY = (
    *("gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.co.uk", "icloud.com"),
    *("foxmail.com", "aliyun.com", "yandex.ru", "yandex.com", "protonmail.com", "libero.it", "t-online.de"),
    *("hotmail.co.uk", "yahoo.com.br", "hotmail.fr", "yahoo.fr", "rediffmail.com"),
)
"""What people mean, the likeliest first; a name shorter than these is one slip away from too much else."""

_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com", "ner": "net"}
"""Last labels that are no top-level domain."""


def meant_domain(domain: str) -> str | None:
    """The domain that was probably meant, in IDNA ASCII; None when nothing speaks for a slip."""
    if domain in FREE_MAIL_DOMAINS:
        return None
    if domain in _SLIPS:
        return _SLIPS[domain]
    near = next((known for known in _LIKELY if is_one_slip(domain, known)), None)
    if near:
        return near
    name, dot, ending = domain.rpartition(".")
    return f"{name}.{_ENDINGS[ending]}" if dot and ending in _ENDINGS else None


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, is all that differs."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    rest, wanted = typed[start:], meant[start:]
    if len(rest) != len(wanted):
        return rest[1:] == wanted or rest == wanted[1:]
    is_swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return rest[1:] == wanted[1:] or is_swapped
