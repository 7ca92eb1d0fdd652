from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="function",
            name="name",
            field=models.CharField(max_length=300),
        ),
    ]
