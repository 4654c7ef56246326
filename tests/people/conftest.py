"""People with roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

PASSWORD = "a long pass phrase"
Enter = Callable[[str], Client]


@pytest.fixture
def people(db: None, django_user_model: Any) -> dict[str, Any]:
    """An author, another, an editor, an admin, a superuser, and somebody without a role."""
    made = {}
    for name, group in (("ada", "authors"), ("ben", "authors"), ("eve", "editors"), ("max", "admins"), ("guest", "")):
        made[name] = django_user_model.objects.create_user(name, password=PASSWORD, is_staff=True)
        if group:
            made[name].groups.add(Group.objects.get(name=group))
    made["root"] = django_user_model.objects.create_superuser("root", password=PASSWORD)
    return made


@pytest.fixture
def enter(people: dict[str, Any]) -> Enter:
    """A browser in which somebody is logged in; it speaks English."""

    def enter(name: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        if name:
            client.force_login(people[name], "django.contrib.auth.backends.ModelBackend")
        return client

    return enter
