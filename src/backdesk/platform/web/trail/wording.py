"""How the trail calls people, objects and interfaces for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.audit.directory import directory

INTERFACES = {
    "web": gettext_lazy("pages"),
    "api": gettext_lazy("API"),
    "cli": gettext_lazy("command line"),
    "job": gettext_lazy("job"),
}


def people(ids: Iterable[int | None]) -> Mapping[int | None, str]:
    """The names of all of them at once. Backdesk itself has no number; who cannot be known here keeps theirs."""
    asked = {person for person in ids if person is not None}
    known = directory().names(asked) if asked else {}
    names: dict[int | None, str] = {None: "Backdesk"}
    names |= {person: known.get(person) or _("person %(number)s") % {"number": person} for person in asked}
    return names


def kind(label: str) -> str:
    """What objects of a kind are called, as their model says it; the catalogue holds the name of every model."""
    try:
        return _(str(apps.get_model(label)._meta.verbose_name))
    except (LookupError, ValueError):
        return label


def verb(name: str) -> str:
    """Kept as a constant, read as a text: the catalogue holds every verb an operation writes."""
    return _(name)


def interface(name: str) -> str:
    return str(INTERFACES.get(name, name))
