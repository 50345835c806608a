"""Snippets: pieces of an answer that reps write often, filled with a contact's values into a draft."""

from collections.abc import Iterable

from sequencer.config import Rep, Sender
from sequencer.core.contact import Contact
from sequencer.core.edited_text import as_markdown
from sequencer.core.languages import tags_for
from sequencer.core.render import path_of
from sequencer.core.render_text import Place, Target, fill
from sequencer.core.seal import refuse_controls
from sequencer.core.sequence import Template
from sequencer.core.template_env import MailEnvironment
from sequencer.core.template_values import Lines, template_values


class _AsMarkdown:
    """Values as Markdown that reads as they do: the draft is edited before it is parsed."""

    has_signature = False

    def put(self, value: str) -> str:
        """`value`, its marks made harmless; Unprintable for control characters."""
        refuse_controls(value, may_break=isinstance(value, Lines))
        return as_markdown(value)


def fill_snippet(snippet: Template, contact: Contact, rep: Rep, sender: Sender) -> str:
    """Markdown for a draft; RenderFault naming file and line, as for a template."""
    values = template_values(contact, rep, sender, "", "")
    target = Target(MailEnvironment(), values, contact.address)
    return fill(target, Place(snippet.body, path_of(snippet), snippet.body_line), _AsMarkdown()).strip()


def sibling_for(name: str, language: str, known: Iterable[str]) -> str:
    """`name.<language>` where there is one that serves the contact's language, else `name`."""
    there = set(known)
    return next((one for tag in tags_for(language) if (one := f"{name}.{tag}") in there), name)
