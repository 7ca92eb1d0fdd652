"""What is said in a thread, to both companies or within one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from backdesk.conversations.models.threads import Thread
from backdesk.platform.isolation import shared, through
from backdesk.platform.querysets import SharedQuerySet


class Message(models.Model):
    """`internal_to`: the one company that keeps it to itself; none, where both see it.

    A withdrawn one has no text any more; what it said, and what an edited one said before, is kept in the audit trail.
    `mail_id`: of the e-mail it came as, so that the same mail is not taken in twice.
    """

    isolation = shared(internal="internal_to")

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, db_index=False, related_name="messages")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField(null=True)
    internal_to = models.BigIntegerField(null=True)
    author = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    is_question = models.BooleanField(default=False)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    mail_id = models.CharField(max_length=64, null=True)

    objects = SharedQuerySet["Message"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "mail_id"], name="message_once_a_mail"),
            models.CheckConstraint(
                condition=Q(internal_to=None)
                | Q(internal_to=F("client_id"))
                | Q(internal_to=F("provider_id")),
                name="message_kept_by_one_of_them",
            ),
            models.CheckConstraint(
                condition=Q(internal_to=None) | Q(internal_to=F("organisation_id")),
                name="message_kept_by_its_author",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) & ~Q(text="") | Q(withdrawn_at__isnull=False, text=""),
                name="message_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "id"], name="message_by_thread"),
            models.Index(fields=["client_id", "-id"], name="message_by_client"),
            models.Index(fields=["provider_id", "-id"], name="message_by_provider"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} in {self.thread_id}"


class Mention(models.Model):
    """Somebody named in a message, as they were called when it was written."""

    isolation = through("message_id", Message)

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"person {self.person_id} in message {self.message_id}"
