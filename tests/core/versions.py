"""Sequence versions made in a line, and what the rep and the firm are called in these tests."""

from dataclasses import replace

from sequencer.config import Rep, Sender
from sequencer.core.contact import Contact
from sequencer.core.render import Draft, render_step
from sequencer.core.sequence import Sequence, SequenceVersion, Step, Template
from sequencer.testing import a_contact

REP = Rep(
    name="li",
    full_name="Li Wei",
    email="li@ourfirm.example",
    mailboxes=("li",),
    phone="+86 574 5550 0188",
    signature="Li Wei\nExport Manager",
)
SENDER = Sender(
    company="Harbour & Sons", postal_address="88 Harbour Road", website="https://ourfirm.example/a?b=1"
)


def a_version(
    body: str, *, step: Step | None = None, subject: str | None = "Hello", **more: object
) -> SequenceVersion:
    """A version of one step with one template, `t`; `more` are fields of the template."""
    template = Template(name="t", subject=subject, body=body, **more)  # type: ignore[arg-type]
    first = step or Step(id="one", template="t")
    return SequenceVersion(
        hash="0123456789abcdef",
        sequence=Sequence(name="s", window="buyer", steps=(first,)),
        templates={"t": template},
    )


def with_templates(version: SequenceVersion, **bodies: str) -> SequenceVersion:
    """The version with more templates; `t__es` is called `t.es`."""
    names = {name.replace("__", "."): body for name, body in bodies.items()}
    extra = {name: Template(name=name, subject="Hello", body=body) for name, body in names.items()}
    return replace(version, templates={**version.templates, **extra})


def render(
    version: SequenceVersion, contact: Contact | None = None, *, override: Template | None = None
) -> Draft:
    """The version's first step for a contact."""
    step = version.sequence.steps[0]
    return render_step(version, step, contact or a_contact(), REP, SENDER, arm="t", override=override)


def text_of(body: str, contact: Contact | None = None) -> str:
    """The text part of a template, without the signature."""
    return render(a_version(body), contact).text.removesuffix("\n\nLi Wei\nExport Manager\n")


def html_of(body: str, contact: Contact | None = None) -> str:
    """The HTML part of a template."""
    return render(a_version(body), contact).html
