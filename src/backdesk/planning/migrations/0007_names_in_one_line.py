"""So are the names of work histories, which are written again with what is read of them: see 0012 of the parties."""

from importlib import import_module

from django.db import migrations

in_one_line = import_module("backdesk.parties.migrations.0012_names_in_one_line").in_one_line


class Migration(migrations.Migration):
    dependencies = [("planning", "0006_histories_of_live_work"), ("parties", "0012_names_in_one_line")]
    operations = [migrations.RunSQL(in_one_line("planning_workhistory"), migrations.RunSQL.noop)]
