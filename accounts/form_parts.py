"""Parts of forms that every app uses: numbers that say their limits, and questions that only some answers call for.

Without scripts all of them are on the page and their hints say when they are meant; with scripts (static/js/when.js) a
question shows while the answer it hangs on is given, and sends nothing otherwise.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django import forms

Asked = TypeVar("Asked", bound=forms.Field)
_NUMBER_FAULTS = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits")


class WholeNumberField(forms.IntegerField):
    """A whole number between two limits; whatever is wrong with the answer, one sentence says what may be filled in."""

    def __init__(self, *, lowest: int, highest: int, **kwargs: Any) -> None:
        said = dict.fromkeys(_NUMBER_FAULTS, f"请填 {lowest} 到 {highest} 之间的整数。")
        said |= kwargs.pop("error_messages", {})
        super().__init__(min_value=lowest, max_value=highest, error_messages=said, **kwargs)


class DecimalNumberField(forms.DecimalField):
    """A number between two limits with `places` decimals; its sentence as a whole number's."""

    def __init__(self, *, lowest: Decimal, highest: Decimal, places: int, **kwargs: Any) -> None:
        said = dict.fromkeys(_NUMBER_FAULTS, f"请填 {lowest} 到 {highest} 之间的数，最多 {places} 位小数。")
        digits = len(str(int(highest))) + places
        super().__init__(
            min_value=lowest, max_value=highest, max_digits=digits, decimal_places=places, error_messages=said, **kwargs
        )


def asked_when(other: str, codes: Iterable[str], field: Asked, *, needed: bool = False) -> Asked:
    """`field`, asked while the form's field `other` holds one of `codes`. `needed`: then it may not stay empty."""
    field.widget.attrs["data-when"] = f"{other}={' '.join(codes)}"
    field.needed_then = needed  # type: ignore[attr-defined]  # read by components/field.html
    field.bound_data = _what_was_there  # type: ignore[method-assign]
    return field


def _what_was_there(data: Any, initial: Any) -> Any:
    """A hidden question sends nothing: when the form is refused, what it was filled in with beforehand is still there."""
    return initial if data is None else data


def asked_by_rules(field: Asked) -> Asked:
    """`field`, which the form lets through empty because a rule asks for it, or for another in its stead, and says so
    with everything else that lacks: its page does not call it 可不填."""
    field.needed_then = True  # type: ignore[attr-defined]
    return field


def may_stay_empty(field: forms.Field) -> bool:
    return not field.required and not getattr(field, "needed_then", False)


class SelectWhen(forms.Select):
    """A list that offers an answer only while another field holds the code this answer belongs to."""

    def __init__(self, other: str, belongs: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.other, self.belongs = other, belongs

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if (code := self.belongs.get(str(value))) is not None:
            option["attrs"]["data-when"] = f"{self.other}={code}"
        return option
