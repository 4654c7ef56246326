"""Those who write here, and the log of what they did."""

from __future__ import annotations

from typing import Any

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog import people
from blog.admin.account import log_out, remove_second_step
from blog.admin.large import InTwoSteps, Large, MomentFilter

admin.site.unregister(User)


class RoleFilter(admin.SimpleListFilter):
    """Whoever is in a group."""

    title = gettext_lazy("groups")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All groups."""
        return [(str(group.pk), people.role_name(group)) for group in Group.objects.order_by("pk")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """As chosen."""
        chosen = self.value() or ""
        return queryset.filter(groups=int(chosen)) if chosen.isdecimal() else queryset


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    """People. An administrator of theirs can't make themselves, or others, more than that."""

    list_display = ("username", "full_name", "roles", "is_active", "second_step", "last_login")
    list_filter = ("is_active", RoleFilter)
    filter_horizontal = ()
    actions = ("unlock", "log_out_everywhere", "remove_second_step")
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    *("username", "first_name", "last_name", "email"),
                    *("usable_password", "password1", "password2", "groups"),
                ),
                "description": gettext_lazy("Authors write and submit, editors publish, admins manage people too."),
            },
        ),
    )
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (gettext_lazy("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With what the list says of each."""
        found: QuerySet[User] = super().get_queryset(request)
        secured = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return found.prefetch_related("groups").annotate(secured=Exists(secured))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody but a superuser changes a superuser."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or bool(getattr(request.user, "is_superuser", False)))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: who leaves is made inactive; their posts keep their author, the log its names."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only superusers make superusers."""
        fields = super().get_readonly_fields(request, obj)
        return fields if getattr(request.user, "is_superuser", False) else (*fields, "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Three boxes to tick, instead of two lists."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label_from_instance = people.role_name
        return field

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever is added here is to write here. Who is made inactive is logged out."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            log_out(obj)

    @admin.display(description=gettext_lazy("name"), ordering="first_name")
    def full_name(self, person: User) -> str:
        """As it signs posts."""
        return person.get_full_name() or "—"

    @admin.display(description=gettext_lazy("groups"))
    def roles(self, person: User) -> str:
        """Author, editor, admin."""
        if person.is_superuser:
            return _("superuser")
        return ", ".join(people.role_name(group) for group in person.groups.all()) or "—"

    @admin.display(description=gettext_lazy("second step"), boolean=True)
    def second_step(self, person: Any) -> bool:
        """Whether a code is asked for at the door."""
        return bool(person.secured)

    @admin.action(description=gettext_lazy("Let in again after too many tries"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Forget failed tries for these names."""
        changed = [person for person in self._changeable(request, queryset) if reset(username=person.get_username())]
        self._report(request, changed, _("Let in again after too many tries"))

    @admin.action(description=gettext_lazy("Log out everywhere"), permissions=["change"])
    def log_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End all their sessions."""
        changed = [person for person in self._changeable(request, queryset) if log_out(person)]
        self._report(request, changed, _("Logged out everywhere"))

    @admin.action(description=gettext_lazy("Remove the second step (phone lost)"), permissions=["change"])
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The password alone lets them in again."""
        changed = [person for person in self._changeable(request, queryset) if remove_second_step(person)]
        self._report(request, changed, _("Second step removed"))

    def _changeable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        return [person for person in queryset if self.has_change_permission(request, person)]

    def _report(self, request: HttpRequest, changed: list[User], what: str) -> None:
        for person in changed:
            self.log_change(request, person, what)
        text = ngettext("%(count)d person: %(what)s.", "%(count)d people: %(what)s.", len(changed))
        level = messages.SUCCESS if changed else messages.INFO
        self.message_user(request, text % {"count": len(changed), "what": what}, level)


class LoggedFilter(MomentFilter):
    """When it was done."""

    column = "action_time"


@admin.register(LogEntry)
class LogAdmin(Large):
    """Who did what, and when. Nobody writes into it."""

    list_display = ("action_time", "user", "what", "said")
    list_display_links = None
    list_filter = ("action_flag", LoggedFilter, ("content_type", admin.RelatedOnlyFieldListFilter), "user")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "change_message", "user__username")
    list_per_page = 50
    paginator = InTwoSteps  # the log makes no content version
    ordering = ("-pk",)  # as it was written

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    @admin.display(description=gettext_lazy("what"), ordering="object_repr")
    def what(self, entry: LogEntry) -> SafeString | str:
        """The record, with a link while it is there."""
        kind = entry.content_type.name if entry.content_type else ""
        address = None if entry.is_deletion() else entry.get_admin_url()
        name = format_html('<a href="{}">{}</a>', address, entry.object_repr) if address else entry.object_repr
        return format_html("{} <small>{}</small>", name, kind)

    @admin.display(description=gettext_lazy("change"))
    def said(self, entry: LogEntry) -> str:
        """Added, deleted, or what was changed."""
        return entry.get_change_message() or entry.get_action_flag_display()
