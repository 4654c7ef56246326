"""The admin's menu: records by what people come for, not by the app that stores them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy

register = template.Library()

_GROUPS = (
    ("writing", gettext_lazy("Writing"), ("Post", "Series", "Page")),
    ("media", gettext_lazy("Media"), ("Image", "Clip", "Embed")),
    ("prompts", gettext_lazy("Prompts and models"), ("Prompt", "Generator", "FailureMode")),
    ("order", gettext_lazy("Topics and addresses"), ("Category", "Tag", "Redirect")),
    ("people", gettext_lazy("People"), ("User", "Group", "Profile")),
    ("site", gettext_lazy("Site"), ("SiteSettings", "LogEntry")),
)


@register.simple_tag
def menu(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Django's list of apps holds, in our groups; what is in none of them comes last, under its app's name."""
    models = {model["object_name"]: model for app in app_list for model in app["models"]}
    groups = [
        {"label": label, "name": name, "models": [models.pop(model) for model in names if model in models]}
        for label, name, names in _GROUPS
    ]
    rest = [
        {"label": app["app_label"], "name": app["name"], "models": [m for m in app["models"] if m in models.values()]}
        for app in app_list
    ]
    return [group for group in (*groups, *rest) if group["models"]]
