"""A backup is worth what comes back: a company is saved while it works, restored elsewhere, and compared."""

# ruff: noqa: F811  (fixtures are imported, and asked for by their names)

from __future__ import annotations

import hashlib
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backdesk.platform.operating.backup import (
    RestoreFailed,
    TargetTaken,
    archive,
    back_up,
    programs,
    restoring,
)
from tests.cli.companies import Done, FirstRun, backdesk, is_up, running, sign_in, start
from tests.platform.backups import Saved, plant_table, saved, tables  # noqa: F401
from tests.ports import free_port
from tests.waiting import until


@pytest.fixture(scope="module")
def cut_short(saved: Saved) -> tuple[Path, Done]:
    """Where a restore was killed, and what a start there said."""
    var = saved.home / "new"
    process = start("restore", saved.at_rest, var=var)
    until((var / "restoring" / "half").exists, "the restore to begin", pause=0.002)
    process.kill()
    process.communicate()
    return var, backdesk("run", "--port", free_port(), var=var)


@pytest.fixture(scope="module")
def restored(saved: Saved, cut_short: tuple[Path, Done]) -> tuple[Path, Done]:
    """The one at rest, by the restore after the killed one; no test changes it."""
    return cut_short[0], backdesk("restore", saved.at_rest, var=cut_short[0])


def contents(var: Path) -> dict[str, str]:
    """What lies in files and cannot be drawn anew."""
    kept = [*(var / "files").rglob("*"), *(var / "histories").rglob("*.parquet"), *(var / "keys").rglob("*")]
    kept += [var / "secret-key", var / "demonstration-sign-in.txt"]
    return {
        str(path.relative_to(var)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if path.is_file()
    }


def test_a_restore_that_was_killed_is_marked(cut_short: tuple[Path, Done]) -> None:
    refused = cut_short[1]
    assert (refused.code, "was cut short" in refused.said) == (2, True)


def test_every_row_of_every_table_comes_back(saved: Saved, restored: tuple[Path, Done]) -> None:
    var, done = restored
    assert done.code == 0, done.said
    before, after = tables(saved.var), tables(var)
    assert len(before) > 30
    assert not before["platform_auditentry"].startswith("0 ")
    assert after == before


def test_every_file_comes_back_closed_to_others(saved: Saved, restored: tuple[Path, Done]) -> None:
    var, _ = restored
    assert len(contents(saved.var)) >= 6
    assert contents(var) == contents(saved.var)
    assert [path for path in (var / "files").rglob("*") if path.stat().st_mode & 0o077] == []


def test_it_says_what_it_did_that_the_trail_holds_and_that_all_is_well(restored: tuple[Path, Done]) -> None:
    _, done = restored
    assert re.search(r"Restored .*at-rest.tar, made 20\d\d-.* rows in \d+ tables, \d+ files\.", done.said)
    assert re.search(r"The audit trail holds: [\d,]+ entries", done.said)
    assert re.search(r"ok +What is saved survives a power cut", done.said)
    assert "0 broken" in done.said


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(saved: Saved) -> None:
    assert saved.alive.stat().st_mode & 0o777 == 0o600
    with pytest.raises(TargetTaken, match="is there already"):
        back_up(saved.alive, now=datetime(2026, 11, 1, tzinfo=UTC))
    assert list(saved.home.glob(".*")) == [], "nothing half-made is left beside one"


def test_what_works_is_not_restored_over(first_run: FirstRun) -> None:
    assert first_run.restore_refused.code == 1
    assert "Stop Backdesk" in first_run.restore_refused.said


def test_what_is_there_goes_only_where_its_name_is_typed_and_one_signs_in_to_what_came(
    saved: Saved, restored: tuple[Path, Done], port: int
) -> None:
    home = saved.home / "full"
    var = home / "var"
    home.mkdir()
    subprocess.run(["cp", "-a", restored[0], var], check=True)
    plant_table(var, "of_before")
    refused = backdesk("restore", saved.at_rest, var=var)
    assert (refused.code, f"files in {var / 'files'}" in refused.said) == (1, True)
    assert backdesk("restore", saved.at_rest, "--replace", "another", var=var).code == 1
    (var / "files" / "of-before").write_text("goes with the database it belonged to")
    assert backdesk("restore", saved.alive, "--replace", "backdesk", var=var).code == 0
    assert not (var / "files" / "of-before").exists()
    assert not (var / "restoring").exists()
    with running(home, port) as run:
        until(lambda: is_up(run), "the restored company, saved while it worked")
        assert "demonstration" in sign_in(port, saved.printed)
    assert "of_before" not in tables(var)


def test_rows_that_did_not_come_back_are_told(saved: Saved, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = archive.checked(saved.at_rest)
    monkeypatch.setattr(programs, "load", lambda *given, **named: None)
    monkeypatch.setattr(restoring, "rows_of_tables", lambda: {**manifest.tables, "parties_person": 1})
    with pytest.raises(RestoreFailed, match="parties_person has 1 rows after the restore"):
        restoring._load(Path("dump"), manifest)
