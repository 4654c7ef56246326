"""The door of the admin: password, then the second step of those who have one. Guessing is slowed down by axes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy
from django_otp import match_token, user_has_device


class LoginForm(AdminAuthenticationForm):
    """Name and password; for those who have set it up, a code from their phone or a backup code."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": gettext_lazy("The name or the password isn't right. Capital letters count."),
    }

    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Only if you have set up the second step: from your app, or a backup code."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        """A wrong code counts as a wrong password does."""
        cleaned: dict[str, Any] = super().clean()
        user: Any = self.get_user()
        if user is None or not user_has_device(user):
            return cleaned
        code = "".join(str(self.cleaned_data.get("code", "")).split())
        if not code:
            self.add_error("code", _("Write the code that your app shows now."))
        elif match_token(user, code) is None:
            user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=self.request)
            self.add_error("code", _("This code isn't right, or was used before. Wait for the next one."))
        return cleaned


def locked(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Too many tries: say until when, and who can help."""
    wait: timedelta = settings.AXES_COOLOFF_TIME
    context = {**admin.site.each_context(request), "title": _("Too many tries"), "minutes": wait.seconds // 60}
    locked_page = render(request, "admin/locked.html", context, status=429)
    locked_page["Retry-After"] = str(wait.seconds)
    return locked_page


def address(request: HttpRequest) -> str | None:
    """Whose tries are counted. Behind a proxy it is the last address of the header, which the proxy has written."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR") or None


admin.site.login_form = LoginForm
