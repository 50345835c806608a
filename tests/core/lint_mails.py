"""Mails for the lint rules, made in a line."""

from dataclasses import replace

from sequencer.core.lint import RULES, Mail
from sequencer.core.lint.place import source_lines
from sequencer.core.sequence import Step
from tests.core.versions import a_version

ADDRESS = "88 Harbour Road, Ningbo"


FOOTER = f'\n\nLi Wei\n\nIf this is nothing for you, answer "unsubscribe".\n{ADDRESS}\n'


BODY = "Hi Ana,\n\nWe make pruners for people who prune all day, and we test each of them on ash wood."


def a_mail(body: str = BODY, *, footer: str = FOOTER, **more: object) -> Mail:
    """A later mail of a sequence that no rule minds, but for what is given."""
    version = a_version(body, body_line=4, lines={"subject": 2, "preheader": 3})
    mail = Mail(
        step=Step(id="one", template="t"),
        template=version.templates["t"],
        language="en",
        subject="Pruners for the season",
        text=body + footer,
        own=body,
        greeting=body.lstrip().partition("\n")[0],
        postal_address=ADDRESS,
        lines=source_lines(version, version.templates["t"]),
        sequence_path="sequences/s.yaml",
        sequence_text="sequence: s\nsteps:\n  - id: one\n    template: t\n    attach: [a.pdf]\n",
        touches=6,
        is_first=False,
    )
    return replace(mail, **more)  # type: ignore[arg-type]


def minded(mail: Mail) -> list[str]:
    """The rules that find something, with the line of each place."""
    return [
        f"{rule.name}:{finding.where.rpartition(':')[2]}" for rule in RULES for finding in rule.check(mail)
    ]
