"""What the API keeps of requests. How many came is not worth a write-ahead log: after a crash all begin anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform", "0004_audit_chains")]
    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("organisation_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("body", models.TextField()),
                ("location", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation_id", "person_id", "key"), name="idempotency_key_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestAllowance",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("full_at", models.DateTimeField(db_index=True)),
                ("is_over", models.BooleanField(default=False)),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE platform_requestallowance SET UNLOGGED",
            "ALTER TABLE platform_requestallowance SET LOGGED",
        ),
    ]
