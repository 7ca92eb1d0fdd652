"""Who sees which rows, held by the database itself: the second wall, beneath `visible_to(actor)`.

Three settings of a transaction say on whose behalf it runs: `backdesk.scope` ('member', 'identify' or 'system'),
`backdesk.organisation` and `backdesk.person`. Row-level security compares every row with them; where they are
not set, nothing is there. The application's database role owns nothing and cannot turn it off. docs/isolation.md
tells it to an auditor.

A verb says it by its decorator, which also opens its transaction::

    @operation
    def add_team(*, actor: Actor, now: datetime, name: str) -> Team: ...

An interface says it around what it does: `with within(actor):` once somebody is known, `with identifying():` before
(the tables of signing in alone), `with as_system("sealing"):` for work of the whole house.

A model says whose its rows are, and policies and grants are derived from that by `backdesk migrate`::

    class Team(models.Model):
        isolation = owned()
"""

from backdesk.platform.isolation.declarations import (
    Declaration,
    identity_alone,
    owned,
    personal,
    shared,
    through,
    unowned,
)
from backdesk.platform.isolation.operations import falls_with_its_verb, operation
from backdesk.platform.isolation.scopes import Scope, as_system, identifying, within

__all__ = [
    "Declaration",
    "Scope",
    "as_system",
    "falls_with_its_verb",
    "identifying",
    "identity_alone",
    "operation",
    "owned",
    "personal",
    "shared",
    "through",
    "unowned",
    "within",
]
