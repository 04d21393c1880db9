"""Where each role can go, and which place is marked as the present one."""

import pytest
from django.urls import reverse

from accounts.terms import ROLES, Permission, Role
from config.navigation import PLACES, home_of, links_for

WORKER = ROLES[Role.TOWNSHIP_WORKER].permissions
POLICE = ROLES[Role.TOWNSHIP_POLICE].permissions
COMMISSION = ROLES[Role.COMMISSION].permissions


def test_every_place_has_an_address():
    assert [place.url_name for place in PLACES if not reverse(place.url_name)] == []


@pytest.mark.parametrize(
    ("role", "home"),
    [
        pytest.param(Role.TOWNSHIP_WORKER, "followup:worklist", id="worker-to-todays-work"),
        pytest.param(Role.VILLAGE_DOCTOR, "followup:worklist", id="village-doctor-to-todays-work"),
        pytest.param(Role.PSYCHIATRIST, "followup:worklist", id="psychiatrist-to-todays-work"),
        pytest.param(Role.HOSPITAL, "followup:worklist", id="hospital-to-todays-work"),
        pytest.param(Role.TOWNSHIP_POLICE, "exchange:inbox", id="police-to-the-inbox"),
        pytest.param(Role.COUNTY_POLITICAL_LEGAL, "exchange:inbox", id="political-legal-to-the-inbox"),
        pytest.param(Role.COMMISSION, "reports:dashboard", id="commission-to-the-dashboard"),
        pytest.param(Role.DEPARTMENT, "reports:reported", id="department-to-its-values"),
        pytest.param(Role.SECURITY_ADMIN, "accounts:users", id="security-admin-to-the-accounts"),
        pytest.param(Role.VILLAGE_CLERK, "registry:clues", id="village-clerk-to-the-clues"),
        pytest.param(Role.INSURANCE, "exchange:files", id="insurance-to-its-files"),
        pytest.param(Role.FINANCE, "accounts:me", id="nothing-else-to-open"),
    ],
)
def test_home_is_the_first_page_of_the_days_work(role, home):
    assert home_of(ROLES[role].permissions) == home


def test_a_partner_has_the_inbox_and_the_own_clues():
    assert [link.label for link in links_for(POLICE, "exchange:inbox")] == [
        "预警", "线索", "收到告知", "协同随访",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("permissions", "view", "marked"),
    [
        pytest.param(WORKER, "followup:visit_new", ["今日工作"], id="a-visit-belongs-to-todays-work"),
        pytest.param(WORKER, "registry:patient_edit", ["患者"], id="a-file-belongs-to-patients"),
        pytest.param(WORKER, "exchange:sent", ["通报"], id="sent-alerts"),
        pytest.param(COMMISSION, "reports:reported", ["填报"], id="a-named-view-wins-over-its-namespace"),
        pytest.param(COMMISSION, "reports:reported_new", ["填报"], id="a-value-to-enter"),
        pytest.param(COMMISSION, "reports:indicator", ["总览"], id="an-indicator-belongs-to-the-dashboard"),
        pytest.param(WORKER, "accounts:me", [], id="ones-own-page-belongs-to-none"),
    ],
)
def test_one_place_is_marked_as_present(permissions, view, marked):
    assert [link.label for link in links_for(permissions, view) if link.current] == marked


def test_every_place_is_opened_by_a_permission_some_role_has():
    given = frozenset().union(*(facts.permissions for facts in ROLES.values()))
    assert {place.permission for place in PLACES} - given == set()
    assert all(isinstance(place.permission, Permission) for place in PLACES)
