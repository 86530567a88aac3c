"""Fields that are written down in one go: a template for each takes ten times as long."""

from html import escape
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

KINDS = ("text", "hidden", "number", "date", "time")
INPUTS = frozenset(f"django/forms/widgets/{kind}.html" for kind in KINDS)


class PlainInputs(DjangoTemplates):
    """Writes what the templates of plain inputs write."""

    def render(self, template_name: str, context: Any, request: Any = None) -> SafeString:
        if template_name not in INPUTS:
            return SafeString(super().render(template_name, context, request))
        widget = context["widget"]
        first = {"type": widget["type"], "name": widget["name"]}
        if widget["value"] is not None:
            first["value"] = widget["value"]
        return format_html("<input{}>", flatatt_in_order(first | widget["attrs"]))


PLAIN_INPUTS = PlainInputs()


def flatatt_in_order(attrs: dict[str, Any]) -> SafeString:
    """Attributes as templates write them: in their order, True by its name alone."""
    told = (
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )
    return SafeString("".join(told))


class LongSelect(forms.Select):
    """A select with many options."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Any = None,
        renderer: Any = None,  # noqa: ARG002 - the widget's own signature
    ) -> SafeString:
        flat = format_html("{}", flatatt(self.build_attrs(self.attrs, attrs) | {"name": name}))
        return format_html("<select{}>{}</select>", flat, self._options(self.choices, str(value)))

    def _options(self, choices: Any, chosen: str) -> SafeString:
        found = []
        for value, label in choices:
            if isinstance(label, list):
                inside = self._options(label, chosen)
                found.append(f'<optgroup label="{escape(str(value))}">{inside}</optgroup>')
            else:
                mark = " selected" if str(value) == chosen else ""
                option = f'<option value="{escape(str(value))}"{mark}>{escape(str(label))}</option>'
                found.append(option)
        return SafeString("".join(found))
