"""People and companies stay, so an entry of the trail need not lock the company in whose trail it stands: all deeds of
a company locked that one row, and each lock was written.

An entry in the trail of who acts, as the scope says, is not looked up either; one in another's is.
"""

from importlib import import_module

from django.db import migrations

staying = import_module("backdesk.platform.migrations.0014_stays").staying
LOOKED_UP = """
ALTER TABLE platform_auditentry DROP CONSTRAINT audit_owner;
CREATE FUNCTION parties_require_organisation() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parties_organisation WHERE id = NEW.organisation_id) THEN
        RAISE EXCEPTION 'There is no organisation %.', NEW.organisation_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_owner AFTER INSERT ON platform_auditentry FOR EACH ROW
    WHEN (NEW.organisation_id::text <> coalesce(current_setting('backdesk.organisation', true), ''))
    EXECUTE FUNCTION parties_require_organisation();
"""
AS_BEFORE = """
DROP FUNCTION parties_require_organisation CASCADE;
ALTER TABLE platform_auditentry ADD CONSTRAINT audit_owner FOREIGN KEY (organisation_id)
    REFERENCES parties_organisation (id) DEFERRABLE INITIALLY DEFERRED;
"""
UNGUARDED = "DROP TRIGGER stays ON {0}; DROP TRIGGER keeps_its_key ON {0}"


class Migration(migrations.Migration):
    dependencies = [("parties", "0010_working_hours"), ("platform", "0014_stays")]
    operations = [
        *(
            migrations.RunSQL(staying(table, "id"), UNGUARDED.format(table))
            for table in ("parties_organisation", "parties_person")
        ),
        migrations.RunSQL(LOOKED_UP, AS_BEFORE),
    ]
