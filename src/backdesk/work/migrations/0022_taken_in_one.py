"""Who takes work locks the item, is given the step and counts the deed in one statement; it passes by an item that
others have in hand, and a step that is not for them any more, all the same. Whoever changes a step has locked its item
first, so the item's lock is enough.

A deed is told in an expression, not by a statement of its own, and draws its random bytes once: four reads of the
kernel's took longer than all the hashes.
"""

from importlib import import_module

from django.db import migrations

_TELL_BEFORE = import_module("backdesk.work.migrations.0003_recording").TELL
_TAKE_BEFORE = import_module("backdesk.work.migrations.0021_each_queue_once").TAKE
DROP = "DROP FUNCTION work_tell;"
# Gives the number of the entry in the trail. Its content is canonical JSON, as `platform.audit.canonical` makes it.
TELL = """
CREATE FUNCTION work_tell(
    _item bigint, _sequence integer, _client bigint, _provider bigint, _internal bigint, _kind text, _step bigint,
    _data text, _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    _random CONSTANT bytea := sha512(uuid_send(gen_random_uuid()));
    _nonce CONSTANT bytea := substr(_random, 1, 16);
    _own CONSTANT bytea := substr(_random, 17, 16);
    _salt CONSTANT bytea := substr(_random, 33, 16);
    _salt_too CONSTANT bytea := substr(_random, 49, 16);
    _digest CONSTANT text := '"' || encode(sha256(_nonce || convert_to(_data, 'UTF8')), 'hex') || '"';
    _trail CONSTANT bigint := coalesce(_organisation, _client);
    _digests CONSTANT text := '{"after":{"event":"'
        || encode(sha256(_salt || convert_to(_sequence::text, 'UTF8')), 'hex') || '","sha256":"'
        || encode(sha256(_salt_too || convert_to(_digest, 'UTF8')), 'hex') || '"},"before":null}';
BEGIN
    INSERT INTO work_event (item_id, sequence, kind, at, client_id, provider_id, internal_to, organisation_id,
        person_id, step_id, data, nonce)
    VALUES (_item, _sequence, _kind, _at, _client, _provider, _internal, _organisation,
        _person, _step, _data::jsonb, _nonce);
    RETURN (platform_audit_append(
        _trail, _person, _interface, _request, _at, _kind, 'work.item', _item::text, _own, _digests::jsonb,
        ('{"after":{"event":["' || encode(_salt, 'hex') || '","' || _sequence || '"],"sha256":["'
            || encode(_salt_too, 'hex') || '",' || to_json(_digest) || ']},"before":null}')::jsonb,
        convert_to(
            '{"at":"' || to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","digests":' || _digests
            || ',"interface":' || to_json(_interface) || ',"kind":"work.item","nonce":"' || encode(_own, 'hex')
            || '","organisation":' || _trail || ',"person":' || coalesce(_person::text, 'null')
            || ',"request":' || to_json(_request) || ',"subject":"' || _item || '","v":1,"verb":' || to_json(_kind)
            || '}', 'UTF8'))).id;
END $$;
"""

_FITS = """step.state = 'open' AND NOT step.is_held_back AND NOT step.avoid @> to_jsonb(_person)
                    AND (step.prefer_id IS NULL OR step.prefer_id = _person OR step.prefer_until <= _at)"""
_MOMENT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# The first few of each queue are read, then more of each where others have in hand all that is known of one of them:
# what comes behind its last may be next, before anything of another queue.
# Plans do not depend on who asks, so they are made once: `force_generic_plan`.
TAKE = f"""
CREATE OR REPLACE FUNCTION work_take_next(
    _person bigint, _organisation bigint, _routes bigint[], _interface text, _request text, _at timestamptz
) RETURNS SETOF work_step LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    _most integer; _steps bigint[]; _items bigint[]; _queues bigint[]; _minutes integer[]; _taken record;
    _step work_step; _sequence integer; _others text; _entry bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('work of ' || _person || ' at ' || _organisation, 0));
    FOREACH _most IN ARRAY '{{4,32,256}}'::integer[] LOOP
        SELECT array_agg(near.id), array_agg(near.item_id), array_agg(near.queue), array_agg(near.minutes)
        INTO _steps, _items, _queues, _minutes
        FROM (
            SELECT first.id, first.item_id, route.id AS queue, route.lease_minutes AS minutes
            FROM work_entitlement AS entitled JOIN work_route AS route ON route.id = entitled.route_id
            CROSS JOIN LATERAL (
                SELECT step.id, step.item_id, step.priority, step.due_at FROM work_step AS step
                WHERE step.route_id = route.id AND {_FITS}
                ORDER BY step.priority, step.due_at, step.id LIMIT _most) AS first
            WHERE entitled.person_id = _person AND entitled.organisation_id = _organisation
                AND route.organisation_id = _organisation AND route.mode <> 'push'
                AND (_routes IS NULL OR route.id = ANY (_routes))
                AND route.at_once > coalesce(cardinality(array_positions((
                    SELECT array_agg(held.service_id) FROM work_step AS held
                    WHERE held.holder_id = _person AND held.state = 'taken' AND held.organisation_id = _organisation
                ), route.service_id)), 0)
            ORDER BY first.priority, first.due_at, first.id) AS near;
        IF _steps IS NULL THEN RETURN; END IF;
        FOR _place IN 1..cardinality(_steps) LOOP
            WITH ours AS MATERIALIZED (
                SELECT FROM work_item AS item WHERE item.id = _items[_place] FOR NO KEY UPDATE SKIP LOCKED
            ), step AS (
                UPDATE work_step AS step SET state = 'taken', holder_id = _person, taken_at = _at,
                    claim = step.claim + 1, started_at = coalesce(step.started_at, _at),
                    lease_until = _at + make_interval(mins => _minutes[_place])
                FROM ours WHERE step.id = _steps[_place] AND {_FITS}
                RETURNING step.item_id, step AS row
            )
            UPDATE work_item AS item SET sequence = item.sequence + 1 FROM step WHERE item.id = step.item_id
            RETURNING item.sequence, step.row INTO _taken;
            EXIT WHEN FOUND OR cardinality(array_positions(_queues[:_place], _queues[_place])) = _most;
        END LOOP;
        EXIT WHEN _taken.sequence IS NOT NULL;
    END LOOP;
    IF _taken.sequence IS NULL THEN RETURN; END IF;
    _step := _taken.row;
    IF _step.kind = 'key' THEN
        WITH other AS (
            UPDATE work_step AS step SET avoid = step.avoid || to_jsonb(_person)
            WHERE step.item_id = _step.item_id AND step.node = _step.node AND step.id <> _step.id
                AND step.state = 'open'
            RETURNING step.id, step.avoid)
        SELECT string_agg('{{"avoid":' || replace(other.avoid::text, ' ', '') || ',"id":' || other.id || '}},', '')
        INTO _others FROM other;
    END IF;
    _entry := work_tell(
        _step.item_id, _taken.sequence, _step.client_id, _step.provider_id, NULL, 'step taken', _step.id,
        '{{"steps":[' || coalesce(_others, '') || '{{"claim":' || _step.claim || ',"holder_id":' || _person || ',"id":'
            || _step.id || ',"lease_until":"' || {_MOMENT.format("_step.lease_until")}
            || '","started_at":"' || {_MOMENT.format("_step.started_at")}
            || '","state":"taken","taken_at":"' || {_MOMENT.format("_at")} || '"}}]}}',
        _organisation, _person, _interface, _request, _at);
    RETURN NEXT _step;
END $$;
"""  # noqa: S608  our own words


class Migration(migrations.Migration):
    dependencies = [("work", "0021_each_queue_once"), ("platform", "0012_audit_append_in_one")]
    operations = [
        migrations.RunSQL(DROP + TELL, DROP + _TELL_BEFORE),
        migrations.RunSQL(TAKE, _TAKE_BEFORE),
    ]
