"""Fields of forms written in Python. Django's templates cost three renderings for each option of a select: on a page
with a large form that was a third of the answer's time. What comes out says the same, without the empty lines."""

from collections.abc import Callable
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.safestring import SafeData

Widget = dict[str, Any]  # as Widget.get_context makes it


def _value(value: Any) -> str:
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _label(label: Any) -> str:
    return _value(label if isinstance(label, str) else localize(label))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_value(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_value(widget["value"])}"'
    return f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    text = _label(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _option(widget: Widget) -> str:
    return f'<option value="{_value(widget["value"])}"{_attributes(widget)}>{_label(widget["label"])}</option>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_label(group)}">')
        parts += [WRITTEN[option["template_name"]](option) for option in options]
        if group:
            parts.append("</optgroup>")
    return "\n".join([*parts, "</select>"])


def _choice(widget: Widget) -> str:
    """One radio button or tick box, inside its label."""
    if not widget["wrap_label"]:
        return _input(widget)
    key = widget["attrs"].get("id")
    of = f' for="{_value(key)}"' if key else ""
    return f"<label{of}>{_input(widget)} {_label(widget['label'])}</label>"


def _choices(widget: Widget) -> str:
    named = "".join(f' {key}="{_value(widget["attrs"][key])}"' for key in ("id", "class") if widget["attrs"].get(key))
    parts = [f"<div{named}>"]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f"<div><label>{_label(group)}</label>")
        parts += [f"<div>{WRITTEN[option['template_name']](option)}</div>" for option in options]
        if group:
            parts.append("</div>")
    return "\n".join([*parts, "</div>"])


_INPUTS = "checkbox color date datetime email file hidden input number password search tel text time url".split()
_WRITERS: dict[str, Callable[[Widget], str]] = {
    **dict.fromkeys(_INPUTS, _input),
    "textarea": _textarea,
    "select": _select,
    "select_option": _option,
    "radio": _choices,
    "radio_option": _choice,
    "checkbox_select": _choices,
    "checkbox_option": _choice,
}
WRITTEN = {f"django/forms/widgets/{name}.html": write for name, write in _WRITERS.items()}


class WrittenWidgets(DjangoTemplates):
    """FORM_RENDERER. Whatever is not written here comes from Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return write(context["widget"])  # the widget marks it as markup: every part was escaped where it was put in
