"""Takes from templates/ what a sequence can reach: arms, their language siblings, and partials."""

from pathlib import Path

from sequencer.core.languages import LANGUAGE_TAG
from sequencer.core.sequence import Template
from sequencer.core.subject import answer_mark
from sequencer.errors import Fault, FaultyInput
from sequencer.files.fault_list import FaultList, did_you_mean
from sequencer.files.sequence_file import attach_fault, faked_answer
from sequencer.files.sequence_shape import TEMPLATE_NAME
from sequencer.files.stray_files import stray_template
from sequencer.files.template_checks import Included, JinjaCheck
from sequencer.files.template_file import parse_template
from sequencer.files.text_file import read_text
from sequencer.files.workspace import Workspace


class TemplateLibrary:
    """The templates taken so far, their texts, and every fault found in them."""

    def __init__(self, workspace: Workspace, jinja: JinjaCheck, max_bytes: int) -> None:
        self.templates: dict[str, Template] = {}
        self.texts: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.headless: set[str] = set()
        self._root = workspace.templates
        self._jinja = jinja
        self._max_bytes = max_bytes
        self._seen: set[str] = set()

    def take(self, arm: str) -> bool:
        """Take the template of a step and its language siblings; False when there is no such file."""
        if not self._path(arm).is_file():
            return False
        for name in (arm, *self.siblings(arm)):
            self._take(name, is_partial=False)
        return True

    def siblings(self, arm: str) -> list[str]:
        """The language siblings of a template, `<arm>.<language>`, sorted."""
        path = self._path(arm)
        names = (found.name.removesuffix(".md") for found in path.parent.glob("*.md"))
        tags = (name.removeprefix(path.stem + ".") for name in names if name.startswith(path.stem + "."))
        return sorted(f"{arm}.{tag}" for tag in tags if LANGUAGE_TAG.fullmatch(tag))

    def mend(self, name: str) -> str:
        """What to do about a template that is missing."""
        stray = stray_template(self._root, name)
        if stray is not None:
            return f"{stray} is not read: its name must end in .md"
        every = [found.relative_to(self._root).as_posix() for found in self._root.rglob("*.md")]
        return did_you_mean(name, [found.removesuffix(".md") for found in every]) or "write it"

    def _path(self, name: str) -> Path:
        return self._root / f"{name}.md"

    def _take(self, name: str, *, is_partial: bool, chain: tuple[str, ...] = ()) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        faults = FaultList(f"templates/{name}.md")
        try:
            text = read_text(self._path(name), faults.path, max_bytes=self._max_bytes)
        except FaultyInput as error:
            self.faults += error.faults
            return
        template = parse_template(name, text, faults)
        if faults:
            self.headless.add(name)
        included = self._check(template, faults, is_partial=is_partial)
        partials = [partial for partial in included if self._is_fit(partial, (*chain, name), faults)]
        self.faults += faults.faults
        self.templates[name], self.texts[faults.path] = template, text
        for partial in partials:
            self._take(partial.name, is_partial=True, chain=(*chain, name))

    def _is_fit(self, partial: Included, chain: tuple[str, ...], faults: FaultList) -> bool:
        name = partial.name
        if name in chain:
            faults.add(
                partial.line, f"{{% include %}} of {name!r} comes back to itself", "remove one of the two"
            )
        elif TEMPLATE_NAME.fullmatch(name) is None:
            hint = "a path under templates/, such as _footer"
            faults.add(partial.line, f"{name!r} is no template name", hint)
        elif not self._path(name).is_file():
            faults.add(partial.line, f"there is no templates/{name}.md", self.mend(name))
        else:
            return True
        return False

    def _check(self, template: Template, faults: FaultList, *, is_partial: bool) -> list[Included]:
        included = self._jinja.check(template.body, template.body_line, faults)
        for key, text in (("subject", template.subject), ("preheader", template.preheader)):
            if text is not None:
                self._check_head(text, template.lines.get(key, 1), faults)
        for pattern in template.attach:
            line = template.lines.get("attach", 1)
            self._check_head(pattern, line, faults)
            fault = attach_fault(pattern)
            if fault is not None:
                faults.add(line, f"the attachment {pattern!r} {fault}")
        mark = answer_mark(template.subject or "")
        if mark is not None:
            faults.add(template.lines.get("subject"), *faked_answer(mark))
        if not template.body.strip() and not is_partial:
            faults.add(template.body_line, "the template has no text", "write what the buyer is to read")
        return included

    def _check_head(self, text: str, line: int, faults: FaultList) -> None:
        for included in self._jinja.check(text, line, faults):
            faults.add(included.line, "{% include %} has no place in the front matter")
