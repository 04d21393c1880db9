"""今日工作 beside the visits: lines of other rooms by topic, with counts, order, pages, and the looks they are."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts.rules.work import Topic, Urgency, WorkItem, urgency_of
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.services.delivering import deliver_due
from followup.rules.facts import VisitFacts
from followup.services.visits import record_visit
from registry.queries.trail import looks_at
from tests import factories

pytestmark = pytest.mark.django_db
HERE = reverse_lazy("followup:worklist")
HELD: list[WorkItem] = []


def held(user, today):
    """Lines of a room that the tests make up."""
    return HELD


@pytest.fixture(autouse=True)
def room(settings):
    HELD.clear()
    settings.WORK_SOURCES = ["exchange.queries.reviews.review_lines", "tests.followup.test_today.held"]


def line(name, due_in, topic=Topic.RECEIVED, **more):
    today = timezone.localdate()
    due = today + timedelta(days=due_in)
    return WorkItem(
        topic, "接收", f"/x/{name}/", name, "东一村", f"{due:%m-%d} 前接收", due, urgency_of(due, today=today), **more
    )


def whole(client) -> str:
    """The page as a browser ends up with it: its own text and what it fetches for the place of the rooms."""
    page = client.get(HERE).content.decode()
    later = re.search(r'id="rooms" hx-get="([^"]+)"', page)
    return page + (client.get(later.group(1)).content.decode() if later else "")


def names(page: str) -> list[str]:
    return re.findall(r'<b class="work-name">([^<]+)</b>', page)


def test_lines_stand_by_topic_the_urgent_first(world, log_in):
    HELD[:] = [
        line("周后", 9),
        line("今天", 0),
        line("迟", -1),
        line("档", 3, Topic.FILES),
        line("险", 3, Topic.DANGER),
    ]
    page = whole(log_in(world.worker))
    assert names(page) == ["险", "迟", "今天", "周后", "档"]
    assert re.findall(r'id="t-\w+">([^<]+)<b>(\d+) 件', page) == [
        ("先看这几位 ", "1"),
        ("收到的 ", "3"),
        ("档案 ", "1"),
    ]
    assert re.findall(r">(所有事项|先看这几位|收到的|档案) <b>(\d+)</b>", page) == [
        ("所有事项", "5"), ("先看这几位", "1"), ("收到的", "3"), ("档案", "1"),
    ]  # fmt: skip
    assert "另有 5 件事，其中 1 件已逾期" in page
    assert 'href="/x/迟/">接收' in page


def test_without_script_a_link_leads_to_the_rooms(world, log_in):
    HELD[:] = [line("迟", -1), line("档", 3, Topic.FILES)]
    client = log_in(world.worker)
    assert 'href="?topic=all"' in client.get(HERE).content.decode()
    assert names(client.get(HERE, {"topic": "all"}).content.decode()) == ["迟", "档"]


def test_leafing_through_the_visits_keeps_the_numbers_and_leaves_the_rows_away(world, log_in):
    HELD[:] = [line("迟", -1)]
    client = log_in(world.worker)
    later = re.search(r'id="rooms" hx-get="([^"]+)"', client.get(HERE, {"show": "overdue"}).content.decode())
    beside = client.get(later.group(1)).content.decode()
    assert (names(beside), "收到的 <b>1</b>" in beside) == ([], True)


def test_every_number_is_the_length_of_its_list(world, log_in):
    HELD[:] = [line(f"人{n}", n) for n in range(53)]
    client = log_in(world.worker)
    page = whole(client)
    assert len(names(page)) == 10
    assert "看全部 53 件" in page
    first = names(client.get(HERE, {"topic": "received"}).content.decode())
    second = names(client.get(HERE, {"topic": "received", "page": 2}).content.decode())
    assert (len(first), len(second), len({*first, *second})) == (50, 3, 53)
    assert names(client.get(HERE, {"topic": "received", "page": 999}).content.decode()) == second
    assert client.get(HERE, {"topic": "x"}).status_code == 200


def test_a_line_with_a_person_is_a_look(world, log_in):
    patient = world.patient()
    HELD[:] = [line("迟", -1, person=patient.uuid)]
    log_in(world.worker).get(reverse("followup:work_lines"))
    with scope(world.worker):
        assert [(look.who, look.purpose) for look in looks_at(patient.uuid)] == [(world.worker.display_name, "名单")]


def test_a_hospital_has_lines_without_visits(world, log_in):
    hospital = factories.make_user(
        Role.HOSPITAL, world.county, factories.make_agency(AgencyKind.HOSPITAL, world.county)
    )
    assert "现在没有要您办的事。" in log_in(hospital).get(HERE).content.decode()
    HELD[:] = [line("卡", 2)]
    page = log_in(hospital).get(HERE).content.decode()
    assert names(page) == ["卡"]
    assert "随访" not in page.split("<main")[1].split("</main>")[0]


def test_a_level_3_waits_for_the_psychiatrist_alone(world, log_in):
    patient = world.patient(name="试验甲")
    facts = VisitFacts(visited_on=timezone.localdate(), form="2", seen=("1",), level=3, hospital=0, basis="摔东西")
    with scope(world.worker):
        record_visit(patient=patient, facts=facts, form_id=uuid4(), by=world.worker)
    deliver_due()
    page = log_in(world.psychiatrist).get(HERE).content.decode()
    assert names(page) == ["试验甲"]
    assert re.search(r"3 级，\d+ 月 \d+ 日 通报，还剩 3 个工作日，\d+ 月 \d+ 日 前复核", page)
    assert f"/alerts/patients/{patient.uuid}/review/" in page
    for other in ("worker", "county_office", "village_doctor"):
        assert names(whole(log_in(getattr(world, other)))) == [], other


@pytest.mark.parametrize(
    ("days", "urgency"),
    [(-1, Urgency.LATE), (0, Urgency.TODAY), (1, Urgency.SOON), (7, Urgency.SOON), (8, Urgency.LATER)],
)
def test_a_day_decides_the_urgency(days, urgency):
    today = timezone.localdate()
    assert urgency_of(today + timedelta(days=days), today=today) is urgency
    assert urgency_of(today + timedelta(days=days), today=today, danger=True) is Urgency.DANGER


def test_one_person_is_one_row_with_everything_to_do(world, log_in):
    person = uuid4()
    HELD.extend([line("甲", -2, person=person), line("乙", 1), line("甲", 3, person=person), line("乙", 2)])
    said = whole(log_in(world.worker))
    assert said.count('class="work work-item"') == 3  # two things about 甲 stand together; 乙 may be two people
    assert said.count('class="work-thing"') == 4
    assert "4 件" in said
