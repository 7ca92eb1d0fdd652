"""Who takes work is told the next step and nobody else's, in the order of the queues also where others take it meanwhile.

The first of each queue is looked at, and of the best queue the first few, so that others in a hurry for the same do not
meet. The first of these that nobody else has in hand is locked together with its item, or passed by: who takes work
waits for nobody. Where others have in hand all that is known of a queue, what comes next in it may be before the rest:
then more of every queue is looked at.
"""

from importlib import import_module

from django.db import migrations

_FITS = """step.state = 'open' AND NOT step.is_held_back AND NOT step.avoid @> to_jsonb(_person)
                AND (step.prefer_id IS NULL OR step.prefer_id = _person OR step.prefer_until <= _at)"""
_ORDER = "{0}.priority, {0}.due_at, {0}.id"
_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _first(route: str, most: int) -> str:
    return f"""
            SELECT step.id, step.priority, step.due_at FROM work_step AS step
            WHERE step.route_id = {route} AND {_FITS}
            ORDER BY {_ORDER.format("step")} LIMIT {most}"""


def _known(route: str, most: int) -> str:
    """The first of a queue. Of its last one it is said that there may be more behind it."""
    return f"""
        SELECT first.*, row_number() OVER (ORDER BY {_ORDER.format("first")}) = {most} AS is_last
        FROM ({_first(route, most)}) AS first"""


_HEADS = f"""
    WITH held AS MATERIALIZED (
        SELECT step.service_id, count(*) AS steps FROM work_step AS step
        WHERE step.holder_id = _person AND step.state = 'taken' AND step.organisation_id = _organisation
        GROUP BY step.service_id
    ), head AS MATERIALIZED (
        SELECT route.id AS route, first.*
        FROM work_entitlement AS entitled JOIN work_route AS route ON route.id = entitled.route_id
        CROSS JOIN LATERAL ({_first("route.id", 1)}) AS first
        WHERE entitled.person_id = _person AND entitled.organisation_id = _organisation
            AND route.organisation_id = _organisation AND route.mode <> 'push'
            AND (_routes IS NULL OR route.id = ANY (_routes))
            AND route.at_once > coalesce((SELECT held.steps FROM held WHERE held.service_id = route.service_id), 0)
    )"""
_BEST = f"(SELECT head.route FROM head ORDER BY {_ORDER.format('head')} LIMIT 1)"
_INTO = f"""
    SELECT array_agg(near.id ORDER BY {_ORDER.format("near")}), array_agg(near.is_last ORDER BY {_ORDER.format("near")})
    INTO _near, _last FROM near;"""

# Plans do not depend on who asks, so they are made once: `force_generic_plan`.
TAKE = f"""
CREATE OR REPLACE FUNCTION work_take_next(
    _person bigint, _organisation bigint, _routes bigint[], _interface text, _request text, _at timestamptz
) RETURNS SETOF work_step LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    _near bigint[]; _last boolean[]; _id bigint; _is_ours boolean := false; _step work_step; _sequence integer;
    _others text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('work of ' || _person || ' at ' || _organisation, 0));
    FOR _try IN 1..2 LOOP
        IF _try = 1 THEN
            {_HEADS}, best AS {_BEST}, near AS (
                SELECT head.id, head.priority, head.due_at, true AS is_last FROM head
                WHERE head.route <> (SELECT best.route FROM best)
                UNION ALL
                SELECT next.* FROM best CROSS JOIN LATERAL ({_known("best.route", 16)}) AS next)
            {_INTO}
        ELSE
            {_HEADS}, near AS (
                SELECT next.* FROM head CROSS JOIN LATERAL ({_known("head.route", 256)}) AS next)
            {_INTO}
        END IF;
        FOR _place IN 1..coalesce(cardinality(_near), 0) LOOP
            _id := _near[_place];
            PERFORM FROM work_step AS step JOIN work_item AS item ON item.id = step.item_id
            WHERE step.id = _id AND {_FITS} FOR UPDATE OF step, item SKIP LOCKED;
            _is_ours := FOUND;
            EXIT WHEN _is_ours OR _last[_place];
        END LOOP;
        EXIT WHEN _is_ours OR _near IS NULL;
    END LOOP;
    IF NOT _is_ours THEN RETURN; END IF;
    UPDATE work_step AS step SET state = 'taken', holder_id = _person, taken_at = _at, claim = step.claim + 1,
        started_at = coalesce(step.started_at, _at), lease_until = _at + make_interval(mins => (
            SELECT route.lease_minutes FROM work_route AS route WHERE route.id = step.route_id))
    WHERE step.id = _id RETURNING step.* INTO _step;
    UPDATE work_item AS item SET sequence = item.sequence + 1 WHERE item.id = _step.item_id
        RETURNING item.sequence INTO _sequence;
    IF _step.kind = 'key' THEN
        WITH other AS (
            UPDATE work_step AS step SET avoid = step.avoid || to_jsonb(_person)
            WHERE step.item_id = _step.item_id AND step.node = _step.node AND step.id <> _id AND step.state = 'open'
            RETURNING step.id, step.avoid)
        SELECT string_agg('{{"avoid":' || replace(other.avoid::text, ' ', '') || ',"id":' || other.id || '}},', '')
        INTO _others FROM other;
    END IF;
    PERFORM work_tell(_step.item_id, _sequence, _step.client_id, _step.provider_id, NULL, 'step taken', _id,
        '{{"steps":[' || coalesce(_others, '') || '{{"claim":' || _step.claim || ',"holder_id":' || _person || ',"id":' || _id
            || ',"lease_until":"' || {_MOMENT.format("_step.lease_until")}
            || '","started_at":"' || {_MOMENT.format("_step.started_at")}
            || '","state":"taken","taken_at":"' || {_MOMENT.format("_at")} || '"}}]}}',
        _organisation, _person, _interface, _request, _at);
    RETURN NEXT _step;
END $$;
"""

RECORD = (
    import_module("backdesk.work.migrations.0003_recording")
    .RECORD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace('"avoid": [], ', '"avoid": [], "is_held_back": false, ')
    .replace("touch_seconds, result) = (", "touch_seconds, result, is_held_back) = (")
    .replace("new.touch_seconds, new.result\n", "new.touch_seconds, new.result, new.is_held_back\n")
)


class Migration(migrations.Migration):
    dependencies = [("work", "0013_held_back")]
    operations = [
        migrations.RunSQL(RECORD, migrations.RunSQL.noop),
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
    ]
