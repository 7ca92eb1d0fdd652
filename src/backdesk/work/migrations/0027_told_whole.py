"""A step is told with all of its item by a function, so that whoever takes it is told in the same message: a function
sees what the statement around it has changed. It runs in the scope of who calls; row-level security holds within.
"""

from django.db import migrations

WHOLE = """
CREATE FUNCTION work_whole(_step bigint, _item bigint, _organisation bigint) RETURNS TABLE (
    item work_item, service text, draft work_stepdraft, step work_step
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT whole, kind.name::text, entered, one
    FROM work_item AS whole JOIN work_service AS kind ON kind.id = whole.service_id
    JOIN work_step AS one ON one.item_id = whole.id AND _organisation IN (one.client_id, one.provider_id)
    LEFT JOIN work_stepdraft AS entered ON entered.organisation_id = _organisation AND entered.step_id = _step
    WHERE _organisation IN (whole.client_id, whole.provider_id) AND whole.id = _item ORDER BY one.id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0026_claimed_with_less")]
    operations = [migrations.RunSQL(WHOLE, "DROP FUNCTION work_whole")]
