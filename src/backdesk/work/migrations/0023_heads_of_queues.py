"""What was taken leaves a dead entry at the head of its queue, and whoever asks for the next one reads past all of them
until the table is vacuumed: after 20,000 claims an eighth of the database's time for a claim. As a share of the table,
as usual, that would come after a million claims where five million steps are open; so it comes by number, and always
cleans the indexes."""

from django.db import migrations

OFTEN = """
ALTER TABLE work_step SET
    (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, vacuum_index_cleanup = on);
"""
AS_USUAL = """
ALTER TABLE work_step RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, vacuum_index_cleanup);
"""


class Migration(migrations.Migration):
    dependencies = [("work", "0022_taken_in_one")]
    operations = [migrations.RunSQL(OFTEN, AS_USUAL)]
