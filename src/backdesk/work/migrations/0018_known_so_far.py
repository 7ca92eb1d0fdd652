"""Who takes work knows the first few of the best queues at once, and passes by what others have in hand as far as all
that comes before is known: up to where the first of these queues may go on with more than was looked at.

Before, one other's hand on the head of a second queue made everybody look at many of every queue; eight in a hurry have
a hand on each head nearly always. Only where others have all that is known, more of every queue is looked at.
"""

from importlib import import_module

from django.db import migrations

_before = import_module("backdesk.work.migrations.0014_taking_in_order")
_FITS, _ORDER, _HEADS = _before._FITS, _before._ORDER, _before._HEADS
_FEW, _BEST = 8, 4  # so many of so many queues at first, and the head of the others

_KNOWN = f"""{_HEADS}, ranked AS (
                SELECT head.route, CASE WHEN _try > 1 OR row_number() OVER (ORDER BY {_ORDER.format("head")}) <= {_BEST}
                    THEN _most ELSE 1 END AS most
                FROM head
            ), near AS (
                SELECT next.* FROM ranked CROSS JOIN LATERAL (
                    SELECT first.*, row_number() OVER (ORDER BY {_ORDER.format("first")}) = ranked.most AS is_last
                    FROM (SELECT * FROM ({_before._first("ranked.route", "512")}) AS open LIMIT ranked.most) AS first
                ) AS next
            ){_before._INTO}"""  # noqa: S608  our own words
_start, _, _rest = _before.TAKE.partition("    FOR _try IN 1..2 LOOP\n")
_, _, _end = _rest.partition("        END IF;\n")
TAKE = (
    _start.replace("DECLARE\n", "DECLARE\n    _most integer;\n")
    + f"""    FOR _try IN 1..3 LOOP
        _most := {_FEW} ^ _try;
{_KNOWN}
{_end}"""
)


class Migration(migrations.Migration):
    dependencies = [("work", "0017_look_a_little_further")]
    operations = [migrations.RunSQL(TAKE, migrations.RunSQL.noop)]
