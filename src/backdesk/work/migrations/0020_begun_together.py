"""Many new items are written together: all items, their steps, events and entries in the trail, where `work_record`
goes from deed to deed. It stays for all else, and for comparison: both write the same.

The trail's content is canonical JSON, as `platform.audit.canonical` makes it and `work_tell` writes it of one deed.
"""

from django.db import migrations

# One row comes back for each, as of `work_record`: its count, or none where an item of that business key is there.
BEGIN = """
CREATE FUNCTION work_begin(
    _items json, _organisation bigint, _person bigint, _interface text, _request text, _at timestamptz
) RETURNS SETOF integer LANGUAGE plpgsql AS $$
DECLARE
    _usual CONSTANT jsonb := '{"via": "", "kind": "do", "copy": 1, "state": "open", "claim": 0, "avoid": [],
        "touch_seconds": 0, "is_held_back": false}';
    _made bigint[];
BEGIN
    WITH given AS MATERIALIZED (
        SELECT one.place, one.item AS id, one.data::jsonb AS data
        FROM ROWS FROM (json_to_recordset(_items) AS (item bigint, data text)) WITH ORDINALITY
            AS one (item, data, place)
    ), item AS (
        INSERT INTO work_item
        SELECT made.* FROM given CROSS JOIN LATERAL
            jsonb_populate_record(NULL::work_item, given.data -> 'item' || '{"sequence": 1}') AS made
        ORDER BY given.place
        ON CONFLICT DO NOTHING RETURNING *
    ), step AS (
        INSERT INTO work_step
        SELECT made.* FROM given JOIN item ON item.id = given.id
        CROSS JOIN LATERAL jsonb_array_elements(given.data -> 'added') AS added
        CROSS JOIN LATERAL jsonb_populate_record(NULL::work_step, _usual || jsonb_build_object(
            'item_id', item.id, 'service_id', item.service_id, 'client_id', item.client_id,
            'provider_id', item.provider_id, 'priority', item.priority, 'due_at', item.due_at, 'enabled_at', _at
        ) || added) AS made
    ), event AS (
        INSERT INTO work_event (item_id, sequence, kind, at, client_id, provider_id, organisation_id, person_id, data,
            nonce)
        SELECT item.id, 1, 'item created', _at, item.client_id, item.provider_id, _organisation, _person, given.data,
            uuid_send(gen_random_uuid())
        FROM given JOIN item ON item.id = given.id ORDER BY given.place
        RETURNING item_id, client_id, nonce
    ), told AS (
        SELECT event.item_id, coalesce(_organisation, event.client_id) AS trail, uuid_send(gen_random_uuid()) AS own,
            uuid_send(gen_random_uuid()) AS salt, uuid_send(gen_random_uuid()) AS salt_too, to_json(
                encode(sha256(event.nonce || convert_to(one.data, 'UTF8')), 'hex'))::text AS digest
        FROM event JOIN json_to_recordset(_items) AS one (item bigint, data text) ON one.item = event.item_id
    ), digested AS (
        SELECT *, '{"after":{"event":"' || encode(sha256(salt || '1'::bytea), 'hex') || '","sha256":"'
            || encode(sha256(salt_too || convert_to(digest, 'UTF8')), 'hex') || '"},"before":null}' AS digests
        FROM told
    ), entered AS (
        SELECT array_agg(item_id) AS made, platform_audit_begin(
            array_agg(trail), _person, _interface, _request, _at, 'item created', 'work.item',
            array_agg(item_id::text), array_agg(own), array_agg(digests::jsonb),
            array_agg(('{"after":{"event":["' || encode(salt, 'hex') || '","1"],"sha256":["' || encode(salt_too, 'hex')
                || '",' || to_json(digest) || ']},"before":null}')::jsonb),
            array_agg(convert_to(
                '{"at":"' || to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","digests":'
                || digests || ',"interface":' || to_json(_interface) || ',"kind":"work.item","nonce":"'
                || encode(own, 'hex') || '","organisation":' || trail || ',"person":' || coalesce(_person::text, 'null')
                || ',"request":' || to_json(_request) || ',"subject":"' || item_id
                || '","v":1,"verb":"item created"}', 'UTF8')))
        FROM digested
    )
    SELECT made INTO _made FROM entered;
    RETURN QUERY SELECT CASE WHEN one.item = ANY (_made) THEN 1 END
        FROM ROWS FROM (json_to_recordset(_items) AS (item bigint, data text)) WITH ORDINALITY
            AS one (item, data, place) ORDER BY one.place;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0019_of_one_service_too"), ("platform", "0010_audit_begin")]
    operations = [migrations.RunSQL(BEGIN, "DROP FUNCTION work_begin")]
