"""Fields that a buyer of whom only the address is known leaves empty: such a mail is held."""

from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule

_NAMES = ("contact.first_name", "contact.name")


def check(mail: Mail) -> Iterator[Finding]:
    """Each field without which the mail cannot be made, and whatever else keeps it from being made."""
    for missing in mail.missing:
        message = f"{missing.field} is empty" if missing.field else missing.message
        message += f" when only {mail.buyer} is known; such contacts are held"
        yield Finding(missing.where, message, _mend(missing.field))


def _mend(field: str | None) -> str:
    if field in _NAMES:
        return f"write {{{{ {field} or 'there' }}}}"
    condition = field or "contact.…"
    return f"write {{% if {condition} %}}…{{% else %}}…{{% endif %}}, with other words where it is empty"


RULE = Rule(
    "bare-contact",
    "a field without a fallback, empty for a buyer of whom only the address is known",
    "A mail with an empty field never leaves, so the contacts of half a list would wait for a person.",
    check,
)
