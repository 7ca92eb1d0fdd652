"""A verdict as a page shows it."""

from django.utils.translation import gettext_lazy as _

from backdesk.platform.web.parts import Status

STATUS = {
    "hand over": Status(kind="good", word=_("Hand over")),
    "candidate": Status(kind="info", word=_("Candidate")),
    "ask": Status(kind="warn", word=_("Ask first")),
    "keep": Status(kind="neutral", word=_("Keep")),
}
