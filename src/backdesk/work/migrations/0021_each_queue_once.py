"""Who takes work has each of their queues read once: its first few, where the head of each was looked at before it was
said of which to read on. Their own queues come first, then what is needed of each, not all the house has.

Where others have all that is known of a queue in hand, more of every queue is looked at, as since 0018.
"""

from importlib import import_module

from django.db import migrations

_before = import_module("backdesk.work.migrations.0018_known_so_far")
_FITS, _ORDER = _before._FITS, _before._ORDER
_IN_ORDER = _ORDER.format("near")

_KNOWN = f"""
        WITH held AS MATERIALIZED (
            SELECT step.service_id FROM work_step AS step
            WHERE step.holder_id = _person AND step.state = 'taken' AND step.organisation_id = _organisation
        ), near AS (
            SELECT first.* FROM work_entitlement AS entitled JOIN work_route AS route ON route.id = entitled.route_id
            CROSS JOIN LATERAL (
                SELECT open.*, row_number() OVER (ORDER BY {_ORDER.format("open")}) = _most AS is_last FROM (
                    SELECT step.id, step.priority, step.due_at FROM work_step AS step
                    WHERE step.route_id = route.id AND {_FITS}
                    ORDER BY {_ORDER.format("step")} LIMIT _most) AS open) AS first
            WHERE entitled.person_id = _person AND entitled.organisation_id = _organisation
                AND route.organisation_id = _organisation AND route.mode <> 'push'
                AND (_routes IS NULL OR route.id = ANY (_routes))
                AND route.at_once > (SELECT count(*) FROM held WHERE held.service_id = route.service_id)
        )
        SELECT array_agg(near.id ORDER BY {_IN_ORDER}), array_agg(near.is_last ORDER BY {_IN_ORDER})
        INTO _near, _last FROM near;
"""  # noqa: S608  our own words
_start, _, _rest = _before.TAKE.partition("    FOR _try IN 1..3 LOOP\n")
_, _, _end = _rest.partition("        FOR _place IN ")
TAKE = (
    f"{_start}    FOREACH _most IN ARRAY '{{4,32,256}}'::integer[] LOOP{_KNOWN}        FOR _place IN {_end}"
)


class Migration(migrations.Migration):
    dependencies = [("work", "0020_begun_together")]
    operations = [migrations.RunSQL(TAKE, migrations.RunSQL.noop)]
