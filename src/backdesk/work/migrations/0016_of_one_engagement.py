"""Whose a row is follows from what it hangs on: the database refuses one that names a company with no part in it.

Both companies write what they share, so the walls alone let each name any other company beside itself. Now an item is
of the two companies of its service, a step and an event of those of their item, and so on up to the engagement. That
is proposed by its client, and is given its provider by whoever the house lets accept it.

Rows of items and steps are changed again and again: with some room on their pages the indexes need not know of it.
"""

import django.db.models.deletion
from django.db import migrations, models

_OF_ITEM = ("step", "event", "question", "pause", "inspection", "finding")
_OF_SERVICE = (
    "item", "route", "serviceversion", "acknowledgement", "document", "recordsnapshot", "termschange"
)  # fmt: skip
_BOTH = "client_id, provider_id"


def _unique(table: str) -> str:
    return f"ALTER TABLE {table} ADD CONSTRAINT {table}_between UNIQUE (id, {_BOTH})"


def _follows(table: str, parent: str, column: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_between_the_same FOREIGN KEY ({column}, {_BOTH}) "
        f"REFERENCES {parent} (id, {_BOTH}) DEFERRABLE INITIALLY DEFERRED"
    )


CONSTRAINTS = (
    *(_unique(table) for table in ("parties_engagement", "work_service", "work_item")),
    _follows("work_service", "parties_engagement", "engagement_id"),
    *(_follows(f"work_{one}", "work_service", "service_id") for one in _OF_SERVICE),
    *(_follows(f"work_{one}", "work_item", "item_id") for one in _OF_ITEM),
)
GUARD = """
CREATE FUNCTION work_guard_engagement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('backdesk.scope', true) = 'member' AND (TG_OP = 'UPDATE' OR NEW.provider_id IS NOT NULL
            OR NEW.client_id <> current_setting('backdesk.organisation')::bigint) THEN
        RAISE EXCEPTION 'An engagement is between who proposed it and who accepted it: % refused.', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_between BEFORE INSERT OR UPDATE OF client_id, provider_id ON parties_engagement
    FOR EACH ROW EXECUTE FUNCTION work_guard_engagement();
"""
ROOM = "ALTER TABLE work_item SET (fillfactor = 85); ALTER TABLE work_step SET (fillfactor = 85)"


def _without_its_own(model: str, field: str, to: str, related_name: str) -> migrations.AlterField:
    return migrations.AlterField(
        model_name=model,
        name=field,
        field=models.ForeignKey(
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name=related_name,
            to=to,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("work", "0015_gold_apart"), ("parties", "0008_engagements")]
    operations = [
        _without_its_own("item", "service", "work.service", "+"),
        _without_its_own("step", "item", "work.item", "steps"),
        _without_its_own("event", "item", "work.item", "events"),
        *(migrations.RunSQL(one, migrations.RunSQL.noop) for one in CONSTRAINTS),
        migrations.RunSQL(GUARD, "DROP FUNCTION work_guard_engagement CASCADE"),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
    ]
