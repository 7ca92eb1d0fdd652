"""Who reads a thread: how far, and whether they are told of what is new."""

from __future__ import annotations

from typing import Self

from django.db import models

from backdesk.conversations.models.threads import Thread
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import personal


class ReaderQuerySet(models.QuerySet["Reader"]):
    def visible_to(self, actor: Actor) -> Self:
        """The person's own, in the organisation they act for."""
        if actor.person_id is None or actor.organisation_id is None:
            return self.none()
        return self.filter(person_id=actor.person_id, organisation_id=actor.organisation_id)


class Reader(models.Model):
    """A person in a thread, on behalf of one of its companies. `read_up_to` is the number of a message."""

    isolation = personal("person_id")

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readers")
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, db_index=False, related_name="+")
    organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    follows = models.BooleanField(default=True)
    read_up_to = models.BigIntegerField(default=0)

    objects = ReaderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "thread"], name="reader_once_a_thread"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} in thread {self.thread_id}"
