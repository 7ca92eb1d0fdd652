"""What of the trail one wants to see. It comes with the address, so a view of it can be kept and shared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.audit.queries import Asked, Choices
from backdesk.platform.web.trail import wording

NOBODY = "backdesk"


class TrailForm(forms.Form):
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("On what"), required=False)
    interface = forms.ChoiceField(label=gettext_lazy("Through"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Up to"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def offer(self, found: Choices) -> TrailForm:
        names = wording.people(found.people)
        self._choose("who", ((str(one or NOBODY), names[one]) for one in found.people))
        self._choose("verb", ((one, wording.verb(one)) for one in found.verbs))
        self._choose("kind", ((one, wording.kind(one)) for one in found.kinds))
        self._choose("interface", ((one, wording.interface(one)) for one in found.interfaces))
        return self

    @property
    def asked(self) -> Asked:
        """Days are the reader's own, the last one included."""
        given = self.cleaned_data
        who: str = given["who"]
        return Asked(
            person_id=int(who) if who.isdecimal() else None,
            by_nobody=who == NOBODY,
            verb=given["verb"],
            kind=given["kind"],
            interface=given["interface"],
            since=_midnight(given["since"]),
            until=_midnight(given["until"] and given["until"] + timedelta(days=1)),
        )

    @property
    def said(self) -> dict[str, str]:
        """What was asked for, for the export to name."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def _choose(self, name: str, offered: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        ordered = sorted(offered, key=lambda one: one[1].casefold())
        # What an address asks for stays asked for, also where it is too long ago to be offered.
        given = str(self.data.get(name, ""))[:100]
        if given and given not in dict(ordered) and name != "who" and "\0" not in given:
            ordered.append((given, given))
        field.choices = [("", _("All")), *ordered]


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
