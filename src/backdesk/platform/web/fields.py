"""A form's field made ready for its template: label, hint and error tied to the input they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    Form,
    NumberInput,
    RadioSelect,
    TextInput,
)
from django.utils.translation import gettext as _

from backdesk.platform.web import formats

_MEGABYTE = 1_000_000


class NumberText(TextInput):
    """A number typed as text: a browser's own number input drops what it cannot read, so nobody could correct it."""

    def __init__(self, attrs: dict[str, str | int] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """A number in the reader's way of writing; what was typed as it was typed."""
        return (
            formats.typed(value) if isinstance(value, int | float | Decimal) else super().format_value(value)
        )


class _Written:
    """A number read as the reader's language writes it, so 12,5 is no 125 in any of them."""

    widget = NumberText

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)  # type: ignore[misc]
        try:
            return super().to_python(f"{formats.read_number(value):f}")  # type: ignore[misc]
        except formats.NotANumber as error:
            raise ValidationError(str(error), code="invalid") from error


class FloatField(_Written, forms.FloatField):
    pass


class DecimalField(_Written, forms.DecimalField):
    pass


class IntegerField(_Written, forms.IntegerField):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    bound: BoundField
    input_id: str
    errors: tuple[str, ...]
    layout: str

    @property
    def hint_id(self) -> str:
        return f"{self.input_id}-hint" if self.bound.help_text else ""

    @property
    def error_id(self) -> str:
        return f"{self.input_id}-error" if self.errors else ""

    @property
    def is_optional(self) -> bool:
        return not self.bound.field.required

    @property
    def widget(self) -> str:
        """The input, described by its hint and its error."""
        described = " ".join(part for part in (self.hint_id, self.error_id) if part)
        attributes: dict[str, str | bool] = {"aria-describedby": described} if described else {}
        if self.errors:
            attributes["aria-invalid"] = "true"
        return self.bound.as_widget(attrs=attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    low: str
    high: str
    step: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One line of the summary: what is wrong, and the input to go to."""

    text: str
    target: str


def prepared(bound: BoundField) -> Field:
    return Field(
        bound=bound,
        input_id=bound.auto_id or bound.html_name,
        errors=messages(bound),
        layout=_layout(bound),
    )


def messages(bound: BoundField) -> tuple[str, ...]:
    """What is wrong with the field; Django's most general messages say what would be right."""
    found = bound.form.errors.as_data().get(bound.name, [])
    return tuple(_message(bound, error) for error in found)


def errors(form: Form) -> tuple[FieldError, ...]:
    """Those of the whole form first, then field by field in the order of the form."""
    whole = [FieldError(text=str(text), target="") for text in form.non_field_errors()]
    single = [
        FieldError(text=_with_label(bound, text), target=_first_input(bound))
        for bound in form
        for text in messages(bound)
    ]
    return (*whole, *single)


def range_of(bound: BoundField) -> Range:
    """The bounds of a number field, for the slider beside it."""
    attributes = bound.field.widget.attrs
    value = bound.value()
    return Range(
        low=str(attributes.get("min", 0)),
        high=str(attributes.get("max", 1)),
        step=str(attributes.get("step", "any")),
        value="" if value is None else str(value),
    )


def size(value: int) -> str:
    """Bytes in decimal megabytes, as file managers show them."""
    if value >= 10 * _MEGABYTE:
        return f"{formats.number(round(value / _MEGABYTE))}{formats.NARROW}MB"
    if value >= _MEGABYTE // 10:
        return f"{formats.number(value / _MEGABYTE, decimals=1)}{formats.NARROW}MB"
    return f"{formats.number(max(round(value / 1000), 1))}{formats.NARROW}kB"


def _message(bound: BoundField, error: ValidationError) -> str:
    general = {**forms.Field.default_error_messages, **bound.field.default_error_messages}
    if error.code == "required" and error.message == general.get("required"):
        return _("“%(field)s” is needed.") % {"field": bound.label}
    if error.code == "invalid_choice" and error.message == general.get("invalid_choice"):
        return _("“%(field)s” needs one of the choices.") % {"field": bound.label}
    return " ".join(str(text) for text in error.messages)


def _with_label(bound: BoundField, text: str) -> str:
    return (
        text
        if str(bound.label) in text
        else _("“%(field)s”: %(text)s") % {"field": bound.label, "text": text}
    )


def _layout(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "choice"
    is_short = isinstance(widget, NumberInput | NumberText) or "size" in widget.attrs
    return "short" if is_short else "line"


def _first_input(bound: BoundField) -> str:
    first = f"{bound.auto_id}_0"
    return first if _layout(bound) == "choices" else str(bound.auto_id)
