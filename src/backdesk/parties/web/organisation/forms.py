"""What people type about their organisation: forms validate, operations save."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backdesk.parties.models import Absence, Level, Organisation, Person, Role, Skill, Team
from backdesk.parties.queries.calendar import days_of


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The invitation goes there, and is valid for 14 days.")
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("no team yet")
    )

    def __init__(self, *args: Any, roles: Iterable[Role], teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class NewcomerForm(forms.Form):
    """What somebody invited says of themself."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; several words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(role.value, role.label) for role in roles]
        self.fields["role"].choices = [("", _("choose a role")), *offered]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """One of the people on offer."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none(), empty_label=None)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """One of the teams on offer."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """The name of a team or of a skill."""

    name = forms.CharField(label=_("Name"), max_length=100)


class GradesForm(forms.Form):
    """A field a skill; the fields are named by the skill's number."""

    def __init__(self, *args: Any, graded: Iterable[tuple[Skill, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skills: dict[str, Skill] = {}
        for skill, level in graded:
            name = f"skill-{skill.pk}"
            self.skills[name] = skill
            self.fields[name] = forms.TypedChoiceField(
                label=skill.name,
                coerce=int,
                initial=level or 0,
                choices=[(0, _("not graded")), *Level.choices],
                widget=forms.RadioSelect,
            )

    def levels(self) -> list[tuple[Skill, int | None]]:
        return [(skill, self.cleaned_data[name] or None) for name, skill in self.skills.items()]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """Whole days, the last one included, on the clock of the zone it is made with."""

    first = forms.DateField(label=_("First day away"), widget=DayInput())
    last = forms.DateField(label=_("Last day away"), widget=DayInput())
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Absence.Kind.choices,
        help_text=_("Kind and note are shown to the person and to who manages, to nobody else."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @classmethod
    def values_of(cls, absence: Absence, zone: tzinfo) -> dict[str, Any]:
        first, last = days_of(absence.begins_at, absence.ends_at, zone)
        return {"first": first, "last": last, "kind": absence.kind, "note": absence.note}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", gettext("The last day is before the first. Exchange them."))
        return cleaned

    def period(self) -> dict[str, Any]:
        """As operations take it: half-open, aware."""
        given = self.cleaned_data
        return {
            "begins_at": self._midnight(given["first"]),
            "ends_at": self._midnight(given["last"] + timedelta(days=1)),
            "kind": given["kind"],
            "note": given["note"],
        }

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    zone = forms.CharField(label=_("Time zone"), help_text=_("Such as Europe/Copenhagen."))
    working_hours = forms.CharField(
        label=_("Working hours"),
        help_text=_(
            "Such as Mon-Fri 08:00-12:00,13:00-17:00; holidays DK; closed 2026-12-24. Warnings and e-mails wait for "
            "them, for everybody whose profile says no others."
        ),
        required=False,
        max_length=200,
    )
    is_client = forms.BooleanField(
        label=_("It hands work over (client)"),
        help_text=_("People here can be operations lead, employee, controller or auditor."),
        required=False,
    )
    is_provider = forms.BooleanField(
        label=_("It takes work over (provider)"),
        help_text=_("People here can be delivery manager or agent."),
        required=False,
    )
    second_factor_required = forms.BooleanField(
        label=_("Everybody needs a second factor to sign in"),
        help_text=_("Who has none yet is led to set one up before anything else."),
        required=False,
    )

    @classmethod
    def values_of(cls, organisation: Organisation) -> dict[str, Any]:
        return {name: getattr(organisation, name) for name in cls.base_fields}

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(
                gettext("There is no time zone “%(zone)s”. Zones are named like Europe/Copenhagen.")
                % {"zone": zone}
            )
        return zone


class OffboardingForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Who takes over"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody: there is nothing to take over"),
    )

    def __init__(self, *args: Any, people: Any, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        field.queryset, field.required = people, is_needed  # type: ignore[attr-defined]
        if is_needed:
            field.empty_label = _("choose somebody")  # type: ignore[attr-defined]
