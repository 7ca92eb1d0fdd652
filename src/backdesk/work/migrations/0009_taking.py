"""Who takes work is told the next step in fewer statements; who keys one copy is kept from the other from then on.

The first of each queue is looked at, and of the best queue the first few, so that others in a hurry for the same do not
meet. The first of these that nobody else has in hand is locked together with its item, or passed by: who takes work
waits for nobody.
"""

from django.db import migrations

_FITS = """step.state = 'open' AND NOT step.avoid @> to_jsonb(_person)
                AND (step.prefer_id IS NULL OR step.prefer_id = _person OR step.prefer_until <= _at)"""
_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# Plans do not depend on who asks, so they are made once: `force_generic_plan`.
TAKE = f"""
CREATE OR REPLACE FUNCTION work_take_next(
    _person bigint, _organisation bigint, _routes bigint[], _interface text, _request text, _at timestamptz
) RETURNS SETOF work_step LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    _near bigint[]; _id bigint; _step work_step; _sequence integer; _others text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('work of ' || _person || ' at ' || _organisation, 0));
    FOR _try IN 1..3 LOOP
        WITH held AS MATERIALIZED (
            SELECT step.service_id, count(*) AS steps FROM work_step AS step
            WHERE step.holder_id = _person AND step.state = 'taken' AND step.organisation_id = _organisation
            GROUP BY step.service_id
        ), head AS MATERIALIZED (
            SELECT route.id AS route, first.id, first.priority, first.due_at
            FROM work_entitlement AS entitled JOIN work_route AS route ON route.id = entitled.route_id
            CROSS JOIN LATERAL (
                SELECT step.id, step.priority, step.due_at FROM work_step AS step
                WHERE step.route_id = route.id AND {_FITS}
                ORDER BY step.priority, step.due_at, step.id LIMIT 1) AS first
            WHERE entitled.person_id = _person AND entitled.organisation_id = _organisation
                AND route.organisation_id = _organisation AND route.mode <> 'push'
                AND (_routes IS NULL OR route.id = ANY (_routes))
                AND route.at_once > coalesce((SELECT held.steps FROM held WHERE held.service_id = route.service_id), 0)
        ), near AS (
            SELECT head.id, head.priority, head.due_at FROM head
            UNION
            SELECT next.*
            FROM (SELECT head.route FROM head ORDER BY head.priority, head.due_at, head.id LIMIT 1) AS best
            CROSS JOIN LATERAL (
                SELECT step.id, step.priority, step.due_at FROM work_step AS step
                WHERE step.route_id = best.route AND {_FITS}
                ORDER BY step.priority, step.due_at, step.id LIMIT 16) AS next
        )
        SELECT array_agg(near.id ORDER BY near.priority, near.due_at, near.id) INTO _near FROM near;
        IF _near IS NULL THEN RETURN; END IF;
        FOREACH _id IN ARRAY _near LOOP
            PERFORM FROM work_step AS step JOIN work_item AS item ON item.id = step.item_id
            WHERE step.id = _id AND step.state = 'open' FOR UPDATE OF step, item SKIP LOCKED;
            EXIT WHEN FOUND;
        END LOOP;
        EXIT WHEN FOUND;
        _id := NULL; -- others have them all in hand: look at what is next, once they are through
    END LOOP;
    IF _id IS NULL THEN RETURN; END IF;
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


class Migration(migrations.Migration):
    dependencies = [("work", "0008_quality")]
    operations = [migrations.RunSQL(TAKE, migrations.RunSQL.noop)]
