"""督导整改, the pages: what each one finds there, which buttons can be pressed, what a form answers."""

from io import BytesIO

import pytest
from django.urls import reverse

from reports.models import Finding, FindingNote, Measure, Task
from reports.queries.supervision import Hook
from reports.services.findings import (
    report_right,
)
from reports.services.tasks import give_task
from reports.terms import Rung
from tests.reports.supervising import EDUCATION, PDF, day, found, held, put, step, stored


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_list_shows_each_their_own_and_what_may_come_next(world, late, log_in):
    found(world, unit=EDUCATION, what="辅导室没有开放。", due_ago=-20)
    office = log_in(world.commission).get(reverse("reports:supervisions"))
    text = office.content.decode()
    assert ("随访表缺项" in text, "辅导室没有开放" in text, "到期未整改，可以提请通报" in text) == (True, True, True)
    late_only = log_in(world.commission).get(reverse("reports:supervisions"), {"state": "late"})
    assert [line["finding"] for line in late_only.context["lines"]] == [late]
    leader = log_in(world.leader).get(reverse("reports:supervisions")).content.decode()
    assert ("随访表缺项" in leader, "辅导室" in leader, "可以提请" in leader) == (True, False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["state=x", "unit=place:%00", "unit=name:县教委", "rung=none", "rung=zzz", "page=9"])
def test_any_filter_is_answered(world, late, log_in, query):
    assert log_in(world.commission).get(f"{reverse('reports:supervisions')}?{query}").status_code == 200


@pytest.mark.django_db
def test_buttons_are_those_that_can_be_pressed(world, late, log_in):
    def buttons(user):
        page = log_in(user).get(reverse("reports:finding", args=[late.uuid])).context
        return (page["may_answer"], page["may_decide"], page["may_withdraw"], [each["verb"] for each in page["steps"]])

    assert buttons(world.leader) == (True, False, False, [])
    assert buttons(world.commission) == (True, False, True, ["登记通报"])
    step(world, [late], Rung.CIRCULAR)
    assert buttons(world.commission) == (True, False, False, [])
    report_right(late, put=put(), by=world.leader)
    assert buttons(world.leader) == (False, False, False, [])
    assert buttons(world.commission) == (False, True, False, [])


@pytest.mark.django_db
def test_the_forms_carry_the_whole_way(world, plan, log_in):
    keeper = log_in(world.commission)
    asked = {
        "held_on": f"{day(40)}",
        "supervisor": "commission",
        "unit": f"place:{world.town_a.code}",
        "number": "",
        "summary": "",
    }
    made = keeper.post(reverse("reports:supervision_new"), asked)
    assert made.status_code == 302
    again = keeper.post(reverse("reports:supervision_new"), asked)
    assert (again.status_code, "已经登记过" in again.content.decode()) == (400, True)
    task = Task.objects.filter(area=world.county)[0]
    facts = {
        "what": "没有台账。",
        "unit": asked["unit"],
        "due_on": f"{day(2)}",
        "hook": f"task:{task.uuid}",
        "basis": "",
    }
    assert keeper.post(f"{made.url}findings/new/", facts | {"hook": "task:zzz"}).status_code == 400
    assert keeper.post(f"{made.url}findings/new/", facts).status_code == 302
    finding = Finding.objects.get()
    assert finding.task == task
    shut = keeper.get(reverse("reports:measure_new", args=[finding.uuid, "listing"]), follow=True)
    assert "请按次序办下一步" in shut.content.decode()
    address = reverse("reports:measure_new", args=[finding.uuid, "circular"])
    assert keeper.get(address).status_code == 200
    circular = {"findings": [str(finding.uuid)], "on": f"{day(0)}", "decided_by": "县领导小组", "reason": "到期。",
                "clause": "三（四）", "due_on": f"{day(-30)}", "number": ""}  # fmt: skip
    assert keeper.post(address, circular | {"due_on": f"{day(9)}"}).status_code == 400
    assert keeper.post(address, circular).status_code == 302
    assert keeper.post(address, circular).status_code == 400  # pressed twice
    measure = Measure.objects.get()
    assert keeper.get(reverse("reports:measure", args=[measure.uuid])).status_code == 200
    assert keeper.get(reverse("reports:measure_end", args=[measure.uuid, "explode"])).status_code == 404
    over = keeper.get(reverse("reports:measure_end", args=[measure.uuid, "delist"]), follow=True)
    assert "不能再办“摘牌”" in over.content.decode()
    revoke = reverse("reports:measure_end", args=[measure.uuid, "revoke"])
    assert keeper.post(revoke, {"because": ""}).status_code == 400
    assert keeper.post(revoke, {"because": "登记错了。"}).status_code == 302
    assert stored(finding) == ("open", day(2), "")


@pytest.mark.django_db
def test_a_file_is_read_by_those_who_see_the_finding_and_each_download_is_noted(world, late, log_in, events):
    answer = reverse("reports:finding_answer", args=[late.uuid])
    upload = BytesIO(PDF)
    upload.name = "a.pdf"
    sent = {"on": f"{day(0)}", "words": "补了。", "evidence": "", "done": "on", "file": upload}
    assert log_in(world.leader).post(answer, sent).status_code == 302
    note = FindingNote.objects.get(act="reported")
    address = reverse("reports:finding_file", args=[note.uuid])
    page = log_in(world.commission).get(address)
    assert (page.status_code, page.content, page["Content-Disposition"][:10]) == (200, PDF, "attachment")
    assert events[-1].action == "reports.finding.file_downloaded"
    assert log_in(world.department).get(address).status_code == 404


@pytest.mark.django_db
def test_a_foreign_finding_looks_like_an_unknown_one(world, plan, log_in):
    foreign = found(world, unit=EDUCATION)
    made = step(world, [foreign], Rung.CIRCULAR)
    leader = log_in(world.leader)
    for name, args in (("finding", [foreign.uuid]), ("finding_answer", [foreign.uuid]), ("measure", [made.uuid]),
                       ("supervision", [foreign.supervision.uuid])):  # fmt: skip
        assert leader.get(reverse(f"reports:{name}", args=args)).status_code == 404
    assert leader.post(reverse("reports:finding_accept", args=[foreign.uuid])).status_code == 403


@pytest.mark.django_db
def test_a_task_shows_what_was_found_about_it_to_those_who_may_see_it(world, plan, log_in):
    task = Task.objects.get(key="for_everyone")
    found(world, unit=EDUCATION, what="辅导室没有开放。", hook=Hook("", task=task))
    address = reverse("reports:task", args=[task.uuid])
    assert "辅导室没有开放。" in log_in(world.department).get(address).content.decode()
    child = give_task(task, places=[world.town_a], by=world.commission)[0]
    own = log_in(world.worker).get(reverse("reports:task", args=[child.uuid]))
    assert (own.status_code, own.context["findings"]) == (200, [])


@pytest.mark.django_db
def test_the_plans_page_names_the_ladder_and_leads_there(world, plan, log_in):
    page = log_in(world.commission).get(reverse("reports:plan", args=[plan.id])).content.decode()
    assert ("通报 → 约谈 → 挂牌督办 → 一票否决" in page, reverse("reports:supervisions") in page) == (True, True)


LIST_QUERIES = 20


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_finding_and_for_three(world, plan, log_in, count, django_assert_num_queries):
    of = held(world)
    for number in range(count):
        step(world, [found(world, of, what=f"问题{number}。")], Rung.CIRCULAR)
    client = log_in(world.commission)
    client.get(reverse("reports:supervisions"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("reports:supervisions"))
    assert page.context["page"].paginator.count == count


def test_a_hook_says_what_it_sends():
    assert Hook("x", pack="p", row_key="k").value == "row:p:k"
