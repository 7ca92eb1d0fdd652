"""`{% thread page.thread %}`: a conversation beside whatever the page shows."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from backdesk.conversations.web.panel import ThreadPanel

register = template.Library()


@register.inclusion_tag("conversations/_thread.html", takes_context=True)
def thread(context: Context, panel: ThreadPanel) -> dict[str, Any]:
    return {"thread": panel, "csrf_token": context.get("csrf_token")}
