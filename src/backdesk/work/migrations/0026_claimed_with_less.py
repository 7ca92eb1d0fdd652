"""What each claim has checked is checked with less, and holds as before.

Items stay (0014 of the platform), and so do people. So what refers to them need only be looked up when it is written,
and nobody is locked for it; not by the owner's functions, which have the item in hand, and the person from who may be
given the work: that refers to people now. Foreign keys asked for it at each commit.

The database reads a table's checks anew for each statement that writes to it: those of the two tables that a claim
changes say the same in fewer words. What an item's state may be follows from when it was closed.

Who takes work asks a function of the owner's (`by_owner` of the declarations), as the trail is written since 0007 of
the platform: the plans of its statements hold no policies. It gives only to who the scope says that acts, of the queues
of their company, and only what that company has a part in.

For whom a step is kept is looked up for that step: as `NOT EXISTS` the plan read all who may be given any.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

staying = import_module("backdesk.platform.migrations.0014_stays").staying
UNGUARDED = "DROP TRIGGER stays ON work_item; DROP TRIGGER keeps_its_key ON work_item"
ENTITLED = """
SELECT set_config('backdesk.scope', 'system', true);
DELETE FROM work_entitlement AS entitled WHERE NOT EXISTS (
    SELECT FROM parties_person AS person WHERE person.id = entitled.person_id);
ALTER TABLE work_entitlement ADD CONSTRAINT work_entitlement_of_a_person FOREIGN KEY (person_id)
    REFERENCES parties_person (id) DEFERRABLE INITIALLY DEFERRED;
"""
LOOKED_UP = """
ALTER TABLE work_event DROP CONSTRAINT work_event_between_the_same;
CREATE FUNCTION work_require_item() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM work_item AS item WHERE item.id = NEW.item_id AND item.client_id = NEW.client_id
            AND item.provider_id = NEW.provider_id) THEN
        RAISE EXCEPTION 'There is no item % of % and %: % refuses the event.', NEW.item_id, NEW.client_id,
            NEW.provider_id, TG_NAME USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION work_require_holder() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parties_person WHERE id = NEW.holder_id) THEN
        RAISE EXCEPTION 'There is no person %.', NEW.holder_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('CREATE CONSTRAINT TRIGGER work_event_between_the_same AFTER INSERT ON work_event
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_user <> %L)
        EXECUTE FUNCTION work_require_item()', current_user);
    EXECUTE format('CREATE TRIGGER held_by_a_person AFTER INSERT OR UPDATE OF holder_id ON work_step FOR EACH ROW
        WHEN (NEW.holder_id IS NOT NULL AND current_user <> %L) EXECUTE FUNCTION work_require_holder()', current_user);
END $$;
"""
AS_BEFORE = """
DROP FUNCTION work_require_holder CASCADE;
DROP FUNCTION work_require_item CASCADE;
ALTER TABLE work_event ADD CONSTRAINT work_event_between_the_same FOREIGN KEY (item_id, client_id, provider_id)
    REFERENCES work_item (id, client_id, provider_id) DEFERRABLE INITIALLY DEFERRED;
"""
# `work_item_priority_check` is said by `item_priority_one_to_nine` as well.
SHORTER = """
ALTER TABLE work_item
    DROP CONSTRAINT IF EXISTS work_item_priority_check,
    DROP CONSTRAINT item_closed_when_it_says_so, ADD CONSTRAINT item_closed_when_it_says_so CHECK (state = ANY (
        CASE WHEN closed_at IS NULL THEN '{open,delivered}'::text[] ELSE '{accepted,cancelled}' END)),
    DROP CONSTRAINT item_delivered_when_it_says_so, ADD CONSTRAINT item_delivered_when_it_says_so CHECK (
        delivered_at IS NOT NULL OR state <> ALL ('{delivered,accepted}'::text[]));
ALTER TABLE work_step
    DROP CONSTRAINT step_ended_when_it_says_so, ADD CONSTRAINT step_ended_when_it_says_so CHECK (state = ANY (
        CASE WHEN ended_at IS NULL THEN '{open,taken,waiting}'::text[] ELSE '{done,skipped,cancelled}' END)),
    DROP CONSTRAINT step_taken_by_somebody, ADD CONSTRAINT step_taken_by_somebody CHECK (
        CASE WHEN state = 'taken' THEN num_nulls(holder_id, taken_at, lease_until, started_at) = 0
            ELSE lease_until IS NULL END),
    DROP CONSTRAINT IF EXISTS work_step_claim_check, DROP CONSTRAINT IF EXISTS work_step_copy_check,
    DROP CONSTRAINT IF EXISTS work_step_priority_check, DROP CONSTRAINT IF EXISTS work_step_touch_seconds_check,
    ADD CONSTRAINT step_counts_from_zero CHECK (least(claim, copy, priority, touch_seconds) >= 0);
"""

_before = import_module("backdesk.work.migrations.0024_kept_for_who_is_there")
_THERE = """NOT EXISTS (
                        SELECT FROM work_entitlement AS there WHERE there.person_id = step.prefer_id
                            AND there.route_id = step.route_id AND there.organisation_id = step.organisation_id)"""
_ONE_IS = _THERE.replace("NOT EXISTS", "").replace("SELECT FROM", "SELECT there.level FROM") + " IS NULL"
_OPEN = "step.state = 'open'"
_OF_THEIRS = f"{_OPEN} AND (step.client_id = _organisation OR step.provider_id = _organisation)"
_WHO_ACTS = """BEGIN
    IF current_setting('backdesk.scope', true) IS DISTINCT FROM 'system'
        AND (_person IS DISTINCT FROM nullif(current_setting('backdesk.person', true), '')::bigint
            OR _organisation IS DISTINCT FROM nullif(current_setting('backdesk.organisation', true), '')::bigint) THEN
        RAISE EXCEPTION 'Work is given to who acts.' USING ERRCODE = 'insufficient_privilege';
    END IF;
"""
AS_WHO_ASKS = "ALTER FUNCTION work_take_next SECURITY INVOKER RESET search_path;"
TAKE = (
    _before.TAKE.replace(
        "LANGUAGE plpgsql SET", "LANGUAGE plpgsql\nSECURITY DEFINER SET search_path = public, pg_temp SET"
    )
    .replace("DECLARE\n", "DECLARE\n    _self CONSTANT jsonb := to_jsonb(_person);\n")
    .replace("to_jsonb(_person)\n", "_self\n")
    .replace("BEGIN\n", _WHO_ACTS, 1)
    .replace(_THERE, _ONE_IS)
    .replace(f"{_OPEN} AND NOT", f"{_OF_THEIRS} AND NOT")
)


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0025_begun_with_less"),
        ("parties", "0011_people_and_companies_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            model_name="step",
            name="holder",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint(model_name="item", name="item_state_known"),
        migrations.RunSQL(staying("work_item", "id", "client_id", "provider_id"), UNGUARDED),
        migrations.RunSQL(
            ENTITLED, "ALTER TABLE work_entitlement DROP CONSTRAINT work_entitlement_of_a_person"
        ),
        migrations.RunSQL(LOOKED_UP, AS_BEFORE),
        migrations.RunSQL(SHORTER, migrations.RunSQL.noop),
        migrations.RunSQL(TAKE, AS_WHO_ASKS + _before.TAKE),
    ]
