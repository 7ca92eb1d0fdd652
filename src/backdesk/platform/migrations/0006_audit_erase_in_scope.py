"""Erasing reaches as far as the scope it is asked in, like every other statement: row-level security holds within."""

from django.db import migrations

ERASE = """
CREATE OR REPLACE FUNCTION platform_audit_erase(_kind text, _subject text, _names text[], _spared text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _count bigint;
BEGIN
    PERFORM set_config('backdesk.erasing', 'yes', true);
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
    PERFORM set_config('backdesk.erasing', '', true);
    RETURN _count;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0005_requests")]
    operations = [migrations.RunSQL(ERASE, migrations.RunSQL.noop)]
