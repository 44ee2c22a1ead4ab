from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership

if TYPE_CHECKING:
    from accounts.models import User
    from groups.models import Group, Meeting


@pytest.fixture
def owner(db: None) -> User:
    return make_user("olga")


@pytest.fixture
def group(owner: User) -> Group:
    """A public group with an owner, and nobody else."""
    return make_group("readers", owner=owner)


@pytest.fixture
def private_group(owner: User) -> Group:
    return make_group("quiet-readers", owner=owner, visibility="private", joining="invitation")


@pytest.fixture
def meeting(group: Group) -> Meeting:
    """The group's meeting in a week."""
    return make_meeting(group)


def client_for(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner_client(owner: User) -> Client:
    return client_for(owner)


@pytest.fixture
def member_client(group: Group) -> Client:
    """The browser of a member of the group, who is no organiser."""
    return client_for(make_membership(group, make_user("mona")).member)


@pytest.fixture
def outsider_client(db: None) -> Client:
    """The browser of somebody who does not belong."""
    return client_for(make_user("otto"))
