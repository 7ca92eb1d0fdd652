"""First entries on objects that are new, many in one statement: each begins a chain, so nobody queues up at its end."""

from django.db import migrations

BEGIN = """
CREATE FUNCTION platform_audit_begin(
    _organisations bigint[], _person bigint, _interface text, _request text, _at timestamptz, _verb text,
    _kind text, _subjects text[], _nonces bytea[], _digests jsonb[], _fields jsonb[], _contents bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _start CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF current_setting('backdesk.scope', true) = 'member'
        AND _person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint THEN
        RAISE EXCEPTION 'An audit entry is written in the name of who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH given AS MATERIALIZED (
        SELECT nextval('platform_auditentry_id_seq') AS id, one.organisation, one.subject, one.nonce, one.digests,
            one.fields, sha256('\\x00'::bytea || _start || int8send(1) || one.content) AS hash
        FROM unnest(_organisations, _subjects, _nonces, _digests, _fields, _contents)
            AS one (organisation, subject, nonce, digests, fields, content)
    ), chain AS (
        INSERT INTO platform_auditchain (subject_kind, subject_id, sequence, previous, hash)
        SELECT _kind, subject, 1, _start, hash FROM given
    ), entry AS (
        INSERT INTO platform_auditentry (id, organisation_id, person_id, interface, request_id, at, verb,
            subject_kind, subject_id, digests, nonce, sequence, previous, hash)
        SELECT id, organisation, _person, _interface, _request, _at, _verb,
            _kind, subject, digests, nonce, 1, _start, hash FROM given
    ), waiting AS (INSERT INTO platform_auditpending (entry_id) SELECT id FROM given)
    INSERT INTO platform_auditvalues (entry_id, organisation_id, fields) SELECT id, organisation, fields FROM given;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0009_reachable_hours")]
    operations = [migrations.RunSQL(BEGIN, "DROP FUNCTION platform_audit_begin")]
