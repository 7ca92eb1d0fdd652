"""Where every read begins: what the actor's organisation owns, and nothing else."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from backdesk.platform.actor import Actor

Row = TypeVar("Row", bound=models.Model, covariant=True)


class OwnedQuerySet(models.QuerySet[Row, Row]):
    """Rows that carry the `organisation_id` of their owner."""

    def visible_to(self, actor: Actor) -> Self:
        # Without this guard a missing organisation would read as `IS NULL`.
        if actor.organisation_id is None:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)


class SharedQuerySet(models.QuerySet[Row, Row]):
    """Rows that carry `client_id` and `provider_id`, and perhaps `internal_to`: the one who keeps a row to itself."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.organisation_id is None:
            return self.none()
        mine = models.Q(client_id=actor.organisation_id) | models.Q(provider_id=actor.organisation_id)
        if any(field.name == "internal_to" for field in self.model._meta.concrete_fields):
            mine &= models.Q(internal_to=None) | models.Q(internal_to=actor.organisation_id)
        return self.filter(mine)
