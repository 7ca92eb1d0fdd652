"""`backdesk audit`, on the tests' own database."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from backdesk.cli import starting
from backdesk.cli.audit import app
from backdesk.platform.audit.notes import SigningKey
from backdesk.platform.models import AuditCheckpoint
from tests.cast import Cast, assemble
from tests.platform.audit.trails import sealed, tamper, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(starting, "settings_and_database", nullcontext)
    monkeypatch.setenv("COLUMNS", "300")
    return assemble()


def audit(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_it_seals_verifies_and_tells_its_key(cast: Cast, tmp_path: Path) -> None:
    assert audit("seal").stdout == "Nothing waits to be sealed.\n"
    written(cast, 3)
    done = audit("seal")
    checkpoint = AuditCheckpoint.objects.get()
    assert f"Checkpoint {checkpoint.pk} seals 3 entries." in done.stdout
    assert checkpoint.note in done.stdout
    assert audit("key").stdout.strip() == checkpoint.verifier_key
    mine = tmp_path / "mine.txt"
    mine.write_text(checkpoint.note, encoding="utf-8")
    done = audit("verify", "--checkpoint", mine, "--public-key", checkpoint.verifier_key)
    assert done.exit_code == 0
    assert done.stdout == (
        "All holds: 3 entries on 1 objects, 3 of them sealed, 1 checkpoints, 1 kept outside. 0 values were erased.\n"
    )


def test_it_names_the_first_broken_entry_and_ends_with_1(cast: Cast) -> None:
    entries = written(cast, 3)
    sealed()
    for entry in entries[1:]:
        tamper("UPDATE platform_auditentry SET verb = 'name kept' WHERE id = %s", entry.pk)
    done = audit("verify")
    assert done.exit_code == 1
    first = done.stderr.splitlines()[1]
    assert done.stderr.startswith("Broken. The first of 2 findings:")
    assert first == (
        f"  parties.organisation {cast.client.pk}, sequence 2, entry {entries[1].pk}: "
        "its content was changed: the hash is of another"
    )


def test_a_key_is_trusted_alone_where_it_is_given(cast: Cast, tmp_path: Path) -> None:
    written(cast, 1)
    sealed()
    key = tmp_path / "key.txt"
    key.write_text(str(SigningKey.make("backdesk/stranger").verifier))
    done = audit("verify", "--public-key", key)
    assert done.exit_code == 1
    assert "not signed by a key that is known here" in done.stderr
    done = audit("verify", "--public-key", "no key")
    assert done.exit_code == 2
    assert "is no key to verify with" in done.stderr or "A key ends with" in done.stderr


def test_it_exports_what_proves_itself(cast: Cast, tmp_path: Path) -> None:
    target = tmp_path / "trail.zip"
    done = audit("export", target)
    assert (done.exit_code, target.exists()) == (2, False)
    assert "Nothing is sealed yet" in done.stderr
    written(cast, 3)
    sealed()
    done = audit("export", target, "--organisation", str(cast.client.pk), "--until", "2026-03-02T09:02:00")
    assert "holds 2 entries" in done.stdout, done.output
    zipfile.ZipFile(target).extractall(tmp_path / "unpacked")
    proven = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "unpacked" / "verify.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "All holds: 2 entries" in proven.stdout, proven.stderr
    assert "is there already" in audit("export", target).stderr
