"""外出: the temporary file between two townships, its notices, its end, its wall; and the nightly check."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope, system_scope
from registry.models import DutyPeriod, Notice, Patient, TemporaryFile
from registry.queries.asof import in_area_on, registered_on
from registry.queries.away import work_lines
from registry.services.away import register_away, take_temporary_file, write_to_duty
from registry.services.nightly import report_breaches, settle_temporary_files, settle_transfers
from registry.services.status import set_status
from registry.services.transfers import answer_transfer, propose_transfer


def days_ago(n):
    return timezone.localdate() - timedelta(days=n)


def go(world, patient, **facts):
    facts = {"on": days_ago(3), "to_township": world.town_b, "address": "西一村工地"} | facts
    with scope(world.worker):
        return register_away(patient=patient, by=world.worker, **facts)


def lines(user):
    with scope(user):
        return [(item.verb, item.name) for item in work_lines(user, timezone.localdate())]


def words_to(user):
    with scope(user):
        return [str(row.words) for row in Notice.objects.order_by("pk") if row.told_by_id != user.pk]


@pytest.mark.parametrize(("until", "opens"), [(27, False), (28, True), (None, True)])
def test_more_than_thirty_days_open_a_temporary_file(world, ran, until, opens):
    """Away since three days: thirty days in all are a month, thirty-one are more."""
    row = go(world, ran, until=None if until is None else timezone.localdate() + timedelta(days=until))
    assert (row is not None) == opens
    assert lines(world.worker_b) == ([("建临时档案", "冉启华")] if opens else [])


def test_the_duty_and_the_counts_stay(world, ran):
    go(world, ran)
    with scope(world.county_office):
        patient = Patient.objects.get(pk=ran.pk)
        here = in_area_on(
            registered_on(Patient.objects.all(), timezone.localdate()), timezone.localdate(), [world.town_b.pk]
        )
        assert (patient.duty_township, patient.status, here.count()) == (world.town_a.pk, "away", 0)


def test_the_destination_holds_little_and_never_the_file(world, ran):
    row = go(world, ran)
    with scope(world.worker_b):
        told = TemporaryFile.objects.get(pk=row.pk).told
        assert not Patient.objects.filter(pk=ran.pk).exists()
    assert set(told) == {"name", "sex", "age", "phone", "address", "level", "words", "guardian", "guardian_phone"}


def test_notices_go_both_ways(world, ran):
    row = go(world, ran)
    with scope(world.worker_b):
        take_temporary_file(file=row.uuid, by=world.worker_b)
        write_to_duty(file=row.uuid, words="已见面，情况平稳。", by=world.worker_b)
    assert words_to(world.worker) == ["西镇已为冉启华建立临时档案。", "冉启华：已见面，情况平稳。"]
    with scope(world.worker):
        set_status(patient=ran, value="managed", on=timezone.localdate(), by=world.worker, reason="返回")
    assert words_to(world.worker_b) == [f"冉启华自 {timezone.localdate()} 起不再外出，临时档案已结束。"]
    with scope(world.worker_b), pytest.raises(Refused, match="已结束"):
        write_to_duty(file=row.uuid, words="x", by=world.worker_b)


def test_the_household_registration_is_told_where_it_differs(world, ran):
    from accounts.terms import AgencyKind
    from tests import factories

    factories.make_agency(AgencyKind.HEALTH_CENTRE, world.town_c)
    with scope(world.worker):
        Patient.objects.filter(pk=ran.pk).update(household_division=world.places["990002201201"])
    go(world, ran)
    assert words_to(world.stranger) == ["户籍在您这里的冉启华外出到西镇，仍由经常居住地管理。"]


def test_one_running_file_a_person(world, ran):
    go(world, ran)
    with pytest.raises(Refused, match="已经告知过"):
        go(world, ran)


def test_a_return_before_leaving_and_two_places_are_refused(world, ran):
    for facts, says in (({"until": days_ago(9)}, "早于"), ({"outside": "某省"}, "只填一个")):
        with pytest.raises(Refused, match=says):
            go(world, ran, **facts)


@pytest.mark.parametrize(("days", "due"), [(30, []), (31, [("登记去向", "冉启华")])])
def test_a_month_away_without_a_file_is_work(world, ran, days, due):
    with scope(world.worker):
        set_status(patient=ran, value="away", on=days_ago(days), by=world.worker, reason="务工")
    assert lines(world.worker) == due


def test_only_the_destination_takes_it(world, ran):
    row = go(world, ran)
    with scope(world.worker), pytest.raises(Denied):
        take_temporary_file(file=row.uuid, by=world.worker)
    with scope(world.stranger), pytest.raises(NotHere):
        take_temporary_file(file=row.uuid, by=world.stranger)
    with scope(world.village_doctor), pytest.raises(Denied):
        take_temporary_file(file=row.uuid, by=world.village_doctor)


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_the_wall_of_temporary_files(world, ran):
    row = go(world, ran)
    for user in (world.worker, world.worker_b, world.county_office):
        with scope(user):
            assert TemporaryFile.objects.count() == 1
    with scope(world.stranger):
        assert TemporaryFile.objects.count() == 0
        assert TemporaryFile.objects.filter(pk=row.pk).update(ended_on=timezone.localdate(), state="ended") == 0
    with transaction.atomic():
        assert TemporaryFile.objects.count() == 0
    copy = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in ("id", "uuid")}
    with scope(world.worker_b):
        refused(lambda: TemporaryFile.objects.create(**copy | {"opened_by_id": world.worker_b.pk}))
        refused(lambda: TemporaryFile.objects.filter(pk=row.pk).update(from_township=world.town_b))


def test_pages_of_both_sides(world, log_in, ran):
    client = log_in(world.worker)
    form = {"on": days_ago(2).isoformat(), "to": world.town_b.code, "address": "西一村工地"}
    answer = client.post(reverse("registry:patient_away", args=[ran.uuid]), form, follow=True)
    assert "告知流入地" in answer.content.decode()
    with scope(world.worker):
        row = TemporaryFile.objects.get()
    assert "19900000001" not in client.get(reverse("registry:temporary_file", args=[row.uuid])).content.decode()
    there = log_in(world.worker_b)
    page = there.get(reverse("registry:temporary_file", args=[row.uuid])).content.decode()
    assert "19900000001" in page
    assert "建立临时档案" in page
    there.post(reverse("registry:temporary_take", args=[row.uuid]))
    assert "流入地已建立" in there.get(reverse("registry:temporary_files")).content.decode()


# --- the night -------------------------------------------------------------------------------------------------------


def test_the_night_finds_nobody_without_a_township(world, ran):
    with system_scope():
        assert report_breaches(timezone.localdate()) == []
    call_command("check_duty", verbosity=0)


def test_a_file_whose_township_is_not_its_newest_periods_is_named(world, ran, capsys):
    with scope(world.worker):
        DutyPeriod.objects.create(patient=ran, starts_on=date(2025, 6, 1), township=world.town_b, county=world.county)
    with system_scope():
        assert [found.uuid for found in report_breaches(timezone.localdate())] == [ran.uuid]
    with pytest.raises(CommandError, match="1 份"):
        call_command("check_duty")
    assert f"{ran.uuid} 管辖记录和档案所在的乡镇不一致" in capsys.readouterr().out
    with scope(world.county_office):
        assert Notice.objects.filter(to_county=world.county, to_township=None).count() == 1


def test_the_night_settles_visits_made_and_journeys_ended(world, ran):
    file = go(world, ran)
    with scope(world.worker):
        row = propose_transfer(patient=ran, by=world.worker, to_township=world.town_b, reason="moved")
    with scope(world.worker_b):
        answer_transfer(transfer=row.uuid, answer="accept", by=world.worker_b)
        Patient.objects.filter(pk=ran.pk).update(last_visit_on=timezone.localdate())
    with system_scope():
        assert (settle_transfers(timezone.localdate()), settle_temporary_files(timezone.localdate())) == (1, 1)
        row.refresh_from_db()
        file.refresh_from_db()
        assert settle_transfers(timezone.localdate()) == 0
    assert (row.state, row.done_on, file.state) == ("done", timezone.localdate(), "ended")


@pytest.mark.django_db
def test_nobody_is_said_to_have_been_told_outside_the_county(world, log_in):
    patient, client = world.patient(), log_in(world.worker)
    said = {"on": timezone.localdate().isoformat(), "outside": "浙江省杭州市西湖区"}
    page = client.post(reverse("registry:patient_away", args=[patient.uuid]), said, follow=True).content.decode()
    assert "请书面或电话告知流入地" in page
    assert "已登记外出，并告知流入地" not in page
    listed = client.get(reverse("registry:temporary_files")).content.decode()
    assert "县外，请书面或电话告知" in listed
    assert "已告知流入地" not in listed
