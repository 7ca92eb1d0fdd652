"""Appending goes by the owner's own policies (`by_owner` of the declarations) and leaves the scope of who writes alone.

The plans of its statements then hold no subqueries of the policies; the entry, its values and its place in the
queue are one statement; and an error within cannot leave a wider scope behind. `RETURNING` would ask for the policy
of reading, so the number is taken beforehand.
"""

from django.db import migrations

APPEND = """
CREATE OR REPLACE FUNCTION platform_audit_append(
    _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz, _verb text,
    _kind text, _subject text, _nonce bytea, _digests jsonb, _fields jsonb, _content bytea
) RETURNS TABLE (id bigint, sequence bigint, previous bytea, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    _id bigint; _sequence bigint; _previous bytea; _hash bytea;
    _start CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF current_setting('backdesk.scope', true) = 'member'
        AND _person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint THEN
        RAISE EXCEPTION 'An audit entry is written in the name of who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO platform_auditchain AS chain (subject_kind, subject_id, sequence, previous, hash)
    VALUES (_kind, _subject, 1, _start, sha256('\\x00'::bytea || _start || int8send(1) || _content))
    ON CONFLICT (subject_kind, subject_id) DO UPDATE SET
        sequence = chain.sequence + 1,
        previous = chain.hash,
        hash = sha256('\\x00'::bytea || chain.hash || int8send(chain.sequence + 1) || _content)
    RETURNING chain.sequence, chain.previous, chain.hash INTO _sequence, _previous, _hash;
    _id := nextval('platform_auditentry_id_seq');
    WITH entry AS (
        INSERT INTO platform_auditentry (id, organisation_id, person_id, interface, request_id, at, verb,
            subject_kind, subject_id, digests, nonce, sequence, previous, hash)
        VALUES (_id, _organisation, _person, _interface, _request, _at, _verb,
            _kind, _subject, _digests, _nonce, _sequence, _previous, _hash)
    ), waiting AS (INSERT INTO platform_auditpending (entry_id) VALUES (_id))
    INSERT INTO platform_auditvalues (entry_id, organisation_id, fields) VALUES (_id, _organisation, _fields);
    RETURN QUERY VALUES (_id, _sequence, _previous, _hash);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0006_audit_erase_in_scope")]
    operations = [migrations.RunSQL(APPEND, migrations.RunSQL.noop)]
