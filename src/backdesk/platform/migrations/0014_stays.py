"""What others are told of stays: nobody removes it, and its key does not change. A trigger that refuses both, for the
tables that say so, is looked at when somebody tries; a foreign key is asked for each row that is written, and locks the
one it refers to."""

from django.db import migrations

STAYS = """
CREATE FUNCTION platform_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are referred to and stay as who they are: % refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def staying(table: str, *key: str) -> str:
    """For the migrations of whoever has the table."""
    changed = " OR ".join(f"OLD.{one} <> NEW.{one}" for one in key)
    return f"""
CREATE TRIGGER stays BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION platform_stays();
CREATE TRIGGER keeps_its_key AFTER UPDATE OF {", ".join(key)} ON {table} FOR EACH ROW WHEN ({changed})
    EXECUTE FUNCTION platform_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("platform", "0013_job_language")]
    operations = [migrations.RunSQL(STAYS, "DROP FUNCTION platform_stays CASCADE")]
