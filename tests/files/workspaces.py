"""Small workspaces written in a line, and a shipped one."""

from pathlib import Path

from sequencer.config import Config
from sequencer.files.config_file import read_config
from sequencer.files.init_workspace import make_workspace
from sequencer.files.workspace import Workspace

CONFIG = (Path(__file__).parents[1] / "bad_configs" / "_base" / "config.toml").read_text(encoding="utf-8")


def a_workspace(root: Path, **files: str) -> Workspace:
    """A workspace of these files: `sequences__s` is sequences/s.yaml, `templates__a__b` templates/a/b.md."""
    write(root, "config.toml", CONFIG)
    for name, text in files.items():
        folder, *rest = name.split("__")
        write(root, f"{folder}/{'/'.join(rest)}" + (".yaml" if folder == "sequences" else ".md"), text)
    return Workspace(root)


def write(root: Path, path: str, text: str) -> Path:
    """Write one file of a workspace."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="")
    return target


def config_of(workspace: Workspace) -> Config:
    return read_config(workspace.config)


def a_fresh_workspace(root: Path) -> Workspace:
    """What `init` writes, without the database."""
    return make_workspace(root)
