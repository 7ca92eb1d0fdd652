"""Requests are counted by a function, so that what knows a token counts for it in the same message; and without indexes
but the one by name, so that counting one more changes no index at all: there is room for it on the page.
"""

from django.db import migrations, models

COUNT = """
CREATE FUNCTION platform_count_request(
    _name text, _now timestamptz, _step interval, _window interval, OUT full_at timestamptz, OUT is_over boolean
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO platform_requestallowance AS kept (name, full_at, is_over)
    VALUES (_name, _now + _step, false)
    ON CONFLICT (name) DO UPDATE SET
        is_over = greatest(kept.full_at, _now) + _step > _now + _window,
        full_at = CASE WHEN greatest(kept.full_at, _now) + _step > _now + _window THEN kept.full_at
            ELSE greatest(kept.full_at, _now) + _step END
    RETURNING kept.full_at, kept.is_over INTO full_at, is_over;
END $$;
"""
ROOM = """
DROP INDEX platform_requestallowance_name_6e191674_like;
ALTER TABLE platform_requestallowance SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0010_audit_begin")]
    operations = [
        migrations.AlterField("requestallowance", "full_at", models.DateTimeField()),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, "DROP FUNCTION platform_count_request"),
    ]
