"""今日工作: who stands on it, in which order, and that every number is the length of its list."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts.scope import scope
from followup.queries import worklist
from followup.services.attempts import record_missed
from registry.doors import patients_for
from registry.models import Patient
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db
HERE = reverse_lazy("followup:worklist")


@pytest.fixture(autouse=True)
def visits_alone(settings):
    """What other rooms have for the person stands in test_today.py."""
    settings.WORK_SOURCES = []


def carry(world, name, due_in, level=None, *, village="990001001001", **more):
    """A patient whose row says that a visit is due in so many days."""
    patient = world.patient(village, name)
    with scope(counties=[world.county.pk]):
        Patient.objects.filter(pk=patient.pk).update(
            next_due_on=days_ago(-due_in),
            last_level=level,
            last_visit_on=days_ago(30),
            due_reason="稳定，三个月一次",
            **more,
        )
        patient.refresh_from_db()
    return patient


def names(page: str) -> list[str]:
    return re.findall(r'class="work-name"[^>]*>([^<]+)</a>', page)


@pytest.fixture
def board(world):
    """Twelve people, as in the picture of the page, and two who do not belong on it."""
    for name, due_in, level in (
        ("三级迟", -3, 3), ("四级迟", -1, 4), ("二级迟", -2, 2), ("一级迟", -6, 1), ("零级迟多", -9, 0),
        ("零级迟少", -4, 0),
        ("今天", 0, 1), ("一天", 1, 2), ("两天", 2, 0), ("四天", 4, 0), ("七天", 7, 1), ("三级未到", 5, 3),
    ):  # fmt: skip
        carry(world, name, due_in, level)
    carry(world, "八天", 8, 0)
    carry(world, "已结案", -5, 5, closed_on=days_ago(1), status="dead")
    return world


def test_most_dangerous_first_then_the_late_then_by_date(board, log_in):
    page = log_in(board.worker).get(HERE).content.decode()
    assert names(page) == [
        "四级迟", "三级迟", "三级未到", "二级迟", "一级迟", "零级迟多", "零级迟少", "今天", "一天",
        "两天", "四天", "七天",
    ]  # fmt: skip
    assert re.findall(r'<h2 class="group-head"[^>]*>([^<]+)<b>(\d+) 人', page) == [
        ("危险性 3 级及以上 ", "3"), ("其余逾期 ", "4"), ("今天和 7 天内到期 ", "5"),
    ]  # fmt: skip
    assert "今天和逾期 <b>7 人</b>，7 天内还有 <b>5 人</b>" in page


@pytest.mark.parametrize("show", ["all", "high", "overdue", "today", "week"])
def test_every_number_is_the_length_of_its_list(board, log_in, show):
    client = log_in(board.worker)
    page = client.get(HERE).content.decode()
    label = {"all": "全部", "high": "3 级及以上", "overdue": "逾期", "today": "今天", "week": "7 天内"}[show]
    number = int(re.search(rf">{label} <b>(\d+)</b>", page).group(1))
    shown = client.get(HERE, {"show": show}).content.decode()
    assert (len(names(shown)), number) == ({"all": 12, "high": 3, "overdue": 6, "today": 1, "week": 5}[show],) * 2


def test_a_village_has_its_own_numbers(board, log_in):
    carry(board, "东二的人", -1, 0, village="990001001002")
    village = board.places["990001001002"].pk
    client = log_in(board.worker)
    page = client.get(HERE, {"village": village}).content.decode()
    assert names(page) == ["东二的人"]
    assert re.search(r">全部 <b>1</b>", page)
    assert client.get(HERE, {"village": "99999999"})["Location"] == HERE
    assert names(client.get(HERE, {"village": "x"}).content.decode())[0] == "四级迟"


def test_reason_is_said_in_words(world, log_in):
    carry(world, "迟", -6, 1, last_class=2)
    page = log_in(world.worker).get(HERE).content.decode()
    due = days_ago(6)
    said = re.search(r'<b class="when is-late">逾期 6 天</b>：([^<]+)</p>', page).group(1)
    day = f"{due:%m-%d}" if due.year == timezone.localdate().year else f"{due:%Y-%m-%d}"
    assert said == f"{day} 前，稳定三个月一次"
    assert "基本稳定" in page


def test_a_new_file_is_due_two_weeks_after_its_opening(world, log_in):
    world.patient(name="新建档", opened_on=days_ago(20))
    page = log_in(world.worker).get(HERE).content.decode()
    assert names(page) == ["新建档"]
    assert "建档后两周内首次随访" in page


def test_a_saved_visit_leaves_the_list(world, log_in, record):
    patient = carry(world, "迟", -6, 1)
    record(patient, world.worker)
    assert names(log_in(world.worker).get(HERE).content.decode()) == []


def test_reach_decides_who_is_seen(world, log_in):
    carry(world, "东一", -1, 0)
    carry(world, "东二", -1, 0, village="990001001002")
    carry(world, "西一", -1, 0, village="990001101201")
    for who, expected in (("village_doctor", {"东一"}), ("worker", {"东一", "东二"}), ("worker_b", {"西一"}),
                          ("psychiatrist", {"东一", "东二", "西一"}), ("stranger", set())):  # fmt: skip
        assert set(names(log_in(getattr(world, who)).get(HERE).content.decode())) == expected, who


@pytest.mark.parametrize("who", ["police", "commission", "auditor", "department"])
def test_others_are_denied(world, log_in, who):
    assert log_in(getattr(world, who)).get(HERE).status_code == 403


def test_who_only_reads_gets_no_buttons(world, log_in):
    carry(world, "迟", -6, 1)
    page = log_in(world.leader).get(HERE).content.decode()
    assert names(page) == ["迟"]
    assert "未访到" not in page


def test_a_list_over_one_page_keeps_its_numbers(world, log_in):
    for n in range(53):
        carry(world, f"人{n}", -1 - n, 0)
    client = log_in(world.worker)
    first, second = client.get(HERE).content.decode(), client.get(HERE, {"page": 2}).content.decode()
    assert (len(names(first)), len(names(second))) == (50, 3)
    assert not set(names(first)) & set(names(second))
    assert "53 人" in first
    assert client.get(HERE, {"page": "x"}).status_code == 200
    assert client.get(HERE, {"page": 999}).status_code == 200


def test_tries_are_told_in_the_row(world, log_in):
    patient = carry(world, "迟", -6, 1)
    with scope(world.worker):
        record_missed(patient=patient, on=days_ago(2), reason="1", form_id=uuid4(), by=world.worker)
    assert "未访到 1 次" in log_in(world.worker).get(HERE).content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_the_same_however_many_rows(world, log_in, django_assert_num_queries, people):
    for n in range(people):
        carry(world, f"人{n}", -1 - n, 3)
    client = log_in(world.worker)
    client.get(HERE)
    with django_assert_num_queries(11):
        client.get(HERE)


@pytest.mark.parametrize(
    ("after", "following"),
    [("四级迟", "三级迟"), ("三级迟", "三级未到"), ("一级迟", "零级迟多"), ("七天", "四级迟"), ("已结案", "四级迟")],
)
def test_next_after_is_whoever_stands_below_and_at_the_end_the_first(board, after, following):
    today = timezone.localdate()
    with scope(board.worker):
        found = worklist.due(patients_for(board.worker), today, 7)
        assert worklist.next_after(found, Patient.objects.get(name=after), today).name == following


def test_the_address_of_the_list_names_nobody(board, log_in):
    page = log_in(board.worker).get(HERE).content.decode()
    assert not [href for href in re.findall(r'href="([^"]+)"', page) if "级" in href]
    assert reverse("followup:worklist") == HERE
