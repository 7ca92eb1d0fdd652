"""An export proves itself: its own script, alone, in a process of its own, finds whatever was changed in it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backdesk.platform import audit
from backdesk.platform.audit import exporting
from backdesk.platform.audit.notes import Checkpoint, SigningKey
from backdesk.platform.audit.policies import NotForThisRole
from backdesk.platform.audit.standalone import verify as script
from backdesk.platform.models import AuditCheckpoint, AuditEntry
from tests.cast import NOW, Cast
from tests.platform.audit.trails import sealed, written

pytestmark = pytest.mark.django_db
Line = dict[str, Any]


def exported(cast: Cast, place: Path, **selection: str) -> Path:
    """What the lead exports, unpacked."""
    target = io.BytesIO()
    entries = AuditEntry.objects.visible_to(cast.lead)
    exporting.export(actor=cast.lead, now=NOW, target=target, entries=entries, selection=selection)
    zipfile.ZipFile(target).extractall(place)
    return place


def run(place: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Isolated: no site-packages of ours, no environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(place / "verify.py"), str(place), *options],
        capture_output=True,
        text=True,
        check=False,
        env={},
        cwd="/",
    )


@pytest.fixture
def export(cast: Cast, tmp_path: Path) -> Path:
    """Three entries on one object, two on another, in turns, one with an erased value."""
    written(cast, 1)
    audit.record(actor=cast.lead, now=NOW, verb="asked", subject=cast.provider, after={"text": "ä – ?"})
    written(cast, 1)
    audit.record(actor=cast.lead, now=NOW, verb="asked", subject=cast.provider)
    sealed()
    written(cast, 1)
    return exported(cast, tmp_path / "export")


def test_an_export_proves_itself_without_anything_of_ours(export: Path) -> None:
    assert sorted(path.name for path in export.iterdir()) == [
        "README.txt",
        "checkpoint.txt",
        "consistency.jsonl",
        "entries.jsonl",
        "manifest.json",
        "public-key.txt",
        "verify.py",
    ]
    done = run(export)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All holds: 5 entries on 2 objects, sealed among 5.\n")


def test_it_can_stay_packed(cast: Cast, tmp_path: Path) -> None:
    written(cast, 2)
    export = exported(cast, tmp_path / "export")
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        for path in export.iterdir():
            packed.write(path, path.name)
    place = str(tmp_path / "export.zip")
    done = subprocess.run([sys.executable, "-I", str(export / "verify.py"), place], check=False)
    assert done.returncode == 0


def test_a_key_of_ones_own_is_trusted_and_no_other(export: Path, tmp_path: Path) -> None:
    key = tmp_path / "my-key.txt"
    key.write_text((export / "public-key.txt").read_text())
    assert run(export, "--public-key", str(key)).returncode == 0
    stranger = str(SigningKey.make("backdesk/stranger").verifier)
    done = run(export, "--public-key", stranger)
    assert done.returncode == 1
    assert done.stderr == "BROKEN: the export's checkpoint is not signed by backdesk/stranger.\n"


def test_it_goes_on_from_a_checkpoint_kept_before(export: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text(AuditCheckpoint.objects.get(size=4).note)
    done = run(export, "--checkpoint", str(mine))
    assert "Consistent with 1 checkpoints kept outside." in done.stdout, done.stderr


def test_it_does_not_go_on_from_one_of_another_history(export: Path, tmp_path: Path) -> None:
    from backdesk.platform.audit.keys import sealing_key

    key, mine = sealing_key(), tmp_path / "mine.txt"
    mine.write_text(key.sign(Checkpoint(origin=key.name, size=4, root=bytes(32))))
    done = run(export, "--checkpoint", str(mine))
    assert done.stderr == "BROKEN: mine.txt is not consistent: what it sealed was changed since.\n"
    mine.write_text(key.sign(Checkpoint(origin=key.name, size=3, root=bytes(32))))
    assert "there is no proof for mine.txt (3 entries)" in run(export, "--checkpoint", str(mine)).stderr
    mine.write_text(key.sign(Checkpoint(origin=key.name, size=9, root=bytes(32))))
    assert "mine.txt is of 9 entries, the export's checkpoint of 5 only" in run(
        export, "--checkpoint", str(mine)
    ).stderr  # fmt: skip


def rewrite(export: Path, change: Callable[[list[Line]], None]) -> None:
    """Change lines, and the manifest so that it fits them: what a careful forger would do."""
    import hashlib

    lines = [json.loads(text) for text in (export / "entries.jsonl").read_text().splitlines()]
    change(lines)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (export / "entries.jsonl").write_text(text)
    manifest = json.loads((export / "manifest.json").read_text())
    manifest |= {"entries": len(lines), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    (export / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation", 0),
        ("person", None),
        ("interface", "cli"),
        ("request", "another"),
        ("at", "2020-01-01T00:00:00.000000Z"),
        ("verb", "another"),
        ("kind", "parties.person"),
        ("subject", "0"),
        ("nonce", "00" * 16),
        ("digests", {"before": None, "after": None}),
        ("v", 2),
        ("more", "than was written"),
    ],
)
def test_every_changed_field_is_found(export: Path, field: str, value: object) -> None:
    def change(lines: list[Line]) -> None:
        lines[2]["content"][field] = value
        if field == "digests":
            lines[2]["values"] = {"before": {}, "after": {}}

    rewrite(export, change)
    done = run(export)
    assert done.returncode == 1
    assert "it is not what was sealed: something of it was changed" in done.stderr


def change_value(lines: list[Line]) -> None:
    lines[2]["values"]["after"]["name"][1] = '"Other"'


def add_value(lines: list[Line]) -> None:
    lines[2]["values"]["after"]["more"] = ["00" * 16, '"Other"']


def change_sequence(lines: list[Line]) -> None:
    lines[2]["sequence"] = 3


def change_previous(lines: list[Line]) -> None:
    lines[2]["previous"] = "00" * 32


def change_index(lines: list[Line]) -> None:
    lines[2]["index"] = 3


def go_beyond_the_tree(lines: list[Line]) -> None:
    lines[2]["index"] = 5


def shorten_proof(lines: list[Line]) -> None:
    lines[2]["proof"].pop()


def lengthen_proof(lines: list[Line]) -> None:
    lines[2]["proof"].append("00" * 32)


def change_proof(lines: list[Line]) -> None:
    lines[2]["proof"][0] = "00" * 32


def remove_one(lines: list[Line]) -> None:
    del lines[2]


def remove_the_first(lines: list[Line]) -> None:
    del lines[0]


def reorder(lines: list[Line]) -> None:
    lines[0], lines[2] = lines[2], lines[0]


def repeat(lines: list[Line]) -> None:
    lines.insert(3, lines[2])


def bring_nonsense(lines: list[Line]) -> None:
    lines[2] = {"content": []}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (change_value, "the value name (after) is not the recorded one"),
        (add_value, "the value more (after) was never recorded"),
        (change_sequence, "it is not what was sealed"),
        (change_previous, "it is not what was sealed"),
        (change_index, "it is not what was sealed"),
        (go_beyond_the_tree, "its place is none of the tree's"),
        (shorten_proof, "its proof is too short"),
        (lengthen_proof, "it is not what was sealed"),
        (change_proof, "it is not what was sealed"),
        (remove_one, "before it the entry of sequence 2 is missing"),
        (remove_the_first, "before it the entry of sequence 1 is missing"),
        (reorder, "before it the entry of sequence 1 is missing"),
        (repeat, "out of order, or twice"),
        (bring_nonsense, "line 3: it is not as an entry is written"),
    ],
)
def test_whatever_else_is_changed_is_found(
    export: Path, change: Callable[[list[Line]], None], word: str
) -> None:
    rewrite(export, lambda lines: None)
    assert run(export).returncode == 0, "written anew without a change it still holds"
    rewrite(export, change)
    done = run(export)
    assert done.returncode == 1
    assert word in done.stderr


def test_the_broken_entry_is_named(export: Path) -> None:
    entry = AuditEntry.objects.order_by("id")[2]
    rewrite(export, change_value)
    assert run(export).stderr.startswith(
        f"BROKEN: entry {entry.pk} (parties.organisation {entry.subject_id}, sequence 2): the value"
    )


def test_an_entry_of_another_backdesk_is_found(export: Path) -> None:
    def bring_another(lines: list[Line]) -> None:
        lines.append(lines[-1] | {"entry": 0, "sequence": lines[-1]["sequence"] + 1})

    rewrite(export, bring_another)
    assert "entry 0" in run(export).stderr


def test_a_file_cut_short_is_found(export: Path) -> None:
    file = export / "entries.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]))
    assert run(export).stderr == "BROKEN: entries.jsonl is not whole: 4 of 5 entries, or others.\n"
    file.write_text("".join(lines)[:-40])
    assert "line 5: it is not as an entry is written" in run(export).stderr
    file.unlink()
    assert run(export).stderr == "BROKEN: entries.jsonl is missing.\n"


def test_a_changed_checkpoint_is_found(export: Path) -> None:
    note = (export / "checkpoint.txt").read_text()
    (export / "checkpoint.txt").write_text(note.replace("\n5\n", "\n6\n"))
    assert "the export's checkpoint is not signed by" in run(export).stderr


def test_erased_values_are_counted_and_their_proofs_hold(cast: Cast, tmp_path: Path) -> None:
    written(cast, 2)
    audit.erase(actor=cast.lead, now=NOW, subject=cast.client, fields=["name"], reason="asked to")
    done = run(exported(cast, tmp_path / "export"))
    assert "4 values were erased; their digests are as recorded." in done.stdout, done.stderr


def test_entries_of_others_on_a_shared_object_are_counted_not_shown(cast: Cast, tmp_path: Path) -> None:
    audit.record(actor=cast.agent, now=NOW, verb="secret", subject=cast.client, after={"name": "Secret"})
    written(cast, 1)
    audit.record(actor=cast.agent, now=NOW, verb="secret", subject=cast.client)
    written(cast, 1)
    export = exported(cast, tmp_path / "export")
    done = run(export)
    assert "All holds: 2 entries on 1 objects, sealed among 4." in done.stdout, done.stderr
    assert "2 entries on the same objects belong to others" in done.stdout
    assert all(b"ecret" not in path.read_bytes() for path in export.iterdir())


def test_a_part_that_was_asked_for_says_how_much_is_outside_of_it(cast: Cast, tmp_path: Path) -> None:
    written(cast, 2)
    written(cast, 1, verb="zone changed")
    target = io.BytesIO()
    entries = AuditEntry.objects.visible_to(cast.lead).filter(verb="zone changed")
    exporting.export(
        actor=cast.lead, now=NOW, target=target, entries=entries, selection={"verb": "zone changed"}
    )
    zipfile.ZipFile(target).extractall(tmp_path)
    done = run(tmp_path)
    assert "All holds: 1 entries" in done.stdout, done.stderr
    assert "2 entries on the same objects are outside of what was asked for." in done.stdout


def test_an_export_says_so_in_the_trail(cast: Cast, tmp_path: Path) -> None:
    written(cast, 2)
    exported(cast, tmp_path)
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.after) == ("trail exported", {"entries": 2, "selection": {}})


def test_an_export_is_for_those_who_may_read_the_trail(cast: Cast) -> None:
    with pytest.raises(NotForThisRole):
        exporting.export(
            actor=cast.employee, now=NOW, target=io.BytesIO(), entries=AuditEntry.objects.all(), selection={}
        )


def test_more_than_a_page_exports_at_once_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 2)
    written(cast, 3)
    with pytest.raises(exporting.TooManyEntries, match="These are 3 entries; a page exports 2 at once"):
        exported(cast, Path("/nonexistent"))


def test_before_anything_is_sealed_there_is_nothing_to_prove(cast: Cast) -> None:
    nothing = exporting.Selection(entries=AuditEntry.objects.all(), whole=True, said={})
    with pytest.raises(exporting.NothingSealed, match="backdesk audit seal"):
        exporting.write(io.BytesIO(), selection=nothing, now=NOW)


# RFC 8032, section 7.1: secret key left out, public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
        "be24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
        "2aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
        "d28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_scripts_own_ed25519_is_that_of_the_rfc(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert script.is_signed(key, text, signed)
    assert not script.is_signed(key, text + b"!", signed)
    assert not script.is_signed(key, text, signed[:32] + bytes(32))
    assert not script.is_signed(key, text, signed[:-1] + bytes([signed[-1] ^ 0x80]))
    beyond = (int.from_bytes(signed[32:], "little") + script.L).to_bytes(32, "little")
    assert not script.is_signed(key, text, signed[:32] + beyond), "a scalar beyond the order is malleable"
    assert not script.is_signed(b"\xff" * 32, text, signed)
