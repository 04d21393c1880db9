"""Accounts and assignments: who may give what to whom, and the walls behind it."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Assignment, User
from accounts.refusals import Denied, NotHere, Refused
from accounts.services import accounts
from accounts.services.accounts import AssignmentFacts
from accounts.terms import AgencyKind, Role
from tests import factories

TODAY = date(2026, 12, 7)


def facts(world, role=Role.TOWNSHIP_WORKER, place=None, kind=AgencyKind.HEALTH_CENTRE, starts_on=TODAY, ends_on=None):
    place = place or world.town_a
    return AssignmentFacts(role, factories.make_agency(kind, place), place, starts_on, ends_on)


@pytest.fixture
def person(world):
    """An account without any assignment."""
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, world.county)
    return User.objects.create_user("person", None, display_name="某人", agency=agency)


def test_a_new_account_has_a_code_and_no_password(world, admin):
    first = facts(world)
    user, code = accounts.create_account(
        username="Ran01", display_name="冉启华", agency=first.agency, first=first, by=admin
    )
    assert (user.username, user.has_usable_password()) == ("ran01", False)
    assert [row.role for row in user.assignments.all()] == [Role.TOWNSHIP_WORKER]
    assert user.assignments.get().granted_by == admin
    assert user.one_time_codes.count() == 1
    assert len(code) == 14


def test_a_taken_name_is_refused_with_its_field(world, admin):
    first = facts(world)
    assert world.worker.username == "worker"
    with pytest.raises(Refused) as refusal:
        accounts.create_account(username="Worker", display_name="甲", agency=first.agency, first=first, by=admin)
    assert refusal.value.field == "username"


@pytest.mark.parametrize("who", ["worker", "county_office", "commission", "auditor", "police"])
def test_others_may_not_make_accounts(who, world, person):
    first = facts(world)
    with pytest.raises(Denied):
        accounts.create_account(
            username="x01", display_name="甲", agency=first.agency, first=first, by=getattr(world, who)
        )
    with pytest.raises(Denied):
        accounts.add_assignment(user=person, facts=first, by=getattr(world, who))
    with pytest.raises(Denied):
        accounts.reset_login(user=person, forget_phone=False, by=getattr(world, who))
    with pytest.raises(Denied):
        accounts.disable_account(user=person, because="试", by=getattr(world, who))


def test_the_next_county_looks_like_nowhere(world, admin, person):
    with pytest.raises(NotHere):
        accounts.add_assignment(user=person, facts=facts(world, place=world.town_c), by=admin)
    with pytest.raises(NotHere):
        accounts.reset_login(user=world.stranger, forget_phone=False, by=admin)
    with pytest.raises(NotHere):
        accounts.disable_account(user=world.stranger, because="试", by=admin)


def test_nobody_gives_a_role_to_themselves(world, admin):
    with pytest.raises(Refused, match="不能给自己"):
        accounts.add_assignment(user=admin, facts=facts(world), by=admin)
    assert admin.assignments.count() == 1


@pytest.mark.parametrize(
    ("role", "place", "kind", "ends_on", "field"),
    [
        pytest.param(Role.TOWNSHIP_WORKER, "990001", AgencyKind.HEALTH_CENTRE, None, "division", id="level"),
        pytest.param(Role.COUNTY_OFFICE, "990001001", AgencyKind.HEALTH_CENTRE, None, "division", id="other-level"),
        pytest.param(Role.TOWNSHIP_POLICE, "990001001", AgencyKind.POLICE, None, "ends_on", id="partner-without-end"),
        pytest.param(Role.TOWNSHIP_POLICE, "990001001", AgencyKind.POLICE, date(2026, 12, 6), "ends_on", id="ended"),
    ],
)
def test_an_assignment_of_the_wrong_shape_is_refused(role, place, kind, ends_on, field, world, admin, person):
    with pytest.raises(Refused) as refusal:
        accounts.add_assignment(
            user=person, facts=facts(world, role, world.places[place], kind, ends_on=ends_on), by=admin
        )
    assert refusal.value.field == field
    assert person.assignments.count() == 0


def test_a_partner_with_an_end_is_given(world, admin, person):
    said = facts(world, Role.TOWNSHIP_POLICE, kind=AgencyKind.POLICE, ends_on=TODAY + timedelta(days=365))
    assert accounts.add_assignment(user=person, facts=said, by=admin).ends_on == date(2027, 12, 7)


def test_the_same_assignment_twice_is_refused_in_words(world, admin, person):
    accounts.add_assignment(user=person, facts=facts(world), by=admin)
    with pytest.raises(Refused, match="已经登记过"):
        accounts.add_assignment(user=person, facts=facts(world), by=admin)


# --- separated duties -----------------------------------------------------------------------------------------------

DUTIES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
PAIRS = [(a, b) for a in DUTIES for b in DUTIES if a != b]


def county_facts(world, role, starts_on=TODAY, ends_on=None):
    return facts(world, role, world.county, AgencyKind.HEALTH_COMMISSION, starts_on, ends_on)


@pytest.mark.parametrize(("held", "wanted"), PAIRS)
def test_two_separated_duties_are_refused_by_the_service(held, wanted, world, admin, person):
    accounts.add_assignment(user=person, facts=county_facts(world, held), by=admin)
    with pytest.raises(Refused) as refusal:
        accounts.add_assignment(user=person, facts=county_facts(world, wanted), by=admin)
    assert refusal.value.field == "role"


@pytest.mark.parametrize(("held", "wanted"), PAIRS)
def test_two_separated_duties_are_refused_by_the_database(held, wanted, world, person):
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, world.county)
    common = {"user": person, "agency": agency, "division": world.county}
    Assignment.objects.create(**common, role=held, starts_on=TODAY, ends_on=date(2027, 1, 31))
    with pytest.raises(IntegrityError, match="no_two_separated_duties"), transaction.atomic():
        Assignment.objects.create(**common, role=wanted, starts_on=date(2027, 1, 31))
    with pytest.raises(IntegrityError, match="no_two_separated_duties"), transaction.atomic():
        Assignment.objects.bulk_create([Assignment(**common, role=wanted, starts_on=date(2026, 1, 1))])


def test_a_duty_may_follow_another_from_the_next_day(world, admin, person):
    accounts.add_assignment(
        user=person, facts=county_facts(world, Role.SYSTEM_ADMIN, ends_on=date(2027, 1, 31)), by=admin
    )
    with pytest.raises(Refused):
        accounts.add_assignment(
            user=person, facts=county_facts(world, Role.AUDITOR, starts_on=date(2027, 1, 31)), by=admin
        )
    row = accounts.add_assignment(
        user=person, facts=county_facts(world, Role.AUDITOR, starts_on=date(2027, 2, 1)), by=admin
    )
    assert row.role == Role.AUDITOR


def test_the_same_duty_twice_and_other_roles_beside_are_no_conflict(world, admin, person):
    accounts.add_assignment(user=person, facts=county_facts(world, Role.AUDITOR), by=admin)
    accounts.add_assignment(user=person, facts=county_facts(world, Role.COMMISSION), by=admin)
    again = county_facts(world, Role.AUDITOR, starts_on=date(2026, 12, 8))
    assert accounts.add_assignment(user=person, facts=again, by=admin).starts_on == date(2026, 12, 8)


# --- ending, disabling ----------------------------------------------------------------------------------------------


def test_ending_today_lasts_through_today(world, admin):
    row = world.worker.assignments.get()
    today = timezone.localdate()
    accounts.end_assignment(assignment=row, on=today, by=admin, today=today)
    assert list(world.worker.assignments.live(today)) == [row]
    assert list(world.worker.assignments.live(today + timedelta(days=1))) == []


def test_ending_yesterday_stops_at_once(world, admin):
    row = world.worker.assignments.get()
    today = timezone.localdate()
    accounts.end_assignment(assignment=row, on=today - timedelta(days=1), by=admin, today=today)
    assert list(world.worker.assignments.live(today)) == []


def test_an_end_before_yesterday_would_rewrite_the_past(world, admin):
    today = timezone.localdate()
    with pytest.raises(Refused) as refusal:
        accounts.end_assignment(
            assignment=world.worker.assignments.get(), on=today - timedelta(days=2), by=admin, today=today
        )
    assert refusal.value.field == "ends_on"


def test_an_ended_assignment_stays_ended(world, admin):
    today = timezone.localdate()
    row = world.worker.assignments.get()
    row.ends_on = today - timedelta(days=1)
    row.save()
    with pytest.raises(Refused, match="已经结束"):
        accounts.end_assignment(assignment=row, on=today + timedelta(days=30), by=admin, today=today)


def test_an_end_is_no_way_to_a_longer_assignment(world, admin):
    """Nobody lengthens a role, the own one included, past the checks of a grant."""
    today = timezone.localdate()
    for row in (world.worker.assignments.get(), admin.assignments.get()):
        row.ends_on = today + timedelta(days=5)
        row.save()
        with pytest.raises(Refused, match="只能提前"):
            accounts.end_assignment(assignment=row, on=today + timedelta(days=6), by=admin, today=today)
        assert accounts.end_assignment(assignment=row, on=row.ends_on, by=admin, today=today).ends_on == row.ends_on


def test_disabling_ends_sessions_and_wants_a_reason(worker, admin, visitor):
    visitor.log_in(worker)
    with pytest.raises(Refused) as refusal:
        accounts.disable_account(user=worker, because="", by=admin)
    assert refusal.value.field == "because"
    accounts.disable_account(user=worker, because="调离", by=admin)
    assert visitor.get("/me/").status_code == 302
    assert worker.sessions.count() == 0
    accounts.enable_account(user=worker, because="调回", by=admin)
    assert visitor.give_password("worker").url == "/login/code/"


def test_a_county_s_first_administrator_comes_from_the_command_line(world, visitor, capsys):
    call_command("create_administrator", "Guan01", name="管理员甲", area="990001")
    code = capsys.readouterr().out.strip()
    assert visitor.post("/login/first/", {"username": "guan01", "code": code}).url == "/login/password/"
    with pytest.raises(CommandError, match="已有在期的安全管理员"):
        call_command("create_administrator", "guan02", name="管理员乙", area="990001")
    call_command("create_administrator", "guan03", name="管理员丙", area="990002")


@pytest.mark.parametrize(
    ("username", "area", "says"),
    [("guan01", "990001001", "应是一个县"), ("guan01", "123456", "load_divisions"), ("worker", "990001", "已经有人用")],
)
def test_a_wrong_first_administrator_is_refused_in_words(username, area, says, world):
    assert world.worker.username == "worker"
    with pytest.raises(CommandError, match=says):
        call_command("create_administrator", username, name="管理员甲", area=area)


def test_nobody_switches_or_resets_themselves(admin):
    with pytest.raises(Refused):
        accounts.disable_account(user=admin, because="试", by=admin)
    with pytest.raises(Refused):
        accounts.reset_login(user=admin, forget_phone=True, by=admin)
