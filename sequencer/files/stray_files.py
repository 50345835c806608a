"""Files that a person took for a sequence or a template, and that nobody reads because of their name."""

from pathlib import Path

from sequencer.errors import Fault
from sequencer.files.workspace import Workspace

_ALMOST_YAML = (".yml", ".yaml.txt", ".yml.txt")
_ALMOST_MARKDOWN = (".md.txt", ".markdown", ".txt", ".mdown", ".html", ".docx")


def stray_sequences(workspace: Workspace) -> list[Fault]:
    """Files in sequences/ whose ending is not quite .yaml, by name."""
    return [
        Fault(where=f"sequences/{found.name}", message="is not read", hint=f"call it {right}")
        for found in _files(workspace.sequences)
        if (right := _renamed(found, _ALMOST_YAML, ".yaml")) is not None
    ]


def stray_template(templates: Path, name: str) -> str | None:
    """The file under templates/ that was meant as `name`, when only its ending is wrong."""
    wanted = templates / f"{name}.md"
    for found in _files(wanted.parent):
        if _renamed(found, _ALMOST_MARKDOWN, ".md") == wanted.name:
            return found.relative_to(templates.parent).as_posix()
    return None


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []


def _renamed(path: Path, almost: tuple[str, ...], right: str) -> str | None:
    name = path.name
    if name.endswith(right):
        return None
    if name.lower().endswith(right):
        return name[: -len(right)] + right
    ending = next((ending for ending in almost if name.lower().endswith(ending)), None)
    return name[: -len(ending)] + right if ending else None
