"""An entry and the end of its chain are written by one statement, and one row is given back, not a set of them: the
functions that write deeds can then ask for it in an expression, which costs no statement of its own."""

from importlib import import_module

from django.db import migrations

_ARGUMENTS = """
    _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz, _verb text,
    _kind text, _subject text, _nonce bytea, _digests jsonb, _fields jsonb, _content bytea
"""
_BEFORE = import_module("backdesk.platform.migrations.0007_audit_append_as_owner").APPEND
DROP = "DROP FUNCTION platform_audit_append;"
APPEND = f"""
CREATE FUNCTION platform_audit_append({_ARGUMENTS.rstrip()},
    OUT id bigint, OUT sequence bigint, OUT previous bytea, OUT hash bytea
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    _id CONSTANT bigint := nextval('platform_auditentry_id_seq');
    _start CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF current_setting('backdesk.scope', true) = 'member'
        AND _person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint THEN
        RAISE EXCEPTION 'An audit entry is written in the name of who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH link AS (
        INSERT INTO platform_auditchain AS chain (subject_kind, subject_id, sequence, previous, hash)
        VALUES (_kind, _subject, 1, _start, sha256('\\x00'::bytea || _start || int8send(1) || _content))
        ON CONFLICT (subject_kind, subject_id) DO UPDATE SET
            sequence = chain.sequence + 1,
            previous = chain.hash,
            hash = sha256('\\x00'::bytea || chain.hash || int8send(chain.sequence + 1) || _content)
        RETURNING chain.sequence, chain.previous, chain.hash
    ), entry AS (
        INSERT INTO platform_auditentry (id, organisation_id, person_id, interface, request_id, at, verb,
            subject_kind, subject_id, digests, nonce, sequence, previous, hash)
        SELECT _id, _organisation, _person, _interface, _request, _at, _verb,
            _kind, _subject, _digests, _nonce, link.sequence, link.previous, link.hash FROM link
    ), waiting AS (
        INSERT INTO platform_auditpending (entry_id) VALUES (_id)
    ), told AS (
        INSERT INTO platform_auditvalues (entry_id, organisation_id, fields) VALUES (_id, _organisation, _fields)
    )
    SELECT _id, link.sequence, link.previous, link.hash INTO id, sequence, previous, hash FROM link;
END $$;
"""  # noqa: S608  our own words


class Migration(migrations.Migration):
    dependencies = [("platform", "0011_count_request")]
    operations = [migrations.RunSQL(DROP + APPEND, DROP + _BEFORE)]
