"""Names kept before they had to be one line are made one (`platform.lines`): who has such a name could change nothing
of theirs any more, not even the password."""

from django.db import migrations

_BREAKS = r"[\u0009-\u000d\u0085\u2028\u2029]+"
_UNSEEN = r"[\u0001-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"


def in_one_line(table: str) -> str:
    """For the migrations of whoever has the table."""
    return f"""
SELECT set_config('backdesk.scope', 'system', true);
UPDATE {table} SET name = btrim(regexp_replace(regexp_replace(name, '{_BREAKS}', ' ', 'g'), '{_UNSEEN}', '', 'g'))
WHERE name ~ '{_UNSEEN}';
"""  # noqa: S608  our own words


class Migration(migrations.Migration):
    dependencies = [("parties", "0011_people_and_companies_stay")]
    operations = [migrations.RunSQL(in_one_line("parties_person"), migrations.RunSQL.noop)]
