"""Many new items are written as before with half the work of it: their documents are read once, a step is given only
what it does not have of its item or usually, and the kernel is asked for random bytes once. What each entry of the
trail draws is a SHA-512 of those, which are forgotten, and of its item.
"""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("backdesk.work.migrations.0020_begun_together").BEGIN
DROP = "DROP FUNCTION work_begin;"
# One row comes back for each, as of `work_record`: its count, or none where an item of that business key is there.
BEGIN = """
CREATE FUNCTION work_begin(
    _items json, _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz
) RETURNS SETOF integer LANGUAGE plpgsql AS $$
DECLARE
    _usual CONSTANT work_step := jsonb_populate_record(NULL::work_step, '{"via": "", "kind": "do", "copy": 1,
        "state": "open", "claim": 0, "avoid": [], "touch_seconds": 0, "is_held_back": false}');
    _random CONSTANT bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    _moment CONSTANT text := to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
BEGIN
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT one.place, one.item AS id, one.data AS text, one.data::jsonb AS data,
            sha512(_random || int8send(one.item)) AS random
        FROM ROWS FROM (json_to_recordset(_items) AS (item bigint, data text)) WITH ORDINALITY
            AS one (item, data, place)
    ), item AS (
        INSERT INTO work_item
        SELECT made.* FROM given CROSS JOIN LATERAL
            jsonb_populate_record(NULL::work_item, given.data -> 'item' || '{"sequence": 1}') AS made
        ORDER BY given.place
        ON CONFLICT DO NOTHING RETURNING *
    ), step AS (
        INSERT INTO work_step (id, item_id, service_id, client_id, provider_id, organisation_id, route_id, node, via,
            kind, copy, state, priority, due_at, is_held_back, wakes_at, enabled_at, started_at, ended_at, holder_id,
            taken_at, lease_until, claim, avoid, prefer_id, prefer_until, touch_seconds, touched_at, result)
        SELECT made.id, item.id, item.service_id, item.client_id, item.provider_id, made.organisation_id, made.route_id,
            made.node, made.via, made.kind, made.copy, made.state, coalesce(made.priority, item.priority), item.due_at,
            made.is_held_back, made.wakes_at, _at, made.started_at, made.ended_at, made.holder_id, made.taken_at,
            made.lease_until, made.claim, made.avoid, made.prefer_id, made.prefer_until, made.touch_seconds,
            made.touched_at, made.result
        FROM given JOIN item ON item.id = given.id
        CROSS JOIN LATERAL jsonb_populate_recordset(_usual, given.data -> 'added') AS made
    ), event AS (
        INSERT INTO work_event (item_id, sequence, kind, at, client_id, provider_id, organisation_id, person_id, data,
            nonce)
        SELECT item.id, 1, 'item created', _at, item.client_id, item.provider_id, _organisation, _person, given.data,
            substr(given.random, 1, 16)
        FROM given JOIN item ON item.id = given.id ORDER BY given.place
    ), told AS (
        SELECT item.id, coalesce(_organisation, item.client_id) AS trail, substr(given.random, 17, 16) AS own,
            substr(given.random, 33, 16) AS salt, substr(given.random, 49) AS salt_too,
            '"' || encode(sha256(substr(given.random, 1, 16) || convert_to(given.text, 'UTF8')), 'hex') || '"' AS digest
        FROM given JOIN item ON item.id = given.id
    ), digested AS (
        SELECT *, '{"after":{"event":"' || encode(sha256(salt || '1'::bytea), 'hex') || '","sha256":"'
            || encode(sha256(salt_too || convert_to(digest, 'UTF8')), 'hex') || '"},"before":null}' AS digests
        FROM told
    ), entered AS (
        SELECT platform_audit_begin(
            array_agg(trail), _person, _interface, _request, _at, 'item created', 'work.item',
            array_agg(id::text), array_agg(own), array_agg(digests::jsonb),
            array_agg(('{"after":{"event":["' || encode(salt, 'hex') || '","1"],"sha256":["' || encode(salt_too, 'hex')
                || '",' || to_json(digest) || ']},"before":null}')::jsonb),
            array_agg(convert_to(
                '{"at":"' || _moment || '","digests":' || digests || ',"interface":' || to_json(_interface)
                || ',"kind":"work.item","nonce":"' || encode(own, 'hex') || '","organisation":' || trail || ',"person":'
                || coalesce(_person::text, 'null') || ',"request":' || to_json(_request) || ',"subject":"' || id
                || '","v":1,"verb":"item created"}', 'UTF8')))
        FROM digested
    )
    SELECT CASE WHEN item.id IS NOT NULL THEN 1 END
    FROM given CROSS JOIN entered LEFT JOIN item ON item.id = given.id ORDER BY given.place;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0024_kept_for_who_is_there")]
    operations = [migrations.RunSQL(DROP + BEGIN, DROP + _BEFORE)]
