"""How often signing in failed lately, for each account and for each address it was tried from."""

from __future__ import annotations

from django.db import models

from backdesk.platform.isolation import identity_alone


class FailedAttempts(models.Model):
    """`key` is a keyed digest: the table tells nobody which addresses were tried, or by whom."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)

    isolation = identity_alone("asked before anybody is known")

    class Meta:
        verbose_name_plural = "failed attempts"
        indexes = [models.Index(fields=["last_failed_at"], name="failed_attempts_by_age")]

    def __str__(self) -> str:
        return f"{self.failures} failures"
