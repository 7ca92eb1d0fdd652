"""Notifications and preferences are of people, who are known on this floor only."""

from django.db import migrations

KEYS = (
    ("platform_notification", "organisation_id", "parties_organisation", "notification_organisation"),
    ("platform_notification", "person_id", "parties_person", "notification_person"),
    ("platform_notificationpreference", "person_id", "parties_person", "notification_preference_person"),
)


def _add(table: str, column: str, parent: str, name: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) "
        f"REFERENCES {parent} (id) DEFERRABLE INITIALLY DEFERRED"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_teams_skills_absences_invitations"),
        ("platform", "0003_notifications"),
    ]
    operations = [
        migrations.RunSQL(_add(*key), f"ALTER TABLE {key[0]} DROP CONSTRAINT {key[3]}") for key in KEYS
    ]
