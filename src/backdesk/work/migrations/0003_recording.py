"""Deeds are written by the database in one call each: the event, what it changes, and its entry in the audit trail.

All of it runs in the scope of who calls: row-level security holds within. An event's data is what is written to the
rows, so that the rows follow from the events; `work.queries.rebuilding` does the same again in Python.
"""

from django.db import migrations

# The audit entry's content is canonical JSON, as `platform.audit.canonical` makes it.
TELL = """
CREATE FUNCTION work_tell(
    _item bigint, _sequence integer, _client bigint, _provider bigint, _internal bigint, _kind text, _step bigint,
    _data text, _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _nonce CONSTANT bytea := uuid_send(gen_random_uuid());
    _own CONSTANT bytea := uuid_send(gen_random_uuid());
    _salt CONSTANT bytea := uuid_send(gen_random_uuid());
    _salt_too CONSTANT bytea := uuid_send(gen_random_uuid());
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
    PERFORM platform_audit_append(
        _trail, _person, _interface, _request, _at, _kind, 'work.item', _item::text, _own, _digests::jsonb,
        ('{"after":{"event":["' || encode(_salt, 'hex') || '","' || _sequence || '"],"sha256":["'
            || encode(_salt_too, 'hex') || '",' || to_json(_digest) || ']},"before":null}')::jsonb,
        convert_to(
            '{"at":"' || to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","digests":' || _digests
            || ',"interface":' || to_json(_interface) || ',"kind":"work.item","nonce":"' || encode(_own, 'hex')
            || '","organisation":' || _trail || ',"person":' || coalesce(_person::text, 'null')
            || ',"request":' || to_json(_request) || ',"subject":"' || _item || '","v":1,"verb":' || to_json(_kind) || '}',
            'UTF8'));
END $$;
"""

# One row comes back for each deed: the item's count after it, or none where an item of that business key is there.
RECORD = """
CREATE FUNCTION work_record(
    _deeds json, _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz
) RETURNS SETOF integer LANGUAGE plpgsql AS $$
DECLARE
    _deed record; _data jsonb; _step jsonb; _item work_item; _refused bigint[] := '{}';
    _blank work_step := jsonb_populate_record(NULL::work_step,
        '{"via": "", "kind": "do", "copy": 1, "state": "open", "claim": 0, "avoid": [], "touch_seconds": 0}');
BEGIN
    FOR _deed IN SELECT * FROM json_to_recordset(_deeds)
        AS (item bigint, sequence integer, kind text, step bigint, internal bigint, data text)
    LOOP
        IF _deed.item = ANY (_refused) THEN RETURN NEXT NULL; CONTINUE; END IF;
        _data := _deed.data::jsonb;
        IF _deed.sequence = 0 THEN
            INSERT INTO work_item
                SELECT made.* FROM jsonb_populate_record(NULL::work_item, _data -> 'item' || '{"sequence": 1}') AS made
                ON CONFLICT DO NOTHING RETURNING * INTO _item;
            IF NOT FOUND THEN _refused := _refused || _deed.item; RETURN NEXT NULL; CONTINUE; END IF;
        ELSIF _data ? 'item' THEN
            UPDATE work_item AS item SET (title, priority, language, state, round, received_at, due_at, is_paused,
                    delivered_at, closed_at, data, sequence) = (
                SELECT new.title, new.priority, new.language, new.state, new.round, new.received_at, new.due_at,
                    new.is_paused, new.delivered_at, new.closed_at,
                    item.data || coalesce(_data -> 'item' -> 'data', '{}'), item.sequence + 1
                FROM jsonb_populate_record(item, _data -> 'item') AS new)
            WHERE item.id = _deed.item AND item.sequence = _deed.sequence RETURNING item.* INTO _item;
        ELSE
            UPDATE work_item AS item SET sequence = item.sequence + 1
            WHERE item.id = _deed.item AND item.sequence = _deed.sequence RETURNING item.* INTO _item;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'Item % is not at event % any more.', _deed.item, _deed.sequence
                USING ERRCODE = 'serialization_failure';
        END IF;
        IF _data ? 'private' THEN
            INSERT INTO work_itemprivate (item_id, client_id, data)
            VALUES (_item.id, _item.client_id, _data -> 'private')
            ON CONFLICT (item_id) DO UPDATE SET data = work_itemprivate.data || excluded.data;
        END IF;
        IF _data ? 'added' THEN
            _blank.item_id := _item.id; _blank.service_id := _item.service_id;
            _blank.client_id := _item.client_id; _blank.provider_id := _item.provider_id;
            _blank.priority := _item.priority; _blank.due_at := _item.due_at; _blank.enabled_at := _at;
            INSERT INTO work_step SELECT made.* FROM jsonb_populate_recordset(_blank, _data -> 'added') AS made;
        END IF;
        FOR _step IN SELECT value FROM jsonb_array_elements(coalesce(_data -> 'steps', '[]')) LOOP
            UPDATE work_step AS step SET (organisation_id, route_id, state, priority, due_at, wakes_at, enabled_at,
                    started_at, ended_at, holder_id, taken_at, lease_until, claim, avoid, prefer_id, prefer_until,
                    touch_seconds, result) = (
                SELECT new.organisation_id, new.route_id, new.state, new.priority, new.due_at, new.wakes_at,
                    new.enabled_at, new.started_at, new.ended_at, new.holder_id, new.taken_at, new.lease_until,
                    new.claim, new.avoid, new.prefer_id, new.prefer_until, new.touch_seconds, new.result
                FROM jsonb_populate_record(step, _step) AS new)
            WHERE step.id = (_step ->> 'id')::bigint AND step.item_id = _item.id;
        END LOOP;
        PERFORM work_tell(_item.id, _item.sequence, _item.client_id, _item.provider_id, _deed.internal, _deed.kind,
            _deed.step, _deed.data, _organisation, _person, _interface, _request, _at);
        RETURN NEXT _item.sequence;
    END LOOP;
END $$;
"""

_FITS = """step.state = 'open' AND NOT step.avoid @> to_jsonb(_person)
                AND (step.prefer_id IS NULL OR step.prefer_id = _person OR step.prefer_until <= _at)
                AND (step.kind <> 'key' OR NOT EXISTS (
                    SELECT FROM work_step AS other WHERE other.item_id = step.item_id AND other.node = step.node
                        AND other.id <> step.id AND other.holder_id = _person AND other.state IN ('taken', 'done')))"""

# The first of each route is looked at, and of the best route the first few, so that others in a hurry for the same do
# not meet. The first of these that nobody else has in hand is locked together with its item, or passed by: who takes
# work waits for nobody.
TAKE = f"""
CREATE FUNCTION work_take_next(
    _person bigint, _organisation bigint, _routes bigint[], _interface text, _request text, _at timestamptz
) RETURNS SETOF work_step LANGUAGE plpgsql AS $$
DECLARE
    _free bigint[]; _id bigint; _lease integer; _step work_step; _item work_item;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('work of ' || _person || ' at ' || _organisation, 0));
    SELECT array_agg(route.id) INTO _free
    FROM work_entitlement AS entitled JOIN work_route AS route ON route.id = entitled.route_id
    WHERE entitled.person_id = _person AND entitled.organisation_id = _organisation
        AND route.organisation_id = _organisation AND route.mode <> 'push'
        AND (_routes IS NULL OR route.id = ANY (_routes))
        AND route.at_once > (
            SELECT count(*) FROM work_step AS held WHERE held.holder_id = _person AND held.state = 'taken'
                AND held.service_id = route.service_id AND held.organisation_id = _organisation);
    IF _free IS NULL THEN RETURN; END IF;
    WITH head AS MATERIALIZED (
        SELECT route.id AS route, first.id, first.priority, first.due_at
        FROM unnest(_free) AS route (id) CROSS JOIN LATERAL (
            SELECT step.id, step.priority, step.due_at FROM work_step AS step
            WHERE step.route_id = route.id AND {_FITS}
            ORDER BY step.priority, step.due_at, step.id LIMIT 1) AS first
    ), best AS (SELECT route FROM head ORDER BY priority, due_at, id LIMIT 1),
    near AS (
        SELECT id, priority, due_at FROM head
        UNION
        SELECT next.* FROM best CROSS JOIN LATERAL (
            SELECT step.id, step.priority, step.due_at FROM work_step AS step
            WHERE step.route_id = best.route AND {_FITS}
            ORDER BY step.priority, step.due_at, step.id LIMIT 24) AS next
    )
    SELECT step.id INTO _id
    FROM near JOIN work_step AS step ON step.id = near.id JOIN work_item AS item ON item.id = step.item_id
    WHERE step.state = 'open'
    ORDER BY near.priority, near.due_at, near.id LIMIT 1
    FOR UPDATE OF step, item SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE work_step AS step SET state = 'taken', holder_id = _person, taken_at = _at, claim = step.claim + 1,
        started_at = coalesce(step.started_at, _at), lease_until = _at + make_interval(mins => route.lease_minutes)
    FROM work_route AS route WHERE step.id = _id AND route.id = step.route_id RETURNING step.* INTO _step;
    UPDATE work_item AS item SET sequence = item.sequence + 1 WHERE item.id = _step.item_id RETURNING item.* INTO _item;
    PERFORM work_tell(_item.id, _item.sequence, _item.client_id, _item.provider_id, NULL, 'step taken', _id,
        '{{"steps":[{{"claim":' || _step.claim || ',"holder_id":' || _person || ',"id":' || _id || ',"lease_until":"'
            || to_char(_step.lease_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","started_at":"'
            || to_char(_step.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","state":"taken","taken_at":"'
            || to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"}}]}}',
        _organisation, _person, _interface, _request, _at);
    RETURN NEXT _step;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0002_engine"), ("platform", "0007_audit_append_as_owner")]
    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION work_tell"),
        migrations.RunSQL(RECORD, "DROP FUNCTION work_record"),
        migrations.RunSQL(TAKE, "DROP FUNCTION work_take_next"),
    ]
