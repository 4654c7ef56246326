"""What people look after themselves: their profile, the second step at the door, where they are logged in."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.admin.fields import LinksField
from blog.admin.forms import TextForm
from blog.admin.labels import Labelled
from blog.models import Profile

BACKUP_CODES = 10

admin.site.unregister([TOTPDevice, StaticDevice])  # their pages show secrets; people set it up themselves, here


class ProfileForm(TextForm):
    """What readers learn about an author."""

    links = LinksField(
        required=False,
        label=gettext_lazy("Links"),
        help_text=gettext_lazy("Elsewhere on the web: addresses, a line each."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Profile
        fields = ("body", "links", "picture", "lang", "slug")


@admin.register(Profile)
class ProfileAdmin(Labelled):
    """Everybody has one, and edits it; those who manage people edit all."""

    form = ProfileForm
    list_display = ("name", "slug")
    search_fields = ("user__username", "user__first_name", "user__last_name", "slug")
    list_select_related = ("user",)
    autocomplete_fields = ("picture",)
    view_on_site = False  # a page is public only while a post is

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        """One's own, or all."""
        profiles: QuerySet[Profile] = super().get_queryset(request)
        return profiles if _manages_people(request) else profiles.filter(user=_me(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: it is made with its user."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it goes with its user."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Those who have only their own go straight to it."""
        own = Profile.objects.filter(user=_me(request)).first()
        if own and not _manages_people(request):
            return redirect("admin:blog_profile_change", own.pk)
        return super().changelist_view(request, extra_context)

    def get_urls(self) -> list[URLPattern]:
        """The account of whoever asks."""
        own = [
            path(f"{address}/", self.admin_site.admin_view(never_cache(view)), name=f"blog_profile_{name}")
            for address, view, name in (
                ("account", self.account, "account"),
                ("account/second-step", self.second_step, "second_step"),
                ("account/log-out-everywhere", self.log_out_everywhere, "log_out_everywhere"),
            )
        ]
        return [*own, *super().get_urls()]

    def account(self, request: HttpRequest) -> HttpResponse:
        """What there is to look after."""
        profile = Profile.objects.filter(user=_me(request)).first()
        context = {"profile": profile, "has_second_step": _device(request) is not None}
        return self._page(request, "account", _("Your account"), context)

    def second_step(self, request: HttpRequest) -> HttpResponseBase:
        """Set it up; with it: new backup codes, or no second step any more."""
        device = _device(request)
        if device is None:
            return self._set_up(request)
        form = CodeForm(request.POST or None, user=request.user)
        if form.is_valid() and "_off" in request.POST:
            _turn_off(request.user)
            _log(request, _("The second step was turned off."))
            messages.success(request, _("The second step was turned off."))
            return redirect("admin:blog_profile_account")
        if form.is_valid():
            return self._page(request, "backup_codes", _("Backup codes"), {"codes": _new_codes(request.user)})
        left = StaticToken.objects.filter(device__user=_me(request)).count()
        return self._page(request, "second_step", _("Second step"), {"form": form, "left": left})

    def _set_up(self, request: HttpRequest) -> HttpResponse:
        device = TOTPDevice.objects.filter(user=_me(request), confirmed=False).first()
        if device is None:
            device = TOTPDevice.objects.create(user=_me(request), name="app", confirmed=False)
        form = CodeForm(request.POST or None, device=device)
        if form.is_valid():
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            _log(request, _("The second step was set up."))
            log_out(request.user, but=request.session.session_key)
            return self._page(request, "backup_codes", _("Backup codes"), {"codes": _new_codes(request.user)})
        key = b32encode(device.bin_key).decode()
        picture = segno.make(device.config_url, error="m").svg_inline(scale=4, light="#fff", dark="#000")
        context = {
            "form": form,
            "key": " ".join(key[i : i + 4] for i in range(0, len(key), 4)),
            "address": device.config_url,
            "picture": mark_safe(picture),  # paths drawn by segno
        }
        return self._page(request, "second_step_setup", _("Set up a second step"), context)

    def log_out_everywhere(self, request: HttpRequest) -> HttpResponseBase:
        """Here too."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        log_out(request.user)
        logout(request)
        return redirect("admin:login")

    def _page(self, request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "title": title}
        return TemplateResponse(request, f"admin/account/{name}.html", {**frame, **context})


class CodeForm(forms.Form):
    """A code, checked against the new device or against what somebody has."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )

    def __init__(self, *args: Any, user: Any = None, device: TOTPDevice | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user, self._device = user, device

    def clean_code(self) -> str:
        """Right, and never used before."""
        code = "".join(str(self.cleaned_data["code"]).split())
        right = self._device.verify_token(code) if self._device else match_token(self._user, code) is not None
        if not right:
            raise ValidationError(_("This code isn't right, or was used before. Wait for the next one."))
        return code


def log_out(user: Any, but: str | None = None) -> int:
    """End the sessions of somebody (`but` one); how many there were. A blog has few sessions: each is looked into."""
    keys = [
        session.session_key
        for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but or "")
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def remove_second_step(user: Any) -> bool:
    """For somebody who has lost the phone and the codes; whether there was one."""
    had: bool = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    _turn_off(user)
    return had


def _turn_off(user: Any) -> None:
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()


def _new_codes(user: Any) -> list[str]:
    """New backup codes; the old ones work no longer."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="backup")
        codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _device(request: HttpRequest) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=_me(request), confirmed=True).first()
    return found


def _me(request: HttpRequest) -> Any:
    """Somebody with an account: the admin lets nobody else in."""
    return request.user


def _manages_people(request: HttpRequest) -> bool:
    return request.user.has_perm("auth.change_user")


def _log(request: HttpRequest, message: str) -> None:
    user = _me(request)
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, message, single_object=True)
