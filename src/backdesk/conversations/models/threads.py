"""One conversation about one thing."""

from __future__ import annotations

from django.db import models

from backdesk.platform.isolation import shared
from backdesk.platform.querysets import SharedQuerySet


class Thread(models.Model):
    """About the thing `subject_kind` and `subject_id` name; without a provider it is one company's own.

    Nothing here tells when somebody last wrote: that could have been a note one company keeps to itself.
    """

    isolation = shared()

    id = models.BigAutoField(primary_key=True)
    subject_kind = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    client = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = SharedQuerySet["Thread"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="thread_once_a_subject"),
            models.CheckConstraint(
                condition=models.Q(provider=None) | ~models.Q(provider=models.F("client")),
                name="thread_of_two_companies_or_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        return self.provider_id is not None

    @property
    def companies(self) -> tuple[int, ...]:
        return (self.client_id,) if self.provider_id is None else (self.client_id, self.provider_id)


class InternalThread(Thread):
    """The same thread as far as one company's notes in it go: people are told of these apart, and an answer by e-mail
    to a note is a note."""

    class Meta:
        proxy = True
