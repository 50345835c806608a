"""Init: a new workspace with its starter library, key and database."""

from pathlib import Path

from sequencer.files.init_workspace import make_workspace, unmake_workspace
from sequencer.files.workspace import Workspace
from sequencer.store.engine import Store, create_schema


def init(folder: Path) -> Workspace:
    """Make a workspace in `folder`, which is made too if need be; errors as `make_workspace`.

    When its database cannot be made, what was written is taken away again and the error passed on.
    """
    workspace = make_workspace(folder)
    try:
        store = Store(workspace.database)
        try:
            create_schema(store)
        finally:
            store.close()
    except BaseException:
        unmake_workspace(workspace)
        raise
    return workspace
