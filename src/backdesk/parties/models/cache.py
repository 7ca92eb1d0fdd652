"""The table of Django's cache: rates that are counted, and codes that were used once."""

from __future__ import annotations

from django.db import models

from backdesk.platform.isolation import unowned


class CacheEntry(models.Model):
    """As `django.core.cache.backends.db` wants it. Here, and not in memory, so that all processes count together."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    isolation = unowned("counters and marks under keyed digests; what somebody may see is never cached")

    class Meta:
        db_table = "backdesk_cache"
        verbose_name_plural = "cache entries"

    def __str__(self) -> str:
        return self.cache_key
