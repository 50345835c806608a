"""Whether the files still say what a pinned version says, told by their texts alone: nothing is parsed."""

from collections.abc import Mapping
from pathlib import Path

from sequencer.core.languages import split_name
from sequencer.errors import FaultyInput
from sequencer.files.text_file import read_text
from sequencer.files.workspace import Workspace

_SUFFIX = ".md"


def files_differ(workspace: Workspace, texts: Mapping[str, str]) -> bool:
    """Whether a file of the version was edited or is gone, or one of its templates got a new language."""
    return any(_text(workspace.root / path, path) != text for path, text in texts.items()) or any(
        path not in texts for path in _siblings(workspace, texts)
    )


def _text(path: Path, shown: str) -> str | None:
    try:
        return read_text(path, shown)
    except FaultyInput:
        return None


def _siblings(workspace: Workspace, texts: Mapping[str, str]) -> set[str]:
    """The language siblings that the version's templates have now; partials have none."""
    found = set()
    for path in texts:
        if not path.endswith(_SUFFIX) or Path(path).name.startswith("_"):
            continue
        stem = split_name(path.removesuffix(_SUFFIX))[0]
        folder = (workspace.root / stem).parent
        for file in folder.glob(f"{Path(stem).name}.*{_SUFFIX}"):
            name, language = split_name(file.relative_to(workspace.root).as_posix().removesuffix(_SUFFIX))
            if language is not None and name == stem:
                found.add(file.relative_to(workspace.root).as_posix())
    return found
