"""What the cases of a work history are to be compared with: a file, the process of a service, or the model found."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.live_work import process_of_service
from backdesk.planning.queries.maps import ModelAsked, found_process
from backdesk.platform.actor import Actor
from backdesk.work.queries.record import services_recorded

Brought = tuple[str, BinaryIO]
"""What a process is called, and its BPMN."""


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Process"),
        help_text=_("BPMN 2.0, as any modeller saves it. Tasks and activities meet by name."),
    )

    def brought(self, actor: Actor, history: WorkHistory) -> Brought:
        upload = self.cleaned_data["file"]
        return upload.name or "process", upload


class ServiceForm(forms.Form):
    service = forms.TypedChoiceField(label=_("Service"), coerce=int)

    def __init__(self, actor: Actor, history: WorkHistory, data: Any = None) -> None:
        super().__init__(data, initial={"service": history.service_id})
        choices = [(one.pk, one.name) for one in services_recorded(actor)]
        self.fields["service"].choices = choices  # type: ignore[attr-defined]
        self.is_offered = bool(choices)

    def brought(self, actor: Actor, history: WorkHistory) -> Brought:
        name, bpmn = process_of_service(actor, self.cleaned_data["service"])
        return name, io.BytesIO(bpmn)


class FoundForm(forms.Form):
    noise = forms.IntegerField(
        label=_("Noise left aside"),
        min_value=0,
        max_value=100,
        initial=20,
        help_text=_("Per cent: ways on rarer than this part of the most frequent are no part of the model."),
    )

    def brought(self, actor: Actor, history: WorkHistory) -> Brought:
        noise = self.cleaned_data["noise"]
        bpmn = found_process(history, ModelAsked(noise=noise / 100))
        return f"{history.name}, noise {noise} %.bpmn", io.BytesIO(bpmn)


class ProcessForms:
    """The three ways to say which process; the one that was sent holds what was sent."""

    def __init__(self, actor: Actor, history: WorkHistory, request: HttpRequest) -> None:
        sent = request.POST
        self.of_service = ServiceForm(actor, history, sent if "service" in sent else None)
        self.of_found = FoundForm(sent if "noise" in sent else None)
        others = self.of_service.is_bound or self.of_found.is_bound
        brings = request.method == "POST" and not others
        self.of_file = FileForm(sent, request.FILES) if brings else FileForm()

    @property
    def sent(self) -> FileForm | ServiceForm | FoundForm:
        bound = (one for one in (self.of_service, self.of_found) if one.is_bound)
        return next(bound, self.of_file)
