"""The trail becomes provable: entries are chained by object, their values stand apart, and a tree seals them."""

import secrets
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from backdesk.platform.audit import canonical

APPEND = """
CREATE FUNCTION platform_audit_append(
    _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz, _verb text,
    _kind text, _subject text, _nonce bytea, _digests jsonb, _fields jsonb, _content bytea
) RETURNS TABLE (id bigint, sequence bigint, previous bytea, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    _scope text := current_setting('backdesk.scope', true);
    _id bigint; _sequence bigint; _previous bytea; _hash bytea;
    _start CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF _scope = 'member' AND _person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint THEN
        RAISE EXCEPTION 'An audit entry is written in the name of who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The chain of an object may hold entries of other organisations, which the scope of this one hides.
    PERFORM set_config('backdesk.scope', 'system', true);
    INSERT INTO platform_auditchain AS chain (subject_kind, subject_id, sequence, previous, hash)
    VALUES (_kind, _subject, 1, _start, sha256('\\x00'::bytea || _start || int8send(1) || _content))
    ON CONFLICT (subject_kind, subject_id) DO UPDATE SET
        sequence = chain.sequence + 1,
        previous = chain.hash,
        hash = sha256('\\x00'::bytea || chain.hash || int8send(chain.sequence + 1) || _content)
    RETURNING chain.sequence, chain.previous, chain.hash INTO _sequence, _previous, _hash;
    INSERT INTO platform_auditentry (organisation_id, person_id, interface, request_id, at, verb, subject_kind,
        subject_id, digests, nonce, sequence, previous, hash)
    VALUES (_organisation, _person, _interface, _request, _at, _verb, _kind, _subject, _digests, _nonce,
        _sequence, _previous, _hash)
    RETURNING id INTO _id;
    INSERT INTO platform_auditvalues (entry_id, organisation_id, fields) VALUES (_id, _organisation, _fields);
    INSERT INTO platform_auditpending (entry_id) VALUES (_id);
    PERFORM set_config('backdesk.scope', coalesce(_scope, ''), true);
    RETURN QUERY SELECT _id, _sequence, _previous, _hash;
END $$;
"""

SEAL = """
CREATE FUNCTION platform_audit_seal(_most integer) RETURNS TABLE (index bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    _scope text := current_setting('backdesk.scope', true);
    _first bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('backdesk: sealing the audit trail', 0));
    PERFORM set_config('backdesk.scope', 'system', true);
    SELECT coalesce(max(index) + 1, 0) INTO _first FROM platform_auditleaf;
    RETURN QUERY
        WITH waiting AS (SELECT entry_id FROM platform_auditpending ORDER BY entry_id LIMIT _most),
        gone AS (
            DELETE FROM platform_auditpending USING waiting
            WHERE platform_auditpending.entry_id = waiting.entry_id RETURNING waiting.entry_id
        ),
        made AS (
            INSERT INTO platform_auditleaf (index, entry_id, hash)
            SELECT _first + row_number() OVER (ORDER BY entry.id) - 1, entry.id, entry.hash
            FROM gone JOIN platform_auditentry AS entry ON entry.id = gone.entry_id
            RETURNING index, hash
        )
        SELECT made.index, made.hash FROM made ORDER BY made.index;
    PERFORM set_config('backdesk.scope', coalesce(_scope, ''), true);
END $$;
"""

# Takes values away and can do nothing else: what it leaves is as it was.
ERASE = """
CREATE FUNCTION platform_audit_erase(_kind text, _subject text, _names text[], _spared text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _scope text := current_setting('backdesk.scope', true);
    _count bigint;
BEGIN
    PERFORM set_config('backdesk.scope', 'system', true), set_config('backdesk.erasing', 'yes', true);
    UPDATE platform_auditvalues AS v SET fields = (
        SELECT jsonb_object_agg(side.key, CASE
            WHEN jsonb_typeof(side.value) <> 'object' THEN side.value
            WHEN _names IS NULL THEN '{}'::jsonb
            ELSE side.value - _names END)
        FROM jsonb_each(v.fields) AS side)
    FROM platform_auditentry AS entry
    WHERE entry.subject_kind = _kind AND entry.subject_id = _subject AND entry.verb <> _spared
        AND v.entry_id = entry.id AND EXISTS (
            SELECT FROM jsonb_each(v.fields) AS side, LATERAL jsonb_object_keys(
                CASE jsonb_typeof(side.value) WHEN 'object' THEN side.value ELSE '{}'::jsonb END) AS name
            WHERE _names IS NULL OR name = ANY (_names));
    GET DIAGNOSTICS _count = ROW_COUNT;
    PERFORM set_config('backdesk.scope', coalesce(_scope, ''), true), set_config('backdesk.erasing', '', true);
    RETURN _count;
END $$;
"""

GUARD = """
CREATE FUNCTION platform_audit_guard_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('backdesk.erasing', true) = 'yes' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'The audit trail is append-only: % refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON platform_auditvalues
    FOR EACH ROW EXECUTE FUNCTION platform_audit_guard_values();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON platform_auditvalues
    FOR EACH STATEMENT EXECUTE FUNCTION platform_audit_refuse();
""" + "".join(
    f"""
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION platform_audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION platform_audit_refuse();
"""
    for table in ("platform_auditleaf", "platform_auditnode", "platform_auditcheckpoint")
)


def chain_what_is_there(apps: Any, schema_editor: Any) -> None:
    """Entries from before are chained in the order of their ids, as if they had been written so."""
    entry_model, values_model = apps.get_model("platform", "AuditEntry"), apps.get_model("platform", "AuditValues")
    chain_model, pending_model = apps.get_model("platform", "AuditChain"), apps.get_model("platform", "AuditPending")
    heads: dict[tuple[str, str], Any] = {}
    for entry in entry_model.objects.order_by("id").iterator():
        fields = canonical.salted(entry.before, entry.after)
        subject = entry.subject_kind, entry.subject_id
        before = heads.get(subject)
        entry.nonce = secrets.token_bytes(16)
        entry.digests = canonical.digests_of(fields)
        entry.sequence = before.sequence + 1 if before else 1
        entry.previous = before.hash if before else canonical.START_OF_CHAIN
        columns = ("organisation_id", "person_id", "interface", "request_id", "at", "verb", *("subject_kind", "subject_id"))
        content = canonical.content_of(
            **{name: getattr(entry, name) for name in columns}, digests=entry.digests, nonce=entry.nonce
        )
        entry.hash = canonical.entry_hash(previous=entry.previous, sequence=entry.sequence, content=content)
        entry.save(update_fields=["nonce", "digests", "sequence", "previous", "hash"])
        values_model.objects.create(entry_id=entry.pk, organisation_id=entry.organisation_id, fields=fields)
        pending_model.objects.create(entry_id=entry.pk)
        heads[subject] = chain_model(
            subject_kind=entry.subject_kind, subject_id=entry.subject_id,
            sequence=entry.sequence, previous=entry.previous, hash=entry.hash,
        )
    chain_model.objects.bulk_create(heads.values(), batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("platform", "0003_notifications")]
    operations = [
        migrations.CreateModel(
            name="AuditValues",
            fields=[
                ("entry", models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name="disclosed", serialize=False, to="platform.auditentry")),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("fields", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("pk", models.CompositePrimaryKey("subject_kind", "subject_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("subject_kind", models.CharField(max_length=100)),
                ("subject_id", models.CharField(max_length=64)),
                ("sequence", models.BigIntegerField()),
                ("previous", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="AuditPending",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="AuditNode",
            fields=[
                ("pk", models.CompositePrimaryKey("level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("peaks", models.BinaryField()),
                ("note", models.TextField()),
                ("verifier_key", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField("auditentry", "digests", models.JSONField(null=True)),
        migrations.AddField("auditentry", "nonce", models.BinaryField(max_length=16, null=True)),
        migrations.AddField("auditentry", "sequence", models.BigIntegerField(null=True)),
        migrations.AddField("auditentry", "previous", models.BinaryField(max_length=32, null=True)),
        migrations.AddField("auditentry", "hash", models.BinaryField(max_length=32, null=True)),
        migrations.RunSQL("ALTER TABLE platform_auditentry DISABLE TRIGGER audit_no_change", migrations.RunSQL.noop),
        migrations.RunPython(chain_what_is_there),
        migrations.RunSQL("ALTER TABLE platform_auditentry ENABLE TRIGGER audit_no_change", migrations.RunSQL.noop),
        migrations.AlterField("auditentry", "digests", models.JSONField()),
        migrations.AlterField("auditentry", "nonce", models.BinaryField(max_length=16)),
        migrations.AlterField("auditentry", "sequence", models.BigIntegerField()),
        migrations.AlterField("auditentry", "previous", models.BinaryField(max_length=32)),
        migrations.AlterField("auditentry", "hash", models.BinaryField(max_length=32)),
        migrations.RemoveField("auditentry", "before"),
        migrations.RemoveField("auditentry", "after"),
        migrations.RemoveIndex("auditentry", "audit_by_subject"),
        migrations.AddConstraint(
            "auditentry",
            models.UniqueConstraint(fields=("subject_kind", "subject_id", "sequence"), name="audit_one_entry_a_place"),
        ),
        migrations.RunSQL(APPEND),
        migrations.RunSQL(SEAL),
        migrations.RunSQL(ERASE),
        migrations.RunSQL(GUARD),
    ]
