"""What people type in planning: forms validate, operations save."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backdesk.evidence import calendars
from backdesk.evidence.assessment import CRITERIA
from backdesk.evidence.eventlog import Mapping, Proposal
from backdesk.planning.models import Activity, Answer, Function
from backdesk.platform.web import fields

ROLES = (
    ("case", _("Case"), _("What is worked on: an order, an invoice, a ticket. Its number."), True),
    ("activity", _("Activity"), _("What is done in the step."), True),
    ("ended_at", _("Time, or end"), _("When the step was done."), True),
    (
        "started_at",
        _("Start"),
        _("When work on the step began. Without it, starts are estimated and marked so."),
        False,
    ),
    ("resource", _("Person"), _("Who did it."), False),
    ("team", _("Team"), _("The team of whoever did it."), False),
    ("party", _("Company"), _("The company of whoever did it, where several did."), False),
    ("function", _("Function"), _("The function the work belongs to: accounting, payroll, …"), False),
    ("lifecycle", _("Life cycle"), _("Says whether a row is a start, a completion, …"), False),
)


MOST_OFFERED = (
    200  # columns, beyond which each is named with the browser's help rather than chosen from a list
)


class HistoryForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it is called like the file."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XES, OCEL or Parquet, as it comes from your system; .gz is fine."),
    )


class ColumnsForm(forms.Form):
    """Which column plays which role; one field a role, offered with the columns the file has."""

    zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        help_text=_(
            "Of times without an offset, and of working time: Europe/Copenhagen. Left empty, it is found "
            "from the offsets in the log."
        ),
    )
    calendar = forms.CharField(
        label=_("Working time"),
        max_length=500,
        help_text=_("Mon-Fri 08:00-12:00,13:00-17:00; Sat 09:00-12:00; holidays DK; closed 2026-12-24"),
    )
    day_first = forms.ChoiceField(
        label=_("Dates such as 03/04/2026"),
        required=False,
        choices=(("", _("find out")), ("yes", _("day first: 3 April")), ("no", _("month first: 4 March"))),
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(column, column) for column in proposal.columns]
        self.is_long = len(columns) > MOST_OFFERED
        for role, label, help_text, required in ROLES:
            self.fields[role] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                required=required,
                choices=[("", "—"), *columns],
                widget=forms.TextInput(attrs={"list": "columns-there-are"})
                if self.is_long
                else forms.Select(),
                error_messages={"required": gettext("Choose the column for “%(role)s”.") % {"role": label}},
            )
        self.order_fields([role for role, *_ in ROLES])

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(
                gettext(
                    "There is no time zone “%(zone)s”. Zones are named like Europe/Berlin or America/New_York."
                )
                % {"zone": zone}
            )
        return zone

    def clean_calendar(self) -> str:
        text: str = self.cleaned_data["calendar"]
        try:
            return str(calendars.parse(text, zone="UTC"))
        except calendars.CalendarError as error:
            raise forms.ValidationError(str(error)) from error

    def mapping(self) -> Mapping:
        roles = {role: self.cleaned_data[role] for role, *_ in ROLES}
        day_first = {"yes": True, "no": False, "": None}[self.cleaned_data["day_first"]]
        return Mapping.from_dict({**roles, "day_first": day_first})


class FunctionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = Function
        fields = ("name", "office", "description")
        labels = {"name": _("Name"), "office": _("Office"), "description": _("What it does")}
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "office": _(
                "Front: meets the customer. Middle: decides and controls. Back: all that customers never see."
            )
        }


class MoveForm(forms.Form):
    """Of a measured activity only its function is for people to say."""

    function = forms.ModelChoiceField(label=_("Function"), queryset=Function.objects.none(), empty_label=None)

    def __init__(self, *args: Any, functions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["function"].queryset = functions  # type: ignore[attr-defined]


class ActivityForm(MoveForm):
    """An activity without a record, as people estimate it."""

    name = forms.CharField(label=_("Activity"), max_length=300)
    steps_per_month = fields.FloatField(label=_("How often a month"), min_value=0, max_value=10_000_000)
    minutes_each = fields.FloatField(label=_("Minutes each"), min_value=0, max_value=100_000)
    people = fields.IntegerField(label=_("People who do it"), min_value=1, max_value=100_000, required=False)
    cost_per_month = fields.DecimalField(
        label=_("Cost a month"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    currency = forms.RegexField(
        label=_("Currency"),
        widget=forms.TextInput(attrs={"size": 4, "autocapitalize": "characters", "spellcheck": "false"}),
        regex=r"^[A-Z]{3}$",
        required=False,
        error_messages={"invalid": _("Write the three letters of the currency: EUR, DKK, USD.")},
    )
    field_order = ("name", "function")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("cost_per_month") is not None and not cleaned.get("currency"):
            self.add_error("currency", _("Say in which currency the cost is: EUR, DKK, USD."))
        return cleaned

    @classmethod
    def values_of(cls, activity: Activity) -> dict[str, Any]:
        return {name: getattr(activity, name) for name in cls.base_fields}


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = Answer
        fields = (*Answer.GRADES, "comment")
        labels = {
            "value": _("How much of what customers choose us for is in it?"),
            "judgement": _("How much does it take decisions that no procedure can hold?"),
            "know_how": _("How much know-how does it take that nobody here has?"),
            "customer_contact": _("How much contact with customers is in it?"),
            "sensitivity": _("How sensitive is the data one sees while doing it?"),
            "hurts": _("How much does it hurt the way it is done today?"),
            "comment": _("What hurts, what would help?"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Answer.GRADES:
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                required=False,
                coerce=int,
                empty_value=None,
                choices=(
                    ("", _("I cannot say")),
                    (1, _("1 little")),
                    (2, "2"),
                    (3, "3"),
                    (4, "4"),
                    (5, _("5 much")),
                ),
                widget=forms.RadioSelect,
            )
        self.fields["comment"].widget = forms.Textarea(attrs={"rows": 3})


class RatesForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with kind, name, rate, currency; kind is resource, team, activity, market or default."
        ),
    )
    limit = 1_000_000
    """Bytes, enough for 30,000 rates: they are set, and costs reckoned with them, while one waits."""

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > self.limit:
            raise forms.ValidationError(
                gettext("%(name)s has %(size)s; at most %(limit)s are accepted.")
                % {
                    "name": file.name,
                    "size": fields.size(file.size or 0),
                    "limit": fields.size(self.limit),
                }
            )
        return file


class WeightsForm(forms.Form):
    """How much each criterion counts; the address holds what differs from the default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in CRITERIA:
            self.fields[one.name] = forms.FloatField(
                label=gettext(one.title),
                min_value=0,
                max_value=5,
                step_size=0.5,
                required=False,
                initial=one.weight,
                widget=forms.NumberInput(attrs={"step": "0.5"}),
            )

    @classmethod
    def of(cls, asked: QueryDict) -> "WeightsForm":
        """With what the address asks for, the rest as at first."""
        return cls({one.name: asked.get(one.name) or one.weight for one in CRITERIA})

    def weights(self) -> dict[str, float]:
        """The weights asked for; the default where none, or an impossible one, is."""
        self.full_clean()
        given: dict[str, float | None] = getattr(self, "cleaned_data", {})
        return {one.name: one.weight if (w := given.get(one.name)) is None else w for one in CRITERIA}

    def sides(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """The fields by what they speak for, as the page groups them."""
        titles = (
            ("for", gettext("For handing over")),
            ("size", gettext("Size")),
            ("against", gettext("Against")),
        )
        return tuple(
            (title, tuple(self[one.name] for one in CRITERIA if one.side == side)) for side, title in titles
        )
