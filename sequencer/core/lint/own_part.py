"""What a mail itself has to say: its text without footer, signature, opt-out and postal address."""

from dataclasses import replace

from sequencer.core.lint.opt_out import offers_opt_out
from sequencer.core.lint.postal_address import holds_address
from sequencer.core.sequence import SequenceVersion, Template
from sequencer.core.template_env import template_path

_SIGNS = ("rep.signature", "sender.postal_address")


def without_footers(version: SequenceVersion) -> SequenceVersion:
    """The version with empty footers: those of its partials that sign, give the address or the opt-out."""
    arms = {arm for step in version.sequence.steps for arm in step.arms}
    templates = {
        name: replace(template, body="") if not _is_of(name, arms) and _is_footer(template) else template
        for name, template in version.templates.items()
    }
    return replace(version, hash=f"{version.hash}-own", templates=templates)


def _is_of(name: str, arms: set[str]) -> bool:
    return name in arms or name.rpartition(".")[0] in arms


def _is_footer(template: Template) -> bool:
    is_named = "footer" in template_path(template.name)
    return is_named or any(word in template.body for word in _SIGNS) or offers_opt_out(template.body)


def own_part(text: str, signature: str, postal_address: str) -> str:
    """`text`, rendered without footers, up to the signature, and without the small print at its end."""
    end = text.rfind(signature)
    lines = (text[:end] if end >= 0 else text).rstrip().split("\n")
    while lines and _is_small_print(lines[-1], postal_address):
        lines.pop()
    return "\n".join(lines).strip()


def _is_small_print(line: str, postal_address: str) -> bool:
    is_address = bool(postal_address) and holds_address(line, postal_address)
    return not line.strip() or is_address or offers_opt_out(line)
