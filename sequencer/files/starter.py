"""The starter library: sequences, templates, snippets and config.toml as the project ships them."""

from pathlib import Path

import sequencer
from sequencer.errors import SequencerError


def starter_files() -> dict[str, Path]:
    """Workspace-relative path → file to copy there, from the installed package or a repository checkout."""
    package = Path(sequencer.__file__).parent
    shipped, checkout = package / "starter", package.parent
    if (shipped / "config.toml").is_file():
        root, config = shipped, shipped / "config.toml"
    elif (checkout / "config.example.toml").is_file():
        root, config = checkout, checkout / "config.example.toml"
    else:
        raise SequencerError("the starter library is missing", hint="install sequencer again")
    found = [*root.glob("sequences/*.yaml"), *root.glob("templates/**/*.md"), *root.glob("snippets/*.md")]
    files = {path.relative_to(root).as_posix(): path for path in sorted(found)}
    return {**files, "config.toml": config}
