"""Webhooks are of organisations, who are known on this floor only."""

from django.db import migrations

TABLES = ("platform_webhookendpoint", "platform_webhookmessage", "platform_webhookdelivery")


class Migration(migrations.Migration):
    dependencies = [("parties", "0008_engagements"), ("platform", "0008_webhooks")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_owner FOREIGN KEY (organisation_id) "
            "REFERENCES parties_organisation (id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_owner",
        )
        for table in TABLES
    ]
