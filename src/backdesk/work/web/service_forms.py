"""What people type about a service: forms validate, operations save."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backdesk.desks import services
from backdesk.platform.web.fields import DecimalField, IntegerField

LARGEST = 20_000_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
SHARE: dict[str, Any] = {
    "min_value": 0,
    "max_value": 100,
    "max_digits": 5,
    "decimal_places": 2,
    "required": False,
}


def _ready_made() -> list[tuple[str, Any]]:
    return [
        ("", _("none, I have a folder")),
        *((key, services.example(key).name) for key in services.example_keys()),
    ]


class ImportForm(forms.Form):
    """One that comes with Backdesk, or a folder of one's own."""

    engagement = forms.TypedChoiceField(label=_("Engagement"), coerce=int)
    ready_made = forms.ChoiceField(
        label=_("Ready-made service"),
        required=False,
        help_text=_(
            "It comes with Backdesk. Begin with it as it is; write its folder out later, and change it."
        ),
        choices=_ready_made,
    )
    file = forms.FileField(
        label=_("Folder, as a zip"),
        required=False,
        help_text=_("service.toml, process.bpmn, the two schemas, procedure.md, and what belongs to them."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    note = forms.CharField(
        label=_("What is new"), max_length=500, required=False, help_text=_("Both companies read it.")
    )

    def __init__(self, *args: Any, engagements: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["engagement"].choices = list(engagements)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("ready_made")) == bool(cleaned.get("file")) and not self.errors:
            self.add_error("file", gettext("Choose a ready-made service or a folder: one of the two."))
        return cleaned

    def folder(self) -> Mapping[str, bytes]:
        """Of the folder. Raises `services.BrokenService`."""
        if key := self.cleaned_data["ready_made"]:
            return services.example_files(key)
        return services.read_zip(self.cleaned_data["file"].read(LARGEST + 1))


class RevisionForm(forms.Form):
    """Shares are given in per cent, as people speak of them."""

    standard_minutes = DecimalField(
        label=_("Standard time, minutes"), min_value=Decimal("0.01"), max_value=10_000
    )
    turnaround_hours = DecimalField(
        label=_("Turnaround, working hours"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=10_000,
        help_text=_("Leave it empty to keep the target in days, or none."),
    )
    attainment = DecimalField(label=_("Delivered in time, %"), **SHARE)
    accuracy = DecimalField(label=_("Accuracy, %"), **SHARE)
    accuracy_critical = DecimalField(label=_("Accuracy without critical errors, %"), **SHARE)
    review_share = DecimalField(
        label=_("Reviewed, %"), help_text=_("Leave it empty to review all that the process reviews."), **SHARE
    )
    gold_share = DecimalField(label=_("Seeded with known answers, %"), **{**SHARE, "required": True})
    accept_after_days = IntegerField(
        label=_("Accepted by silence after, working days"), required=False, min_value=0, max_value=365
    )
    warn_hours = DecimalField(
        label=_("Warned before an item is due, working hours"),
        required=False,
        min_value=0,
        max_value=10_000,
        help_text=_("Leave it empty to warn once four fifths of the target are used up; 0 warns nobody."),
    )
    escalate_hours = DecimalField(
        label=_("Both companies told once it is overdue for, working hours"),
        required=False,
        min_value=0,
        max_value=10_000,
        help_text=_("Leave it empty for 4."),
    )
    languages = forms.CharField(
        label=_("Languages with queues of their own"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line, and the skill its items ask for, like “da Danish”. Others wait with those of no language."
        ),
    )
    price_amount = DecimalField(label=_("Price"), min_value=0, max_digits=12, decimal_places=4)
    price_basis = forms.ChoiceField(
        label=_("Price for"),
        choices=[
            ("item", _("an item")),
            ("hour", _("an hour")),
            ("fte", _("a person working full time")),
            ("none", _("nothing is agreed")),
        ],
    )
    procedure = forms.CharField(
        label=_("Procedure"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("Markdown. Agents read it anew, and confirm, before they are given more work."),
    )
    note = forms.CharField(label=_("What is new"), max_length=500, help_text=_("Both companies read it."))

    @staticmethod
    def initial_of(service: services.Service) -> dict[str, Any]:
        targets, quality = service.targets, service.quality
        return {
            "standard_minutes": service.standard_minutes,
            "turnaround_hours": targets.turnaround.hours if targets.turnaround else None,
            "attainment": _per_cent(targets.attainment),
            "accuracy": _per_cent(targets.accuracy),
            "accuracy_critical": _per_cent(targets.accuracy_critical),
            "review_share": _per_cent(quality.review_share),
            "gold_share": _per_cent(quality.gold_share),
            "accept_after_days": quality.accept_after_days,
            "warn_hours": service.alarms.warn_hours,
            "escalate_hours": service.alarms.escalate_hours,
            "languages": "\n".join(f"{one.code} {one.skill}" for one in service.taking.languages),
            "price_amount": service.price.amount,
            "price_basis": service.price.basis,
            "procedure": service.procedure,
        }

    def clean_languages(self) -> tuple[services.QueueLanguage, ...]:
        lines = [
            line.strip().partition(" ")
            for line in self.cleaned_data["languages"].splitlines()
            if line.strip()
        ]
        wrong = [code for code, _blank, skill in lines if not (LANGUAGE.fullmatch(code) and skill.strip())]
        if wrong:
            raise forms.ValidationError(
                _("“%(line)s”: write the code of a language, a blank and a skill, like “da Danish”."),
                params={"line": wrong[0]},
            )
        return tuple(services.QueueLanguage(code=code, skill=skill.strip()) for code, _blank, skill in lines)

    def changes(self, service: services.Service) -> dict[str, Any]:
        given = self.cleaned_data
        hours = given["turnaround_hours"]
        return {
            "standard_minutes": given["standard_minutes"],
            "targets": replace(
                service.targets,
                turnaround=services.Turnaround(hours=hours) if hours else service.targets.turnaround,
                attainment=_share(given["attainment"]),
                accuracy=_share(given["accuracy"]),
                accuracy_critical=_share(given["accuracy_critical"]),
            ),
            "quality": replace(
                service.quality,
                review_share=_share(given["review_share"]),
                gold_share=_share(given["gold_share"]) or Decimal(0),
                accept_after_days=given["accept_after_days"],
            ),
            "taking": replace(service.taking, languages=given["languages"]),
            "alarms": services.Alarms(warn_hours=given["warn_hours"], escalate_hours=given["escalate_hours"]),
            "price": replace(service.price, amount=given["price_amount"], basis=given["price_basis"]),
            "procedure": given["procedure"].replace("\r\n", "\n").rstrip() + "\n",
            "note": given["note"],
        }


def _per_cent(share: Decimal | None) -> Decimal | None:
    return None if share is None else (share * 100).normalize()


def _share(per_cent: Decimal | None) -> Decimal | None:
    return None if per_cent is None else (per_cent / 100).normalize()
