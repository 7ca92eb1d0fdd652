from django.db import migrations

GUARD = """
CREATE FUNCTION platform_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON platform_auditentry
    FOR EACH ROW EXECUTE FUNCTION platform_audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON platform_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION platform_audit_refuse();
"""

UNGUARD = """
DROP TRIGGER audit_no_truncate ON platform_auditentry;
DROP TRIGGER audit_no_change ON platform_auditentry;
DROP FUNCTION platform_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
