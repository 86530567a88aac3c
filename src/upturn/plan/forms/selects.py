"""Selects that stay cheap however much there is to choose from."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A select with many options, written down in one go: a template for each takes ten times."""

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
                found.append(f'<optgroup label="{escape(value)}">{inside}</optgroup>')
            else:
                mark = " selected" if str(value) == chosen else ""
                option = f'<option value="{escape(value)}"{mark}>{escape(label)}</option>'
                found.append(option)
        return SafeString("".join(found))
