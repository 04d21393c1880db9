"""A county's templates: two people, one county, a fresh assessment, and the pages of clerk and officer."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models.signals import post_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, AuditEvent
from accounts.refusals import Conflict, Denied, NotHere, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import RecipientTemplate
from exchange.queries.template_lines import template_lines
from exchange.queries.templates import presets, template_on
from exchange.rules.recipient_templates import digest
from exchange.services.templates import (
    activate_template,
    draft_template,
    edit_template,
    end_template,
    propose_template,
    return_template,
)
from tests import factories
from tests.exchange.templates import facts_for, in_force, years_before

pytestmark = pytest.mark.django_db
KEY = "police.quarterly"


@pytest.fixture
def staff():
    places = factories.make_places()
    county, other = places["990001"], places["990002"]
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    abroad = factories.make_agency(AgencyKind.HEALTH_COMMISSION, other)
    found = {
        "county": county,
        "other": other,
        "clerk": factories.make_user(Role.EXCHANGE_CLERK, county, office),
        "officer": factories.make_user(Role.PRIVACY_OFFICER, county, office),
        "commission": factories.make_user(Role.COMMISSION, county, office),
        "foreign": factories.make_user(Role.PRIVACY_OFFICER, other, abroad),
        "auditor": factories.make_user(Role.AUDITOR, county, office),
    }
    Assignment.objects.update(ends_on=None)
    return found


def drafted(staff, **more):
    return draft_template(county=staff["county"], key=KEY, facts=facts_for(presets()[KEY], **more), by=staff["clerk"])


def proposed(staff, **more):
    return propose_template(template=drafted(staff, **more), by=staff["clerk"])


def client(user):
    found = Client(raise_request_exception=False)
    found.force_login(user, backend="accounts.backends.AccountBackend")
    return found


@pytest.fixture
def written():
    """The audit events of the test, as they are written: the application may not read them back."""
    rows = []

    def keep(sender, instance, **more):
        rows.append((instance.action, instance.actor))

    post_save.connect(keep, sender=AuditEvent)
    yield rows
    post_save.disconnect(keep, sender=AuditEvent)


def test_one_proposes_another_puts_it_in_force(staff, written):
    row = proposed(staff)
    with pytest.raises(Denied):
        activate_template(template=row, seen=digest(row.facts), by=staff["clerk"])
    with pytest.raises(NotHere):
        activate_template(template=row, seen=digest(row.facts), by=staff["foreign"])
    with pytest.raises(Refused, match="有了改动"):
        activate_template(template=row, seen="x", by=staff["officer"])
    activate_template(template=row, seen=digest(row.facts), by=staff["officer"])
    today = timezone.localdate()
    assert template_on(staff["county"], "police", "quarterly", today) == row
    assert template_on(staff["other"], "police", "quarterly", today) is None
    assert written == [
        ("exchange.template.drafted", staff["clerk"].uuid),
        ("exchange.template.proposed", staff["clerk"].uuid),
        ("exchange.template.activated", staff["officer"].uuid),
    ]


def test_nobody_with_both_roles_signs_twice(staff):
    both = staff["clerk"]
    both.assignments.create(
        role=Role.PRIVACY_OFFICER, division=staff["county"], agency=both.agency, starts_on=timezone.localdate()
    )
    row = proposed(staff)
    with pytest.raises(Refused, match="另一个人"):
        activate_template(template=row, seen=digest(row.facts), by=both)


def test_a_proposal_waits_three_days(staff):
    row = proposed(staff, starts_on=timezone.localdate() + timedelta(days=9))
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        with pytest.raises(Refused, match="72 小时"):
            activate_template(template=row, seen=digest(row.facts), by=staff["officer"])
        row = return_template(template=row, because="请重新提出", by=staff["officer"])
        row = propose_template(template=row, by=staff["clerk"])
        assert activate_template(template=row, seen=digest(row.facts), by=staff["officer"]).state == "active"


def test_an_assessment_that_has_run_out_puts_nothing_in_force(staff):
    """Proposed on its last day but one, looked at two days later."""
    today = timezone.localdate()
    row = proposed(staff, assessed_on=years_before(today + timedelta(days=1)))
    with time_machine.travel(timezone.now() + timedelta(days=2)), pytest.raises(Refused, match="满 3 年"):
        activate_template(template=row, seen=digest(row.facts), by=staff["officer"])
    row.refresh_from_db()
    assert row.state == "proposed"


def test_a_new_version_replaces_the_old_on_its_day(staff):
    clerk, officer, county = staff["clerk"], staff["officer"], staff["county"]
    today = timezone.localdate()
    first = in_force(county, KEY, clerk=clerk, officer=officer)
    second = in_force(county, KEY, clerk=clerk, officer=officer, starts_on=today + timedelta(days=5))
    first.refresh_from_db()
    assert (first.state, second.version) == ("replaced", 2)
    assert template_on(county, "police", "quarterly", today + timedelta(days=4)) == first
    assert template_on(county, "police", "quarterly", today + timedelta(days=5)) == second
    end_template(template=second, because="协议到期", by=officer)
    assert template_on(county, "police", "quarterly", today + timedelta(days=6)) is None


def test_two_tabs_and_two_clerks(staff):
    row = drafted(staff)
    with pytest.raises(Refused, match="刚刚有人拟定"):
        drafted(staff)
    facts = facts_for(presets()[KEY], agreement="试协2")
    edit_template(template=row, facts=facts, edits=1, by=staff["clerk"])
    with pytest.raises(Conflict):
        edit_template(template=row, facts=facts, edits=1, by=staff["clerk"])
    propose_template(template=row, by=staff["clerk"])
    with pytest.raises(Refused, match="已经是"):
        propose_template(template=row, by=staff["clerk"])
    with pytest.raises(Refused, match="不能再修改"):
        edit_template(template=row, facts=facts, edits=2, by=staff["clerk"])


def test_a_foreign_county_and_a_stranger_write_nothing(staff):
    facts = facts_for(presets()[KEY])
    with pytest.raises(NotHere):
        draft_template(county=staff["other"], key=KEY, facts=facts, by=staff["clerk"])
    for who in ("auditor", "officer"):
        with pytest.raises(Denied):
            draft_template(county=staff["county"], key=KEY, facts=facts, by=staff[who])
    with pytest.raises(Refused):
        draft_template(county=staff["county"], key="finance.quarterly", facts=facts, by=staff["clerk"])
    assert not RecipientTemplate.objects.exists()


def test_work_waits_for_the_second_person_and_before_three_years(staff):
    today = timezone.localdate()
    row = proposed(staff)
    with scope(staff["officer"]):
        assert [item.verb for item in template_lines(staff["officer"], today)] == ["审核"]
    with scope(staff["clerk"]):
        assert template_lines(staff["clerk"], today) == []
    return_template(template=row, because="缺附件", by=staff["officer"])
    with scope(staff["clerk"]):
        assert "缺附件" in template_lines(staff["clerk"], today)[0].why
    propose_template(template=row, by=staff["clerk"])
    row.refresh_from_db()
    activate_template(template=row, seen=digest(row.facts), by=staff["officer"])
    later = today + timedelta(days=3 * 365 - 30)
    for who in ("clerk", "officer"):
        with scope(staff[who]):
            assert [item.verb for item in template_lines(staff[who], later)] == ["重新评估"]


def test_the_clerks_pages(staff):
    page = client(staff["clerk"]).get(reverse("exchange:templates")).content.decode()
    assert "法定" in page
    assert "综治数据" in page
    url = reverse("exchange:template_new", args=[KEY])
    answer = client(staff["clerk"]).post(url, {"citation": "依据", "list_high_risk": ["diagnosis"]})
    assert answer.status_code == 400
    assert "请从列出的栏目里选择" in answer.content.decode()
    assert not RecipientTemplate.objects.exists()
    given = {
        "basis": "statutory_duty", "citation": "试行规定第 1 条", "agreement": "试协1", "assessment": "试评1",
        "assessed_on": f"{timezone.localdate()}", "starts_on": f"{timezone.localdate()}",
        "list_high_risk": ["level", "name"],
    }  # fmt: skip
    answer = client(staff["clerk"]).post(url, given, follow=True)
    page = answer.content.decode()
    assert "草稿已保存" in page
    row = RecipientTemplate.objects.get()
    assert row.sections == [{"list": "high_risk", "items": ["name", "level"]}]
    assert client(staff["officer"]).get(reverse("exchange:template", args=[row.uuid])).status_code == 200
    assert client(staff["foreign"]).get(reverse("exchange:template", args=[row.uuid])).status_code == 404
    stopped = client(staff["clerk"]).post(reverse("exchange:template_end", args=[row.uuid]), {"because": ""})
    assert "请写明原因" in stopped.content.decode()
