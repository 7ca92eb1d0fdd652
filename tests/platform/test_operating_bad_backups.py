"""What is no backup, or no good one, is said before it does harm; which are kept; what the doctor makes of it."""

# ruff: noqa: F811  (fixtures are imported, and asked for by their names)

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backdesk.platform.operating.backup import (
    BackupFailed,
    BackupIsNewer,
    archive,
    back_up,
    keep_newest,
    restore,
)
from backdesk.platform.operating.backup.manifest import NAME
from tests.cast import NOW
from tests.cli.companies import Done, backdesk
from tests.platform.backups import Saved, saved, tables  # noqa: F401


@pytest.fixture
def another(saved: Saved) -> Iterator[Path]:
    """A copy of it that a test may change."""
    home = Path(tempfile.mkdtemp(prefix="backdesk-bk-"))
    subprocess.run(["cp", "-a", saved.var, home], check=True)
    yield home / "var"
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def nightly(saved: Saved) -> tuple[Path, Done]:
    """A directory of backups that keeps one, without keys."""
    directory = saved.home / "nightly"
    directory.mkdir()
    (directory / "backdesk-20200101T000000Z.tar").touch()
    return directory, backdesk("backup", directory, "--keep", 1, "--without-keys", var=saved.var)


def test_a_damaged_byte_is_found_and_named_before_anything_is_touched(saved: Saved) -> None:
    damaged, var = saved.home / "damaged.tar", saved.home / "untouched"
    shutil.copy(saved.at_rest, damaged)
    with tarfile.open(damaged) as tar:
        entry = next(entry for entry in tar if entry.name.startswith("files/"))
    with damaged.open("r+b") as file:
        file.seek(entry.offset_data + 1000)
        byte = file.read(1)[0]
        file.seek(entry.offset_data + 1000)
        file.write(bytes([byte ^ 1]))
    done = backdesk("restore", damaged, var=var)
    assert done.code == 1
    assert f"{entry.name} is damaged" in done.said
    assert not {"files", "histories", "restoring"} & {path.name for path in var.iterdir()}


def test_one_that_was_cut_short_is_no_backup(saved: Saved) -> None:
    short = saved.home / "short.tar"
    shutil.copy(saved.at_rest, short)
    for size in (short.stat().st_size // 2, 0):
        os.truncate(short, size)
        with pytest.raises(archive.NotABackup):
            archive.checked(short)
    short.unlink()
    with pytest.raises(archive.NotABackup, match="No such file"):
        archive.checked(short)


def test_a_stranger_in_the_backup_is_noticed(saved: Saved) -> None:
    changed = saved.home / "changed.tar"
    shutil.copy(saved.at_rest, changed)
    with tarfile.open(changed, "a") as tar:
        tar.add(__file__, "files/1/stranger")
    with pytest.raises(archive.Damaged, match="files/1/stranger"):
        archive.checked(changed)


def test_a_backup_of_a_later_version_is_refused(saved: Saved, var: Path) -> None:
    later = saved.home / "later.tar"
    with tarfile.open(saved.at_rest) as old, tarfile.open(later, "w") as new:
        for entry in old:
            content = old.extractfile(entry)
            assert content is not None
            if entry.name == NAME:
                text = (
                    content.read()
                    .replace(b'"version": "', b'"version": "9')
                    .replace(
                        b'"planning.0001_initial"', b'"planning.0001_initial", "planning.0999_of_tomorrow"'
                    )
                )
                entry.size, content = len(text), io.BytesIO(text)
            new.addfile(entry, content)
    said = "made by a later Backdesk (90.1.0; this one does not know planning.0999_of_tomorrow)"
    with pytest.raises(BackupIsNewer, match=re.escape(said)):
        restore(later, now=NOW)
    assert not var.exists()


def test_keys_stay_at_home_where_one_says_so(nightly: tuple[Path, Done]) -> None:
    (target,) = nightly[0].iterdir()
    assert "without keys" in nightly[1].said
    with tarfile.open(target) as tar:
        names = tar.getnames()
    assert "database.dump" in names
    assert not any("key" in name or "sign-in" in name for name in names)


def test_a_file_that_is_missing_is_named_and_the_rest_is_saved(another: Path) -> None:
    target = another.parent / "missing.tar"
    lost = next(path for path in (another / "files").rglob("*") if path.is_file())
    lost.unlink()
    done = backdesk("backup", target, var=another)
    assert (done.code, done.said.count(f"backup was made: {lost.relative_to(another)}")) == (0, 1)
    assert archive.checked(target).missing == [str(lost.relative_to(another))]


# -- Keeping some --------------------------------------------------------------------------------------------


def test_a_place_that_is_not_there_is_told_with_what_would_be_right(tmp_path: Path) -> None:
    place = tmp_path / "gone" / "one.tar"
    with pytest.raises(
        BackupFailed, match=re.escape(f"No such file or directory ({place}). Name a directory")
    ):
        back_up(place, now=NOW)


def test_a_full_disk_ends_a_backup_without_an_afterword(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_bytes(bytes(100_000))
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        archive.Writing(full, now=0).add("one", tmp_path / "one")
    gc.collect()
    assert said == []


def test_the_newest_are_kept_and_other_files_are_left_alone(tmp_path: Path) -> None:
    now = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    names = [f"backdesk-{now + timedelta(days=day):%Y%m%dT%H%M%SZ}.tar" for day in range(5)]
    for name in [*names, "backdesk-of-the-year.tar", "thesis.tar"]:
        (tmp_path / name).touch()
    gone = keep_newest(tmp_path, count=2)
    assert sorted(path.name for path in gone) == names[:3]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*names[3:], "backdesk-of-the-year.tar", "thesis.tar"}


def test_a_backup_into_a_directory_is_named_after_the_time(nightly: tuple[Path, Done]) -> None:
    directory, done = nightly
    assert (done.code, "Removed" in done.said) == (0, True)
    (kept,) = directory.iterdir()
    assert re.fullmatch(r"backdesk-\d{8}T\d{6}Z\.tar", kept.name)


# -- The doctor, as a command --------------------------------------------------------------------------------


def test_the_doctor_answers_machines_and_ends_with_one_where_something_is_broken(saved: Saved) -> None:
    (saved.var / "secret-key").chmod(0o644)
    try:
        done = backdesk("doctor", "--json", var=saved.var)
    finally:
        (saved.var / "secret-key").chmod(0o600)
    found = {one["check"]: one for one in json.loads(done.said)}
    assert done.code == 1
    assert found["durable"]["state"] == found["role"]["state"] == "ok"
    (broken,) = (one for one in found.values() if one["state"] == "broken")
    assert f"chmod go= {saved.var / 'secret-key'}" in broken["remedy"]


def test_settings_with_which_nothing_can_start_are_said_plainly(saved: Saved, tmp_path: Path) -> None:
    done = backdesk("doctor", var=tmp_path / "var", BACKDESK_LOG_LEVEL="loud")
    assert (done.code, "BACKDESK_LOG_LEVEL is 'loud'" in done.said) == (1, True)
    assert "Traceback" not in done.said


def test_a_backup_of_an_earlier_version_is_brought_forward(saved: Saved, another: Path) -> None:
    earlier, var = another.parent / "earlier.tar", another.parent / "l"
    assert backdesk("manage", "migrate", "planning", "0003", var=another).code == 0
    assert backdesk("backup", earlier, var=another).code == 0
    done = backdesk("restore", earlier, var=var)
    assert (done.code, "Brought forward by" in done.said) == (0, True)
    assert tables(var)["planning_workhistory"] == tables(saved.var)["planning_workhistory"]
