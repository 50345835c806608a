"""The run lock: one process at a time, and only where its lock can hold."""

import json
import os
import platform
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from sequencer.errors import SequencerError
from sequencer.store.lock import RunLock, file_system, refuse_unfit_place, synced_folder

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
nas:/home /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/wang/local ext4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
me@host: /mnt/remote fuse.sshfs rw 0 0
C:\\134 /mnt/c 9p rw 0 0
/dev/sdc1 /mnt/over ext4 rw 0 0
nas:/over /mnt/over nfs rw 0 0
tmpfs
"""

MACOS_MOUNTS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//wang@nas.local/share on /Volumes/Our share (smbfs, nodev, nosuid, mounted by wang)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/ws/sequencer.db", "ext4"),
        ("/home/wang/ws/sequencer.db", "nfs4"),
        ("/home/wang/local/ws/sequencer.db", "ext4"),
        ("/home/wang/locality/sequencer.db", "nfs4"),
        ("/mnt/my share/ws/sequencer.db", "cifs"),
        ("/mnt/over/sequencer.db", "nfs"),
        ("/mnt/c/ws/sequencer.db", "9p"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert file_system(PurePosixPath(path), MOUNTS) == kind


def test_the_mount_table_of_macos_is_understood() -> None:
    assert file_system(PurePosixPath("/Volumes/Our share/ws/sequencer.db"), MACOS_MOUNTS) == "smbfs"
    assert file_system(PurePosixPath("/Users/wang/ws/sequencer.db"), MACOS_MOUNTS) == "apfs"


def test_a_system_that_tells_nothing_refuses_nothing() -> None:
    assert file_system(PurePosixPath("/srv/ws/sequencer.db"), "") == ""


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "9p", "afpfs"]
)
def test_a_network_file_system_is_refused_with_the_mend(tmp_path: Path, kind: str) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nnas:/x {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(SequencerError, match=f"network file system \\({kind}\\)") as raised:
        refuse_unfit_place(tmp_path / "sequencer.db", mounts)
    assert "local disk" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "zfs", "apfs", "overlay", "tmpfs", "fuseblk", "ntfs3"]
)
def test_a_local_file_system_is_fine(tmp_path: Path, kind: str) -> None:
    mounts = f"nas:/x / nfs4 rw 0 0\n/dev/sda1 {tmp_path} {kind} rw 0 0\n"
    assert file_system(tmp_path / "sequencer.db", mounts) == kind
    refuse_unfit_place(tmp_path / "sequencer.db", mounts)


def test_a_link_does_not_hide_where_the_database_really_is(tmp_path: Path) -> None:
    (tmp_path / "nas").mkdir()
    (tmp_path / "ws").symlink_to(tmp_path / "nas")
    mounts = f"/dev/sda1 / ext4 rw 0 0\nnas:/x {tmp_path}/nas nfs4 rw 0 0\n"
    with pytest.raises(SequencerError, match="nfs4"):
        refuse_unfit_place(tmp_path / "ws" / "sequencer.db", mounts)


@pytest.mark.parametrize(
    "folder",
    [
        "/Users/wang/Dropbox/mail",
        "/Users/wang/Dropbox (Harbour Tools)/mail",
        "/Users/wang/Library/CloudStorage/Box-Box/mail",
        "/Users/wang/Library/Mobile Documents/com~apple~CloudDocs/mail",
        "/Users/wang/iCloud Drive/mail",
        "/home/wang/Nextcloud/mail",
        "/home/wang/坚果云/mail",
        "/home/wang/我的坚果云/mail",
        "/home/wang/BaiduSyncdisk/mail",
        r"C:\Users\wang\OneDrive\mail",
        r"C:\Users\wang\OneDrive - Harbour Tools\mail",
        r"C:\Users\wang\Nutstore Files\mail",
        r"D:\WPS云盘\mail",
        r"G:\My Drive\mail",
        r"C:\Users\wang\iCloudDrive\mail",
    ],
)
def test_a_synced_folder_is_known_by_its_name(folder: str) -> None:
    path = PureWindowsPath(folder) if ":" in folder else PurePosixPath(folder)
    assert synced_folder(path / "sequencer.db") is not None


@pytest.mark.parametrize(
    "folder",
    [
        "/srv/logicloud gmbh/mail",
        "/srv/dropbox-campaign",
        "/srv/one drive/mail",
        "/home/nutstores/mail",
        "/srv/box",
    ],
)
def test_a_folder_whose_name_only_holds_such_a_word_is_fine(folder: str) -> None:
    assert synced_folder(PurePosixPath(folder) / "sequencer.db") is None


def test_a_workspace_in_a_synced_folder_is_refused_with_the_mend(tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive - Harbour Tools" / "ws"
    folder.mkdir(parents=True)
    with pytest.raises(SequencerError, match=r"synced folder \(OneDrive - Harbour Tools\)") as raised:
        RunLock(folder / "sequencer.db").take()
    assert "no program copies" in (raised.value.hint or "")


def test_a_windows_share_is_a_network_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    share = PureWindowsPath(r"\\nas\share\ws\sequencer.db")
    monkeypatch.setattr(Path, "resolve", lambda _path: share)
    with pytest.raises(SequencerError, match=r"network file system \(smb\)"):
        refuse_unfit_place(Path("sequencer.db"), "")


def test_the_lock_is_held_once_and_names_its_holder(tmp_path: Path) -> None:
    first, second = RunLock(tmp_path / "sequencer.db"), RunLock(tmp_path / "sequencer.db")
    first.take()
    with pytest.raises(SequencerError, match=f"process {os.getpid()} on {platform.node()}"):
        second.take()
    first.release()
    second.take()
    second.release()


@pytest.mark.parametrize("holder", ["", "[]", "null", '{"pid": 1}', "not json"])
def test_a_holder_that_cannot_be_read_is_said_to_be_unknown(tmp_path: Path, holder: str) -> None:
    first = RunLock(tmp_path / "sequencer.db")
    first.take()
    (tmp_path / "sequencer.db.holder").write_text(holder)
    with pytest.raises(SequencerError, match="its process is unknown"):
        RunLock(tmp_path / "sequencer.db").take()
    first.release()


def test_what_a_dead_holder_left_behind_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "sequencer.db.holder").write_text(json.dumps({"pid": 1, "host": "elsewhere"}))
    (tmp_path / "sequencer.db.lock").touch()
    lock = RunLock(tmp_path / "sequencer.db")
    lock.take()
    assert json.loads((tmp_path / "sequencer.db.holder").read_text())["pid"] == os.getpid()
    lock.release()
    lock.release()


def test_a_place_where_no_lock_file_can_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sequencer.db.lock").mkdir()
    with pytest.raises(SequencerError, match="can't be locked"):
        RunLock(tmp_path / "sequencer.db").take()
