"""任务台账: who sees which task, how it moves, what is late, to whom it is given; nothing of its history is rewritten."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import StepRefused
from accounts.terms import AgencyKind, Permission, Role
from reports.doors import tasks_for
from reports.models import Task, TaskNote, TaskParty
from reports.queries import packs
from reports.queries.tasks import Filters, filtered, in_state, late_by_office, late_by_place, state_counts
from reports.services.plans import load_plan
from reports.services.tasks import (
    NoteRefused,
    Said,
    SameHands,
    confirm_done,
    give_task,
    name_person,
    note_progress,
    report_done,
    turn_task,
)
from reports.terms import NoteKind, TaskState
from tests import factories
from tests.conftest import OTHER_COUNTY
from tests.reports.conftest import PLAN

DAY = date(2026, 9, 30)


def said(words="做了一步。", evidence="", days=0):
    return Said(timezone.localdate() - timedelta(days=days), words, evidence)


@pytest.fixture
def task(world, plan):
    """学校和社会的心理健康服务: the department of education has a part in it."""
    return Task.objects.get(key="for_everyone")


# ── what loading a plan writes ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_loading_a_plan_enters_its_tasks_with_their_departments(world, plan):
    assert Task.objects.filter(pack=PLAN, area=world.county, parent=None).count() == 18
    found = Task.objects.get(key="hospitals")
    assert (found.clause, found.due_on, found.state) == ("二（一）1", date(2025, 12, 31), "open")
    assert list(found.parties.order_by("place").values_list("part", "kind", "name")) == [
        ("responsible", "health_commission", "县卫生健康委"), ("responsible", "development", "县发展改革委"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_changed_plan_changes_what_the_task_says_and_keeps_its_history(world, plan, tmp_path):
    note_progress(Task.objects.get(key="clinics"), said=said("已开 4 家。"), by=world.county_office)
    file = tmp_path / f"{PLAN}.toml"
    text = file.read_text(encoding="utf-8")
    gone = text[text.index('[[task]]\nkey = "funding"') : text.index('[[task]]\nkey = "review"')]
    text = text.replace(gone, "").replace("四成乡镇卫生院", "一半乡镇卫生院")
    file.write_text(text.replace('"县卫生健康委", "各基层医疗机构"', '"县卫生健康委"'), encoding="utf-8")
    assert load_plan(PLAN)[1] == "updated"
    found = Task.objects.get(key="clinics")
    assert found.name.startswith("一半乡镇卫生院")
    assert (found.state, found.notes.count()) == ("working", 1)
    assert set(found.parties.values_list("kind", flat=True)) == {"health_commission", "government"}
    dropped = Task.objects.get(key="funding")
    assert (dropped.state, dropped.notes.get().words) == ("dropped", "计划包里已经没有这项任务。")
    assert load_plan(PLAN)[1] == "unchanged"


@pytest.mark.django_db
def test_a_plan_loaded_before_the_ledger_enters_its_tasks_when_loaded_again(world, plan):
    TaskParty.objects.all().delete()
    assert load_plan(PLAN)[1] == "updated"
    assert TaskParty.objects.count() > 60
    assert load_plan(PLAN)[1] == "unchanged"


# ── who sees and works on what ───────────────────────────────────────────────────────────────────────────────────────
def keys(user, permission=Permission.VIEW_TASKS):
    return {task.key for task in tasks_for(user, permission)}


@pytest.mark.django_db
def test_a_department_sees_its_own_tasks_and_the_commission_all(world, plan):
    own = {t.key for t in packs.pack(PLAN).work.tasks if "县教委" in t.responsible}
    assert own == {"psychological_network", "for_everyone", "key_groups"}
    assert keys(world.department) == keys(world.department, Permission.WORK_TASK) == own
    assert len(keys(world.commission)) == len(keys(world.county_office)) == 18
    assert keys(world.worker) == keys(world.stranger) == set()


@pytest.mark.django_db
def test_a_department_without_a_part_cannot_write_into_a_task(world, plan):
    foreign = Task.objects.get(key="hospitals")
    with pytest.raises(NotHere):
        note_progress(foreign, said=said(), by=world.department)
    for who in (world.police, world.auditor, world.psychiatrist):
        with pytest.raises(Denied):
            note_progress(foreign, said=said(), by=who)
    with pytest.raises(Denied):
        confirm_done(foreign, by=world.department)
    assert TaskNote.objects.count() == 0


# ── the way of a task ────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_from_the_first_note_to_the_confirmation(world, task, events):
    note_progress(task, said=said("开了部署会。", days=3), by=world.department)
    report_done(task, said=said("都建了档。", "建档汇总表"), by=world.department)
    confirm_done(task, by=world.commission)
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    assert list(task.notes.order_by("pk").values_list("kind", "words", "evidence", "agency__kind")) == [
        ("progress", "开了部署会。", "", "education"), ("reported", "都建了档。", "建档汇总表", "education"),
        ("confirmed", "确认完成。", "", "health_commission"),
    ]  # fmt: skip
    assert [event.action for event in events if event.action.startswith("reports.task")] == [
        "reports.task.noted", "reports.task.reported", "reports.task.confirmed",
    ]  # fmt: skip


@pytest.mark.django_db
def test_done_needs_evidence_and_a_second_person(world, task):
    with pytest.raises(NoteRefused) as refused:
        report_done(task, said=said("都好了。"), by=world.commission)
    assert refused.value.field == "evidence"
    report_done(task, said=said("都好了。", "验收记录"), by=world.commission)
    with pytest.raises(SameHands):
        confirm_done(task, by=world.commission)
    task.refresh_from_db()
    assert task.state == TaskState.REPORTED
    confirm_done(task, by=world.county_office)


@pytest.mark.django_db
def test_what_is_returned_goes_on_and_what_is_done_takes_no_notes(world, task):
    report_done(task, said=said("好了。", "表"), by=world.department)
    with pytest.raises(Refused):
        turn_task(task, to=TaskState.WORKING, kind=NoteKind.RETURNED, because="", by=world.commission)
    turn_task(task, to=TaskState.WORKING, kind=NoteKind.RETURNED, because="缺三所学校。", by=world.commission)
    note_progress(task, said=said("补上了。"), by=world.department)
    report_done(task, said=said("好了。", "表"), by=world.department)
    confirm_done(task, by=world.commission)
    with pytest.raises(NoteRefused):
        note_progress(task, said=said("再记一笔。"), by=world.department)
    with pytest.raises(StepRefused):
        report_done(task, said=said("又好了。", "表"), by=world.department)
    turn_task(task, to=TaskState.WORKING, kind=NoteKind.REOPENED, because="验收不合格。", by=world.commission)
    task.refresh_from_db()
    assert task.state == TaskState.WORKING


@pytest.mark.django_db
def test_the_same_note_sent_twice_stands_once(world, task):
    note_progress(task, said=said("开了部署会。"), by=world.department)
    with pytest.raises(NoteRefused, match="已经记过"):
        note_progress(task, said=said("开了部署会。"), by=world.department)
    assert task.notes.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": date(2999, 1, 1)}, "on"), ({"on": date(1999, 1, 1)}, "on"), ({"words": ""}, "words"),
        ({"words": "患者11010119900101001X"}, "words"), ({"evidence": "11010119900101001X"}, "evidence"),
    ],
)  # fmt: skip
def test_a_bad_note_is_refused_at_its_field_and_leaves_nothing(world, task, wrong, field):
    facts = {"on": timezone.localdate(), "words": "做了。", "evidence": ""} | wrong
    with pytest.raises(Refused) as refused:
        note_progress(task, said=Said(**facts), by=world.department)
    task.refresh_from_db()
    assert (refused.value.field, task.state, TaskNote.objects.count()) == (field, "open", 0)


@pytest.mark.django_db
def test_the_database_keeps_the_history_and_the_plans_words(world, task):
    note = note_progress(task, said=said(), by=world.department)
    for statement in (
        f"UPDATE reports_tasknote SET words = 'x' WHERE id = {note.pk}",
        f"DELETE FROM reports_tasknote WHERE id = {note.pk}",
        f"DELETE FROM reports_task WHERE id = {task.pk}",
        f"UPDATE reports_task SET area_id = area_id WHERE id = {task.pk}",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# ── given on ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_task_given_to_a_township_is_worked_on_there_and_confirmed_by_the_county(world, task):
    child, _ = give_task(task, places=[world.town_a, world.town_b], by=world.commission)
    assert keys(world.worker) == keys(world.leader) == {"for_everyone"}
    name_person(child, person=world.worker, by=world.commission)
    report_done(child, said=said("全镇建好。", "镇里汇总"), by=world.worker)
    with pytest.raises(NotHere):
        note_progress(child, said=said(), by=world.worker_b)
    with pytest.raises(NotHere):
        note_progress(task, said=said(), by=world.worker)
    confirm_done(child, by=world.commission)
    child.refresh_from_db()
    task.refresh_from_db()
    assert (child.state, child.assignee, child.due_on, task.state) == ("done", world.worker, task.due_on, "open")


@pytest.mark.django_db
def test_a_task_is_given_once_to_a_place_right_below(world, task):
    give_task(task, places=[world.town_a], by=world.commission)
    with pytest.raises(NoteRefused):
        give_task(task, places=[world.town_a], by=world.commission)
    for place in (world.town_c, world.county, world.places["990001001001"]):
        with pytest.raises(NotHere):
            give_task(task, places=[place], by=world.commission)
    with pytest.raises(NoteRefused):
        give_task(task, places=[], by=world.commission)
    assert Task.objects.filter(parent=task).count() == 1


@pytest.mark.django_db
def test_only_who_works_there_is_named(world, task):
    finance = factories.make_user(
        Role.DEPARTMENT, world.county, factories.make_agency(AgencyKind.FINANCE, world.county)
    )
    for person in (finance, world.worker, world.police, world.stranger):
        with pytest.raises(NoteRefused):
            name_person(task, person=person, by=world.commission)
    name_person(task, person=world.department, by=world.commission)
    task.refresh_from_db()
    assert task.assignee == world.department
    name_person(task, person=None, by=world.commission)
    assert task.notes.order_by("-pk")[0].words == "不再指定专人。"


@pytest.mark.django_db
def test_a_post_that_has_ended_opens_no_task(world, task, log_in):
    user = world.department
    Assignment.objects.filter(user=user).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert log_in(user).get(reverse("reports:task", args=[task.uuid])).status_code == 403


# ── what is late, and where ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_late_tasks_are_counted_by_department_and_by_township(world, plan, task):
    give_task(task, places=[world.town_a, world.town_b], by=world.commission)
    report_done(Task.objects.get(parent=task, area=world.town_b), said=said("好了。", "表"), by=world.worker_b)
    seen = tasks_for(world.commission, Permission.VIEW_TASKS)
    assert (
        state_counts(seen, DAY)["late"] == 12
    )  # eleven of the plan with 2025, and the one given to the first township
    by_office = {row.value: row.count for row in late_by_office(seen, DAY)}
    expected = {}
    for row in packs.pack(PLAN).work.tasks:
        for kind in {packs.pack(PLAN).work.kind_of(name) for name in row.responsible} if row.due_on else ():
            expected[kind] = expected.get(kind, 0) + 1
    assert by_office == expected
    assert [(row.label, row.count) for row in late_by_place(seen, DAY)] == [("东街道", 1)]
    assert state_counts(seen, date(2025, 12, 31))["late"] == 0


@pytest.mark.django_db
def test_the_filters_narrow_and_agree_with_their_counts(world, plan, task):
    note_progress(task, said=said(), by=world.department)
    seen = tasks_for(world.commission, Permission.VIEW_TASKS)
    education = filtered(seen, Filters(office="education"), DAY, world.commission)
    counts = state_counts(education, DAY)
    assert (counts["all"], counts["open"], counts["waiting"]) == (3, 3, 0)
    for state, count in counts.items():
        assert in_state(education, state, DAY).count() == count
    assert filtered(seen, Filters(mine=True), DAY, world.commission).count() == 0
    assert filtered(seen, Filters(pack="meetings"), DAY, world.commission).count() == 0
    assert filtered(seen, Filters(pack=PLAN), DAY, world.commission).count() == 18


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_ledger_says_who_leads_and_what_is_late(world, task, log_in):
    note_progress(task, said=said("开了部署会。"), by=world.department)
    page = log_in(world.department).get(reverse("reports:tasks"))
    text = page.content.decode()
    assert {line["task"].key for line in page.context["lines"]} == {
        "psychological_network",
        "for_everyone",
        "key_groups",
    }
    assert ("开了部署会。" in text, "逾期" in text, "县教委" in text, "二级精神卫生中心" in text) == (
        True,
        True,
        True,
        False,
    )
    everything = log_in(world.commission).get(reverse("reports:tasks"), {"state": "all"})
    assert everything.context["page"].paginator.count == 18


@pytest.mark.django_db
def test_buttons_are_those_that_can_be_pressed(world, task, log_in):
    def verbs(user):
        page = log_in(user).get(reverse("reports:task", args=[task.uuid])).context
        acts = [act["verb"] for act in page["acts"]]
        return (page["may_note"], page["may_confirm"], page["may_give"], page["may_name"], acts)

    assert verbs(world.department) == (True, False, False, False, [])
    assert verbs(world.commission) == (True, False, True, True, ["不再办理"])
    report_done(task, said=said("好了。", "表"), by=world.department)
    assert verbs(world.department) == (False, False, False, False, [])
    assert verbs(world.commission) == (False, True, False, False, ["退回"])


@pytest.mark.django_db
def test_a_task_of_another_department_looks_like_an_unknown_one(world, plan, log_in):
    foreign = Task.objects.get(key="hospitals")
    for name in ("task", "task_note"):
        assert log_in(world.department).get(reverse(f"reports:{name}", args=[foreign.uuid])).status_code == 404
    assert log_in(world.department).get(reverse("reports:task_give", args=[foreign.uuid])).status_code == 403


@pytest.mark.django_db
def test_the_form_of_a_note_says_what_is_wrong_and_keeps_what_was_typed(world, task, log_in):
    client, address = log_in(world.department), reverse("reports:task_note", args=[task.uuid])
    page = client.post(address, {"on": "2999-01-01", "words": "做了三件事。", "evidence": ""})
    text = page.content.decode()
    assert (page.status_code, "日期不能晚于今天" in text, "做了三件事。" in text) == (400, True, True)
    assert client.post(address, {"on": "0930", "words": "", "done": "on"}).status_code == 400
    assert client.post(address, {"on": f"{timezone.localdate()}", "words": "做了三件事。"}).status_code == 302
    report_done(task, said=said("好了。", "表"), by=world.department)
    late = client.get(address, follow=True)
    assert "不能再办“记录进展”" in late.content.decode()


@pytest.mark.django_db
def test_the_steps_are_taken_on_their_pages(world, task, log_in):
    keeper = log_in(world.commission)
    give = {"places": [world.town_a.code]}
    assert keeper.post(reverse("reports:task_give", args=[task.uuid]), give).status_code == 302
    assert keeper.post(reverse("reports:task_give", args=[task.uuid]), give).status_code == 400
    child = Task.objects.get(parent=task)
    named = {"person": str(world.worker.uuid)}
    assert keeper.post(reverse("reports:task_name", args=[child.uuid]), named).status_code == 302
    dropped = reverse("reports:task_because", args=[child.uuid, "drop"])
    assert keeper.post(dropped, {"because": ""}).status_code == 400
    assert keeper.post(dropped, {"because": "并入另一项。"}).status_code == 302
    assert keeper.get(reverse("reports:task_because", args=[child.uuid, "explode"])).status_code == 404
    child.refresh_from_db()
    assert (child.state, child.assignee) == ("dropped", world.worker)
    report_done(task, said=said("好了。", "表"), by=world.department)
    assert keeper.post(reverse("reports:task_confirm", args=[task.uuid])).status_code == 302
    again = keeper.post(reverse("reports:task_confirm", args=[task.uuid]), follow=True)
    assert "任务现在已经是“已完成”" in again.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["state=x", "office=x", "place=%00", "pack=%27", "place=990001001&state=late", "mine=1"]
)
def test_any_filter_is_answered(world, task, log_in, query):
    assert log_in(world.commission).get(f"{reverse('reports:tasks')}?{query}").status_code == 200


LEDGER_QUERIES = 22  # three of them ask what waits in 督导整改


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_ledger_costs_the_same_for_one_task_and_for_three(world, plan, log_in, count, django_assert_num_queries):
    for task in Task.objects.exclude(key__in=["hospitals", "clinics", "crisis"][:count]):
        turn_task(task, to=TaskState.DROPPED, kind=NoteKind.DROPPED, because="试验。", by=world.commission)
    for task in Task.objects.filter(state="open"):
        note_progress(task, said=said(), by=world.county_office)
        give_task(task, places=[world.town_a, world.town_b], by=world.commission)
    client = log_in(world.commission)
    client.get(reverse("reports:tasks"))
    with django_assert_num_queries(LEDGER_QUERIES):
        page = client.get(reverse("reports:tasks"), {"pack": PLAN})
    assert page.context["page"].paginator.count == 3 * count


@pytest.mark.django_db
def test_a_prefecture_keeps_its_own_plans_tasks_and_reads_its_counties(world, plan):
    city = world.county.parent
    prefecture = factories.make_user(Role.PREFECTURE, city, factories.make_agency(AgencyKind.HEALTH_COMMISSION, city))
    assert len(keys(prefecture)) == 18
    assert keys(prefecture, Permission.KEEP_TASKS) == set()
    own = Task.objects.create(area=city, pack="a-plan", key="x", name="市里的任务")
    (child,) = give_task(own, places=[world.county], by=prefecture)
    report_done(child, said=said("县里办好了。", "表"), by=world.county_office)
    confirm_done(child, by=prefecture)
    with pytest.raises(NotHere):
        give_task(own, places=[world.places[OTHER_COUNTY].parent], by=prefecture)
