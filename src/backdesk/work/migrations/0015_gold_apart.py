from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0014_taking_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="recordsnapshot",
            name="internal_to",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="recordsnapshot",
            name="table",
            field=models.CharField(help_text="steps, items, looks, pauses or gold", max_length=10),
        ),
    ]
