"""Sealing: nothing is passed by, nothing twice, and every checkpoint is signed and goes on from the one before."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections, transaction

from backdesk.platform import audit
from backdesk.platform.actor import system
from backdesk.platform.audit import canonical, merkle, notes, proofs, sealing
from backdesk.platform.audit.keys import key_file, sealing_key
from backdesk.platform.audit.notes import (
    Checkpoint,
    KeyUnreadable,
    NoteUnreadable,
    NotSigned,
    SigningKey,
    VerifierKey,
)
from backdesk.platform.audit.sealing import TreeOutOfStep
from backdesk.platform.isolation import as_system
from backdesk.platform.models import AuditCheckpoint, AuditLeaf, AuditPending
from tests.cast import NOW, Cast, assemble
from tests.platform.audit.trails import proven, says, sealed, tamper, written
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db


def test_what_waits_is_sealed_and_proven_to_be_in_the_checkpoint(cast: Cast) -> None:
    entries = written(cast, 5)
    checkpoint = sealed()
    assert (checkpoint.size, AuditPending.objects.count()) == (5, 0)
    for index, entry in enumerate(entries):
        found = proofs.prove(entry)
        assert found.holds
        assert found.is_in_tree
        assert found.sealed is not None
        assert (found.sealed.index, found.sealed.checkpoint) == (index, checkpoint)


def test_an_entry_says_that_it_waits_until_it_is_sealed(cast: Cast) -> None:
    (entry,) = written(cast, 1)
    found = proofs.prove(entry)
    assert (found.holds, found.sealed) == (True, None)


def test_where_nothing_waits_there_is_no_new_checkpoint(cast: Cast) -> None:
    written(cast, 1)
    sealed()
    assert audit.seal(now=NOW) is None
    assert AuditCheckpoint.objects.count() == 1


def test_each_checkpoint_goes_on_from_every_one_before(cast: Cast) -> None:
    made = []
    for count in (1, 2, 3, 250, 7):
        many = [audit.Change(subject=cast.client)] * count
        audit.record_many(actor=cast.lead, now=NOW, verb="counted", changes=many)
        made.append(sealed())
    for first in made:
        for second in made[made.index(first) :]:
            merkle.check_consistency(
                first=first.size,
                first_root=bytes(first.root),
                second=second.size,
                second_root=bytes(second.root),
                proof=proofs.consistency(first=first, second=second),
            )


def test_the_tree_is_that_of_all_entries(cast: Cast) -> None:
    from tests.platform.audit import naive

    entries = written(cast, 11)
    data = [
        bytes(one.previous) + one.sequence.to_bytes(8, "big") + audit.recording.content_of(one)
        for one in entries
    ]
    assert bytes(sealed().root) == naive.tree_hash(data)


def test_more_than_is_sealed_at_once_is_sealed_in_turns(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_AT_ONCE", 4)
    written(cast, 10)
    assert sealed().size == 10
    assert list(AuditCheckpoint.objects.order_by("size").values_list("size", flat=True)) == [4, 8, 10]
    assert proven().holds


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_not_passed_by(transactional_db: None) -> None:
    """It took its number before one that is sealed already."""
    cast = assemble()
    began, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with as_system("a test"), transaction.atomic():
                audit.record(actor=system(name="slow"), now=NOW, verb="said", subject=cast.provider)
                began.set()
                assert go_on.wait(PATIENCE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(write_slowly)
        assert began.wait(PATIENCE)
        written(cast, 1)
        assert sealed().size == 1
        go_on.set()
        slow.result(PATIENCE)
    assert sealed().size == 2
    late, early = AuditLeaf.objects.order_by("entry_id")
    assert (late.index, early.index) == (1, 0)
    assert proven().holds, says(proven())


@pytest.mark.django_db(transaction=True)
def test_of_several_who_seal_at_once_each_entry_is_sealed_by_one(transactional_db: None) -> None:
    cast = assemble()

    def work(number: int) -> None:
        try:
            for _ in range(5):
                with as_system("a test"):
                    with transaction.atomic():
                        audit.record(actor=system(name="test"), now=NOW, verb="said", subject=cast.client)
                    audit.seal(now=NOW)
        finally:
            connections.close_all()

    sealing_key()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    found = proven()
    assert found.holds, says(found)
    assert (found.entries, found.leaves) == (20, 20)


@pytest.mark.django_db(transaction=True)
def test_a_tree_that_was_tampered_with_is_not_built_upon(transactional_db: None) -> None:
    cast = assemble()
    written(cast, 2)
    sealed()
    tamper("DELETE FROM platform_auditleaf WHERE index = 1")
    written(cast, 1)
    with pytest.raises(TreeOutOfStep, match="backdesk audit verify"):
        sealed()
    assert AuditPending.objects.count() == 1, "it still waits"


# -- Keys and notes ------------------------------------------------------------------------------------------


def test_the_key_is_made_once_for_our_eyes_alone(cast: Cast) -> None:
    first = sealing_key()
    assert sealing_key() == first
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700
    assert [path.name for path in key_file().parent.iterdir()] == ["sealing-key"]


def test_a_key_can_be_given(settings, var: Path) -> None:  # type: ignore[no-untyped-def]
    given = SigningKey.make("example.org/audit")
    settings.BACKDESK_SEALING_KEY = given.text
    assert sealing_key() == given
    assert not key_file().exists()


def test_of_many_who_make_the_first_key_all_use_the_same(var: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: sealing_key().text, range(8)))) == 1


KEY = SigningKey.make("example.org/audit")
NOTE = KEY.sign(Checkpoint(origin="example.org/audit", size=12, root=bytes(range(32))))


def test_a_checkpoint_is_written_as_other_programs_read_it() -> None:
    origin, size, root, blank, signature, end = NOTE.split("\n")
    assert (origin, size, blank, end) == ("example.org/audit", "12", "", "")
    assert root == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert signature.startswith("— example.org/audit ")


def test_a_published_key_and_note_are_read() -> None:
    """The example of the Go checksum database's note package, whose format it is."""
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    name, signed = notes._signature(f"— PeterNeumann {signature}")
    assert (name, signed[:4]) == (key.name, key.id)
    assert key.verify(signed[4:], text)
    assert not key.verify(signed[4:], text.upper())


@pytest.mark.parametrize(
    ("note", "error"),
    [
        (NOTE.replace("\n12\n", "\n13\n"), NotSigned),
        (NOTE.replace("— example.org/audit", "— example.org/other"), NotSigned),
        (NOTE.split("— ")[0], NotSigned),
        (NOTE.split("\n\n")[0], NoteUnreadable),
        (NOTE.replace("— example.org/audit ", "— example.org/audit !"), NotSigned),
        ("", NoteUnreadable),
    ],
)
def test_a_note_that_is_another_is_refused(note: str, error: type[Exception]) -> None:
    assert notes.read(NOTE, keys=(KEY.verifier,)).size == 12
    with pytest.raises(error):
        notes.read(note, keys=(KEY.verifier,))


def test_a_note_of_another_key_is_refused_by_whatever_name() -> None:
    with pytest.raises(NotSigned):
        notes.read(NOTE, keys=(SigningKey.make("example.org/audit").verifier,))


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000+AAAA", str(KEY.verifier)[:-4], KEY.text + "x"],
    ids=["nothing", "a name", "a key too short", "a key cut", "a key to sign with, and more"],
)
def test_a_key_that_is_none_is_said_to_be(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        VerifierKey.parse(text)
    with pytest.raises(KeyUnreadable):
        SigningKey.parse(text)


def test_keys_are_read_as_they_are_written() -> None:
    assert SigningKey.parse(KEY.text) == KEY
    assert VerifierKey.parse(str(KEY.verifier)) == KEY.verifier
    assert bytes(32) == canonical.START_OF_CHAIN
