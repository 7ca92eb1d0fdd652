"""What the templates of planning say with more than words."""

from django import template

from backdesk.platform.web.formats import in_language

register = template.Library()


@register.filter
def said(text: str | None) -> str:
    """A sentence of the evidence, in the reader's language."""
    return in_language(text) if text else ""
