"""A mail that does not say where its sender is: required by law in many markets."""

from collections.abc import Iterator

from sequencer.core.lint.mail import Mail
from sequencer.core.lint.rule import Finding, Rule
from sequencer.core.lint.words import tokens


def holds_address(text: str, address: str) -> bool:
    """Whether the address stands in `text`, whatever its line breaks, commas and capitals."""
    return f" {' '.join(tokens(address))} " in f" {' '.join(tokens(text))} "


def check(mail: Mail) -> Iterator[Finding]:
    """The postal address of config.toml is nowhere in the mail."""
    if tokens(mail.postal_address) and not holds_address(mail.text, mail.postal_address):
        hint = "print {{ sender.postal_address }} in its footer"
        yield Finding(mail.at(""), "the mail does not give your postal address", hint)


RULE = Rule(
    "no-address",
    "a mail without the postal address of config.toml",
    "Most anti-spam laws ask for it, and buyers look up who writes to them.",
    check,
)
