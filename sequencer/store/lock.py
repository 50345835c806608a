"""One `run` per workspace: an OS file lock beside the database, freed by the kernel when its holder dies."""

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path, PurePath

from filelock import FileLock, Timeout

from sequencer.errors import SequencerError

_NETWORK_FILE_SYSTEMS = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|afs|afpfs|webdav|davfs2?|ncpfs|9p|drvfs|vboxsf|ceph|lustre|beegfs|glusterfs"
    r"|fuse\.(sshfs|s3fs|rclone|gcsfuse|glusterfs|davfs2?|cephfs|smbnetfs|google-drive-ocamlfuse|onedriver)"
)
"""By the names that mount tables use. On Windows drives seen from Linux (9p, drvfs) locks hold no better."""

_SYNCED_FOLDERS = re.compile(
    r"dropbox( \(.*\))?|onedrive( ?- ?.+)?|google ?drive(-.+)?|my drive|icloud ?drive|mobile documents"
    r"|com~apple~clouddocs|cloudstorage|nutstore( files)?|(我的)?坚果云|baidusyncdisk|百度网盘同步空间"
    r"|wps ?drive|wps ?云盘|megasync( downloads)?|pcloud ?drive|nextcloud|owncloud|box sync"
)
"""Folders, by their whole name, that the usual programs keep in step with other machines."""

_REMOTE_DRIVE = 4
"""GetDriveTypeW's DRIVE_REMOTE."""


class RunLock:
    """Held by the process that runs a workspace's mailboxes."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = FileLock(f"{database}.lock")
        self._holder = database.with_name(f"{database.name}.holder")

    def take(self) -> None:
        """Take the lock, or raise SequencerError saying who holds it, or why none can be held here."""
        refuse_unfit_place(self._database)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise SequencerError(
                f"another `sequencer run` works on this workspace: {self._who()}",
                where=str(self._database),
                hint="stop it first; one process runs all mailboxes",
            ) from None
        except (NotImplementedError, OSError) as error:
            raise SequencerError(
                f"the workspace can't be locked: {error}",
                where=str(self._database),
                hint="move it to a local disk that you may write to",
            ) from None
        holder = {"pid": os.getpid(), "host": platform.node()}
        self._holder.write_text(json.dumps(holder), encoding="utf-8")

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._lock.is_locked:
            self._holder.unlink(missing_ok=True)
            self._lock.release()

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"process {holder['pid']} on {holder['host']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "its process is unknown"


def refuse_unfit_place(database: Path, mounts: str | None = None) -> None:
    """SQLite's locks don't hold on network file systems, and syncing tools copy half-written files.

    `mounts` is the system's table of mounts (by default read from the system): lines of /proc/mounts, or of
    the `mount` command of macOS. Raises SequencerError.
    """
    real = database.resolve()  # where the bytes are, whatever links lead there
    folder = synced_folder(real)
    if folder is not None:
        raise SequencerError(
            f"the workspace is in a synced folder ({folder})",
            where=str(database),
            hint="move it to a folder that no program copies; share sequences and templates by git",
        )
    kind = _drive(real) or file_system(real, _mounts() if mounts is None else mounts)
    if _NETWORK_FILE_SYSTEMS.fullmatch(kind.lower()):
        raise SequencerError(
            f"the workspace is on a network file system ({kind})",
            where=str(database),
            hint="move it to a local disk: file locks don't hold over the network",
        )


def synced_folder(path: PurePath) -> str | None:
    """The part of `path` that a known program keeps in step with other machines."""
    return next((part for part in path.parts[:-1] if _SYNCED_FOLDERS.fullmatch(part.lower())), None)


def file_system(path: PurePath, mounts: str) -> str:
    """The type of the file system that `path` is on; empty when the table of mounts does not say."""
    best, kind = "", ""
    for line in mounts.splitlines():
        mount, its_kind = _mount(line)
        inside = str(path) == mount or str(path).startswith(mount.rstrip("/") + "/")
        # A later mount hides an earlier one at the same place.
        if mount and inside and len(mount) >= len(best):
            best, kind = mount, its_kind
    return kind


def _mount(line: str) -> tuple[str, str]:
    """Where and what of `/dev/sda1 /mnt/a\\040b ext4 rw 0 0` or `//me@nas/a on /Volumes/a b (smbfs, …)`."""
    macos = re.fullmatch(r".* on (/.*) \(([^,()]+)(?:, [^()]*)?\)", line)
    if macos:
        return macos[1], macos[2]
    fields = line.split(" ")
    if len(fields) < 3:
        return "", ""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[1]), fields[2]


def _mounts() -> str:
    """The system's table of mounts; empty where it has none that can be read."""
    try:
        if sys.platform == "darwin":
            told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False)
            return told.stdout
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def _drive(path: PurePath) -> str:
    """`smb` for a Windows share (`\\\\server\\share`) or a drive letter that stands for one; else empty."""
    if path.drive.startswith("\\\\") and not path.drive.startswith("\\\\?\\"):
        return "smb"
    if sys.platform == "win32":
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(path.drive + "\\") == _REMOTE_DRIVE:
            return "smb"
    return ""
