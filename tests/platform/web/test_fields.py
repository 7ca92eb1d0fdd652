"""Forms: every input has its label, its hint and its error, and keeps what was typed."""

from __future__ import annotations

import pytest
from django import forms

from backdesk.platform.web import fields
from backdesk.platform.web.fields import NumberText
from tests.platform.web.markup import drawn, select, words


class ActivityForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As your people call it.")
    hours = forms.DecimalField(label="Hours", widget=NumberText, min_value=0)
    office = forms.ChoiceField(label="Office", choices=[("back", "Back")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)
    agreed = forms.BooleanField(label="Agreed", required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial="k")

    def clean(self) -> dict[str, object]:
        if self.data.get("note") == "clash":
            raise forms.ValidationError("An activity of this name exists already; choose another name.")
        return self.cleaned_data


def form(**data: str) -> ActivityForm:
    return ActivityForm(data) if data else ActivityForm()


def test_a_fresh_form_complains_of_nothing() -> None:
    page = drawn("{% form_fields form %}", form=form())
    assert select(page, "[role=alert]") == []
    assert select(page, "[aria-invalid]") == []
    assert select(page, "[name=key]")[0].get("type") == "hidden"


def test_every_input_is_labelled_and_described() -> None:
    page = drawn("{% form_fields form %}", form=form())
    labels = {label.get("for"): words(label) for label in select(page, "label[for]")}
    assert labels["id_name"] == "Name"
    assert labels["id_note"] == "Note (optional)"
    (name,) = select(page, "#id_name")
    assert words(select(page, f"#{name.get('aria-describedby')}")[0]) == "As your people call it."
    assert words(select(page, "fieldset legend")[0]) == "Office"


def test_an_error_stands_at_its_field_and_in_the_summary() -> None:
    page = drawn("{% form_fields form %}", form=form(name="", hours="a lot", office="attic", key="k"))
    lines = select(page, ".error-summary li a")
    assert [(link.get("href"), words(link)) for link in lines] == [
        ("#id_name", "“Name” is needed."),
        ("#id_hours", "“Hours”: Enter a number."),
        ("#id_office_0", "“Office” needs one of the choices."),
    ]
    (name,) = select(page, "#id_name")
    assert name.get("aria-invalid") == "true"
    assert name.get("aria-describedby") == "id_name-hint id_name-error"
    assert words(select(page, "#id_name-error")[0]) == "“Name” is needed."
    for link in lines:
        assert select(page, link.get("href")), "the summary leads to an input that is there"
    numberless = drawn("{% form_fields form %}", form=form(name="Enter", hours="", office="back", key="k"))
    assert words(select(numberless, "#id_hours-error")[0]) == "“Hours” is needed.", "of numbers as of names"


def test_what_was_typed_is_kept_even_if_it_is_no_number() -> None:
    page = drawn(
        "{% form_fields form %}", form=form(name="Pay <b>roll</b>", hours="a lot", office="back", key="k")
    )
    assert select(page, "#id_hours")[0].get("value") == "a lot"
    assert select(page, "#id_name")[0].get("value") == "Pay <b>roll</b>"


def test_an_error_of_the_whole_form_leads_the_summary() -> None:
    page = drawn(
        "{% form_fields form %}", form=form(name="", hours="1", office="back", note="clash", key="k")
    )
    said = [words(line) for line in select(page, ".error-summary li")]
    assert said[0] == "An activity of this name exists already; choose another name."
    assert words(select(page, ".error-summary h2")[0]) == "2 things need another look"


class WeightForm(forms.Form):
    hands = forms.FloatField(
        label="No hands", initial=0.4, widget=forms.NumberInput(attrs={"min": 0, "max": 2})
    )


def test_a_weight_is_a_number_with_a_slider_of_the_same_bounds() -> None:
    page = drawn("{% weight form.hands %}", form=WeightForm({"hands": "0.7"}))
    slider, number = select(page, "input")
    assert (slider.get("min"), slider.get("max"), slider.get("step")) == ("0", "2", "any")
    assert slider.get("value") == number.get("value") == "0.7"
    assert slider.get("name") is None, "only the number is sent"


class UploadForm(forms.Form):
    file = forms.FileField(label="Work history")


def test_an_upload_tells_its_limit() -> None:
    template = "<form {% upload_form %}>{% upload_field form.file 200000000 %}</form>"
    page = drawn(template, form=UploadForm())
    (drop,) = select(page, "[data-drop]")
    assert (drop.get("data-limit"), drop.get("data-limit-text")) == ("200000000", "200\u202fMB")
    assert select(page, "form")[0].get("data-controller") == "upload"


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "1 kB"),
        (999, "1 kB"),
        (52_000, "52 kB"),
        (400_000, "0.4 MB"),
        (9_960_000, "10.0 MB"),
        (200_000_000, "200 MB"),
    ],
)
def test_the_size_of_a_file_is_said_as_file_managers_do(size: int, written: str) -> None:
    assert fields.size(size).replace("\u202f", " ") == written
