"""Rework that is kept for who did it before is kept only while they may be given it: not while they are away."""

from importlib import import_module

from django.db import migrations

_TAKE_BEFORE = import_module("backdesk.work.migrations.0022_taken_in_one").TAKE
_UNTIL = "step.prefer_until <= _at"
_OR_NOT_THERE = f"""{_UNTIL} OR NOT EXISTS (
                        SELECT FROM work_entitlement AS there WHERE there.person_id = step.prefer_id
                            AND there.route_id = step.route_id AND there.organisation_id = step.organisation_id)"""
TAKE = _TAKE_BEFORE.replace(_UNTIL, _OR_NOT_THERE)


class Migration(migrations.Migration):
    dependencies = [("work", "0023_heads_of_queues")]
    operations = [migrations.RunSQL(TAKE, _TAKE_BEFORE)]
