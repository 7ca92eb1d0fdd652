"""What is proven of the trail, and that whoever rewrites it is found out, be it the superuser of the database."""

from __future__ import annotations

import pytest

from backdesk.platform import audit
from backdesk.platform.audit import canonical
from backdesk.platform.audit.notes import Checkpoint, SigningKey
from backdesk.platform.audit.recording import content_of
from backdesk.platform.audit.verification import Outside
from backdesk.platform.isolation import as_system
from backdesk.platform.models import AuditEntry
from tests.cast import NOW, Cast, assemble
from tests.platform.audit.trails import kept, proven, says, sealed, superuser, tamper, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture
def entries(cast: Cast) -> list[AuditEntry]:
    """Three sealed entries on one object, one on another."""
    made = written(cast, 3)
    made.append(audit.record(actor=cast.agent, now=NOW, verb="asked", subject=cast.provider))
    sealed()
    return made


def test_a_trail_as_it_was_written_holds(entries: list[AuditEntry], cast: Cast) -> None:
    written(cast, 1)
    found = proven()
    assert found.holds, says(found)
    assert (found.entries, found.chains, found.leaves, found.checkpoints) == (5, 2, 4, 1)


def test_an_empty_trail_holds(cast: Cast) -> None:
    assert proven().holds


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "name kept"),
        ("person_id", 1_000_000),
        ("organisation_id", 1_000_000),
        ("interface", "cli"),
        ("request_id", "another"),
        ("at", "2020-01-01T00:00:00Z"),
        ("nonce", bytes(16)),
        ("digests", '{"before": null, "after": null}'),
    ],
)
def test_a_rewritten_column_is_found_and_its_entry_named(
    entries: list[AuditEntry], cast: Cast, column: str, value: object
) -> None:
    tamper(f"UPDATE platform_auditentry SET {column} = %s WHERE id = %s", value, entries[1].pk)
    first = says(proven())[0]
    assert first == (
        f"parties.organisation {cast.client.pk}, sequence 2, entry {entries[1].pk}: "
        "its content was changed: the hash is of another"
    )


def test_an_entry_moved_to_another_object_is_found(entries: list[AuditEntry]) -> None:
    tamper("UPDATE platform_auditentry SET subject_id = '0' WHERE id = %s", entries[0].pk)
    assert f"parties.organisation 0, sequence 1, entry {entries[0].pk}: its content" in says(proven())[0]


def test_a_rewritten_value_is_found(entries: list[AuditEntry]) -> None:
    tamper(
        """UPDATE platform_auditvalues SET fields = jsonb_set(fields, '{after,name,1}', '"\\"Other\\""')"""
        " WHERE entry_id = %s",
        entries[1].pk,
    )
    (only,) = says(proven())
    assert f"entry {entries[1].pk}: the value of name (after) was changed" in only


def test_values_that_vanish_unsaid_are_found(entries: list[AuditEntry]) -> None:
    tamper("DELETE FROM platform_auditvalues WHERE entry_id = %s", entries[1].pk)
    (only,) = says(proven())
    assert f"entry {entries[1].pk}: values are gone, and no entry says that they were erased" in only


def test_a_missing_entry_is_found_by_the_next_of_its_chain(entries: list[AuditEntry]) -> None:
    tamper("DELETE FROM platform_auditentry WHERE id = %s", entries[1].pk)
    found = says(proven())
    assert f"entry {entries[1].pk}: the entry sealed as leaf 1 is missing" in found[0]
    assert f"sequence 3, entry {entries[2].pk}: 1 entries before it are missing" in found[1]


def test_the_missing_last_entry_of_a_chain_is_found(entries: list[AuditEntry]) -> None:
    tamper("DELETE FROM platform_auditentry WHERE id = %s", entries[2].pk)
    assert "the entry sealed as leaf 2 is missing" in says(proven())[0]


def test_the_missing_last_entry_is_found_before_it_was_sealed(cast: Cast) -> None:
    last = written(cast, 2)[-1]
    tamper("DELETE FROM platform_auditentry WHERE id = %s", last.pk)
    assert "sequence 2: the last entry of the chain is missing" in says(proven())[0]


def test_an_entry_kept_from_being_sealed_is_found(cast: Cast) -> None:
    (entry,) = written(cast, 1)
    tamper("DELETE FROM platform_auditpending WHERE entry_id = %s", entry.pk)
    assert f"entry {entry.pk}: it is neither sealed nor waiting to be" in says(proven())[0]


def rewrite(entry: AuditEntry, *, verb: str) -> None:
    """Change an entry as one would who knows the format: with its hash, and the chain after it."""
    with as_system("reading"):
        chain = list(
            AuditEntry.objects.filter(
                subject_kind=entry.subject_kind, subject_id=entry.subject_id, sequence__gte=entry.sequence
            ).order_by("sequence")
        )
    previous = bytes(chain[0].previous)
    with superuser() as cursor:
        for one in chain:
            one.verb = verb if one.pk == entry.pk else one.verb
            hash_ = canonical.entry_hash(previous=previous, sequence=one.sequence, content=content_of(one))
            cursor.execute(
                "UPDATE platform_auditentry SET verb = %s, previous = %s, hash = %s WHERE id = %s",
                [one.verb, previous, hash_, one.pk],
            )
            previous = hash_
        cursor.execute(
            "UPDATE platform_auditchain SET hash = %s WHERE subject_kind = %s AND subject_id = %s",
            [previous, entry.subject_kind, entry.subject_id],
        )


def test_a_chain_written_anew_is_found_by_the_tree(entries: list[AuditEntry]) -> None:
    rewrite(entries[0], verb="name kept")
    found = says(proven())
    assert len(found) == 3, "the entry and the two after it"
    assert f"entry {entries[0].pk}: it is not what was sealed as leaf 0" in found[0]


def rebuild() -> None:
    """Throw the whole tree away and seal anew: what an operator can do who holds the key."""
    with superuser() as cursor:
        cursor.execute("INSERT INTO platform_auditpending SELECT entry_id FROM platform_auditleaf")
        cursor.execute("DELETE FROM platform_auditleaf")
        cursor.execute("DELETE FROM platform_auditnode")
        cursor.execute("DELETE FROM platform_auditcheckpoint")
    sealed()


def test_only_a_checkpoint_kept_outside_convicts_an_operator_who_rebuilds_everything(cast: Cast) -> None:
    entries = written(cast, 3)
    mine = kept(sealed())
    rewrite(entries[0], verb="name kept")
    rebuild()
    assert proven().holds, "all that is in the house agrees with itself again"
    (only,) = says(proven(mine))
    assert only.startswith("The checkpoint of a party is not consistent with the trail: among the first 3")


def test_entries_cut_off_behind_a_checkpoint_kept_outside_are_missed(cast: Cast) -> None:
    entries = written(cast, 3)
    mine = kept(sealed())
    with superuser() as cursor:
        cursor.execute("DELETE FROM platform_auditentry WHERE id = %s", [entries[2].pk])
        cursor.execute("DELETE FROM platform_auditleaf WHERE entry_id = %s", [entries[2].pk])
        cursor.execute("UPDATE platform_auditchain SET sequence = 2, hash = %s", [bytes(entries[1].hash)])
    rebuild()
    assert proven().holds
    assert says(proven(mine)) == [
        "The checkpoint of a party sealed 3 entries, but there are 2: the rest is missing."
    ]


def test_checkpoints_kept_outside_are_consistent_with_what_came_later(cast: Cast) -> None:
    written(cast, 3)
    first = kept(sealed())
    written(cast, 4)
    second = kept(sealed())
    written(cast, 2)
    sealed()
    found = proven(first, second)
    assert found.holds, says(found)
    assert found.outside == 2


def test_a_checkpoint_signed_by_somebody_else_proves_nothing(entries: list[AuditEntry]) -> None:
    stranger = SigningKey.make("backdesk/stranger")
    note = stranger.sign(Checkpoint(origin="backdesk/stranger", size=4, root=bytes(32)))
    found = says(proven(Outside(name="of a party", note=note)))
    assert found == [
        "The checkpoint of a party does not hold: The checkpoint is not signed by a key that is known here."
    ]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("root = decode(repeat('00', 32), 'hex')", "is kept with another size or root than it signs"),
        ("note = replace(note, E'\\n4\\n', E'\\n5\\n')", "does not hold: The checkpoint is not signed"),
        ("note = 'nothing'", "does not hold: A checkpoint has a blank line"),
    ],
)
def test_a_changed_checkpoint_is_found(entries: list[AuditEntry], change: str, word: str) -> None:
    tamper(f"UPDATE platform_auditcheckpoint SET {change}")
    assert word in says(proven())[0]


def test_a_missing_checkpoint_at_the_end_is_found(entries: list[AuditEntry], cast: Cast) -> None:
    written(cast, 1)
    tamper("DELETE FROM platform_auditcheckpoint WHERE id = %s", sealed().pk)
    assert says(proven()) == ["The last checkpoint is of 4 entries, but the tree has 5."]


def test_a_changed_leaf_and_a_missing_one_are_found(entries: list[AuditEntry]) -> None:
    tamper("UPDATE platform_auditleaf SET hash = decode(repeat('00', 32), 'hex') WHERE index = 2")
    assert f"entry {entries[2].pk}: it is not what was sealed as leaf 2" in says(proven())[0]
    tamper("DELETE FROM platform_auditleaf WHERE index = 1")
    assert "Leaves 1 to 1 of the tree are missing." in says(proven())


def test_a_changed_node_of_a_large_tree_is_found(cast: Cast) -> None:
    audit.record_many(
        actor=cast.lead, now=NOW, verb="counted", changes=[audit.Change(subject=cast.client)] * 600
    )
    sealed()
    found = proven()
    assert (found.holds, found.leaves) == (True, 600), says(found)
    tamper("UPDATE platform_auditnode SET hash = decode(repeat('00', 32), 'hex') WHERE index = 1")
    assert says(proven()) == ["The stored node 1 of level 8 is wrong."]
