"""Form fields."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from blog.rendering import front_matter
from blog.rendering.front_matter import FrontMatterError
from blog.sentences import translated


class LinesField(forms.CharField):
    """Lines of text. Browsers send the end of each as two characters, which is no change."""

    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class BodyField(LinesField):
    """A whole text, to its last line's end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})


class VariablesField(forms.CharField):
    """Front-matter variables, written as in a Jekyll post: `t_tokyo: i/status/1758…`, a line each."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """From data to lines; what somebody typed stays as it is."""
        return front_matter.dump(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """From lines to data."""
        if isinstance(value, dict):
            return value
        try:
            return front_matter.load(str(value or "").replace("\r\n", "\n"))[0]
        except FrontMatterError as error:
            raise ValidationError(
                _("Line %(line)d: %(problem)s."), params={"line": error.line, "problem": translated(str(error))}
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare data, not its spelling."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class LinksField(forms.CharField):
    """A list of addresses, a line each."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """From data to lines; what somebody typed stays as it is."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """From lines to data."""
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare data, not its spelling."""
        return bool((initial or []) != self.to_python(data))


class CodeField(forms.CharField):
    """A search engine's code. Whoever pastes the whole tag means what is in it."""

    def to_python(self, value: Any) -> Any:
        """The code alone."""
        text = str(super().to_python(value) or "")
        tag = re.search(r"""<meta\b[^>]*\bcontent\s*=\s*["']([^"']*)["']""", text, re.IGNORECASE)
        return tag[1].strip() if tag else text
