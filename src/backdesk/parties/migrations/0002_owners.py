"""The platform keeps owners as plain numbers, being the floor below; here they become foreign keys."""

from django.db import migrations

OWNED = {"platform_job": "job_owner", "platform_storedfile": "stored_file_owner", "platform_auditentry": "audit_owner"}


def _add(table: str, name: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (organisation_id) "
        "REFERENCES parties_organisation (id) DEFERRABLE INITIALLY DEFERRED"
    )


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("platform", "0002_audit_append_only")]
    operations = [
        migrations.RunSQL(_add(table, name), f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table, name in OWNED.items()
    ]
