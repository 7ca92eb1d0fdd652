"""What hangs on a version, a queue or an item is between the same two companies as that, like the rest of 0016; and
what was paused before 0013 is held back from its queue like what is paused since.

A service that goes on while the clock stands (`while_paused`) can say so since 0013 only, so versions from before it
hold back. It is a deed like any other: an event, from which the row follows, and its entry in the trail.
"""

from importlib import import_module

from django.db import migrations

engaged = import_module("backdesk.work.migrations.0016_of_one_engagement")
_unique, _follows = engaged._unique, engaged._follows

CONSTRAINTS = (
    _unique("work_serviceversion"),
    _unique("work_route"),
    _follows("work_servicesource", "work_serviceversion", "version_id"),
    _follows("work_queuecount", "work_route", "route_id"),
    # A document follows its service already; from when it is of an item, that as well.
    _follows("work_document", "work_item", "item_id").replace("the_same", "the_same_item"),
)
HOLD_BACK = """
SELECT set_config('backdesk.scope', 'system', true);
SELECT work_record(json_build_array(json_build_object(
    'item', item.id, 'sequence', item.sequence, 'kind', 'step held back', 'data',
    '{"steps":[' || string_agg('{"id":' || step.id || ',"is_held_back":true}', ',' ORDER BY step.id) || ']}'
)), NULL, NULL, 'job', '', now())
FROM work_item AS item JOIN work_step AS step ON step.item_id = item.id
    JOIN work_serviceversion AS version ON version.id = item.version_id
WHERE item.state = 'open' AND item.is_paused AND step.state IN ('open', 'taken', 'waiting') AND NOT step.is_held_back
    AND version.published_at < (
        SELECT applied FROM django_migrations WHERE app = 'work' AND name = '0013_held_back')
GROUP BY item.id;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0018_known_so_far")]
    operations = [
        *(migrations.RunSQL(one, migrations.RunSQL.noop) for one in CONSTRAINTS),
        migrations.RunSQL(HOLD_BACK, migrations.RunSQL.noop),
    ]
