"""The pages of both sides, as a browser gets them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency
from accounts.scope import scope
from accounts.terms import AgencyKind
from exchange.models import Feedback, Receipt
from tests.conftest import TOWN_A
from tests.exchange.conftest import cases_of, deliver, ledger, save, sign, statuses
from tests.exchange.test_closing import confirmed
from tests.exchange.test_raising import FOUR, LEGAL_A, POLICE_A

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
# what stands in the register and must never reach a partner's page
FORBIDDEN = {
    "diagnosing_hospital": "金丝雀医院", "household_address": "金丝雀户籍9号",
}  # fmt: skip


@pytest.fixture
def raised(world):
    patient = world.patient(**FORBIDDEN)
    save(
        world.worker, patient, 4, basis="金丝雀依据", symptom_text="金丝雀症状", symptoms=(12,), lab_text="金丝雀检查",
        side_effect_text="金丝雀反应", referral_reason="金丝雀转诊", case_management="金丝雀个案",
    )  # fmt: skip
    deliver()
    return patient


def text(response):
    return response.content.decode()


def case_of(patient, office=POLICE_A):
    return cases_of(patient)[office]


def poll_url(page):
    return re.search(r'id="inbox-lists"[^>]*hx-get="([^"]+)"', page).group(1).replace("&amp;", "&")


# the office


def test_the_inbox_shows_a_card_and_no_person(world, log_in, raised):
    client = log_in(world.police)
    page = text(client.get(reverse("exchange:inbox")))
    case = case_of(raised)
    assert case.number in page
    assert "东街道 东一社区" in page
    assert "还有 " in page
    for secret in ("试验患者", "19900000002", "3组18号", str(raised.uuid)):
        assert secret not in page


def test_showing_the_card_is_seen_and_signing_opens_the_content(world, log_in, raised):
    client, case = log_in(world.police), case_of(raised)
    client.get(reverse("exchange:inbox"))
    with scope(world.worker):
        receipt = Receipt.objects.get(alert=case)
    assert (receipt.seen_by, receipt.acknowledged_at) == (world.police, None)
    answer = client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    assert answer.url == reverse("exchange:case", args=[case.uuid])
    page = text(client.get(answer.url))
    for told in ("试验患者", "男", "东一社区3组18号", "试验监护人（父母）", "19900000002", "4</b>级"):
        assert told in page
    for secret in ("金丝雀", "999999", str(raised.uuid), "精神分裂症"):
        assert secret not in page
    assert [line.act for line in ledger(raised) if line.actor == world.police.uuid] == ["opened"]


def test_before_signing_the_case_does_not_open(world, log_in, raised):
    client = log_in(world.police)
    answer = client.get(reverse("exchange:case", args=[case_of(raised).uuid]))
    assert answer.url == reverse("exchange:inbox")


@pytest.mark.parametrize("page", ["case", "acknowledge", "feedback"])
def test_another_offices_case_and_none_are_one_answer(world, log_in, raised, page):
    client = log_in(world.police_b)
    method = client.get if page == "case" else client.post
    theirs = method(reverse(f"exchange:{page}", args=[case_of(raised).uuid]))
    nothing = method(reverse(f"exchange:{page}", args=["6f1b5b0e-0000-4000-8000-000000000000"]))
    clean = [re.sub(r"[0-9a-f]{12}|\d\d:\d\d|csrf[^\"]*\"[^\"]*\"", "", text(answer)) for answer in (theirs, nothing)]
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert clean[0] == clean[1]
    with scope(world.worker):
        assert Receipt.objects.get(alert=case_of(raised)).acknowledged_at is None


@pytest.mark.parametrize("who", ["worker", "psychiatrist", "county_office", "commission", "auditor"])
def test_a_health_role_has_no_inbox(world, log_in, who):
    assert log_in(getattr(world, who)).get(reverse("exchange:inbox")).status_code == 403


@pytest.mark.parametrize("page", ["sent", "receipts"])
def test_a_partner_has_no_list_of_what_was_sent(world, log_in, page):
    assert log_in(world.police).get(reverse(f"exchange:{page}")).status_code == 403


def test_a_poll_says_nothing_until_something_is_new(world, log_in, raised):
    client = log_in(world.police)
    url = poll_url(text(client.get(reverse("exchange:inbox"))))
    assert client.get(url, headers=HTMX).status_code == 204
    second = world.patient(name="另一人")
    save(world.worker, second, 3)
    assert client.get(url, headers=HTMX).status_code == 204  # not delivered yet
    deliver()
    fragment = client.get(url, headers=HTMX)
    assert fragment.status_code == 200
    assert case_of(second).number in text(fragment)
    assert 'hx-swap-oob="true"' in text(fragment)
    assert client.get(poll_url(text(fragment)), headers=HTMX).status_code == 204


def test_closing_takes_the_open_page_away_with_one_poll(world, log_in, raised):
    client, case = log_in(world.police), case_of(raised)
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    page = text(client.get(reverse("exchange:case", args=[case.uuid])))
    assert "试验患者" in page
    save(world.worker, raised, 1)
    answer = client.get(poll_url(page), headers=HTMX)
    assert answer.headers["HX-Redirect"] == reverse("exchange:inbox")
    assert "刚刚解除，内容已收回" in text(client.get(reverse("exchange:inbox")))  # the page went away under one's hands
    for url in (reverse("exchange:inbox"), reverse("exchange:case", args=[case.uuid])):
        after = text(client.get(url, follow=True))
        assert case.number in after
        for secret in ("试验患者", "19900000002", "东一社区"):
            assert secret not in after
    deliver()
    assert "签收解除通知" in text(client.get(reverse("exchange:inbox")))
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    page = text(client.get(reverse("exchange:inbox")))
    assert "签收解除通知" not in page
    assert case.number in page


def given(client, case, **more):
    page = text(client.get(reverse("exchange:case", args=[case.uuid])))
    form_id = re.search(r'name="form_id" value="([^"]+)"', page).group(1)
    said = {
        "form_id": form_id, "met": "patient", "met_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "actions": ["joint_visit", "guardian"], "result": "calm", "note": "", **more,
    }  # fmt: skip
    return said, client.post(reverse("exchange:feedback", args=[case.uuid]), said)


def test_feedback_is_saved_once_and_the_worker_sees_it(world, log_in, client, raised):
    client, case = log_in(world.police), case_of(raised)
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    said, answer = given(client, case, note="家里平安\r\n明天再去")
    assert answer.url == reverse("exchange:inbox")
    client.post(reverse("exchange:feedback", args=[case.uuid]), said)
    with scope(world.worker):
        assert Feedback.objects.count() == 1
    assert "已反馈，仍有效 <b>1</b>" in text(client.get(reverse("exchange:inbox")))
    page = text(log_in(world.worker).get(reverse("exchange:patient_tab", args=[raised.uuid])))
    assert "见到本人，联合上门、联系监护人，平稳" in page
    assert "家里平安" in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"met": ""}, "请选一项。"),
        ({"met_at": "昨天"}, "时间没有看懂"),
        ({"met_at": "2999-01-01 08:00"}, "时间不能晚于现在"),
        ({"met_at": "0001-01-01 00:00"}, "时间的年份太早"),
        ({"actions": []}, "请选择做了什么"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_a_wrong_answer_comes_back_with_what_was_typed(world, log_in, raised, more, sentence):
    client, case = log_in(world.police), case_of(raised)
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    _, answer = given(client, case, **more)
    assert answer.status_code == 400
    page = text(answer)
    assert sentence in page
    assert "has-error" in page
    assert 'value="calm"' in page


def test_all_that_lacks_is_said_at_once(world, log_in, raised):
    client, case = log_in(world.police), case_of(raised)
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    _, answer = given(client, case, met="", result="", actions=[], met_at="2999-01-01 08:00")
    assert "有 4 处需要改" in text(answer)


@pytest.mark.parametrize("typed", ["2026-01-05 08:30", "2026/01/05 08:30", "２０２６-01-05 08:30", "2026-01-05T08:30"])
def test_moments_are_read_as_people_write_them(world, log_in, raised, typed):
    client, case = log_in(world.police), case_of(raised)
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    given(client, case, met_at=typed)
    with scope(world.worker):
        assert timezone.localtime(Feedback.objects.get().met_at).isoformat() == "2026-01-05T08:30:00+08:00"


@pytest.mark.parametrize("people", [1, 3])
def test_the_inbox_takes_the_same_queries_for_one_and_three(world, log_in, django_assert_max_num_queries, people):
    for n in range(people):
        save(world.worker, world.patient(name=f"第{n}人"), 3)
    deliver()
    client = log_in(world.police)
    client.get(reverse("exchange:inbox"))
    with django_assert_max_num_queries(22) as queries:
        client.get(reverse("exchange:inbox"))
    assert len([q for q in queries if "exchange_" in q["sql"]]) == 6  # the last one: whether single notices wait


# the health side


def test_the_worker_sees_each_offices_moments(world, log_in, raised):
    page = text(log_in(world.worker).get(reverse("exchange:sent")))
    assert page.count("还没有签收") == 4
    sign(world.police)
    page = text(log_in(world.worker).get(reverse("exchange:receipts")))
    assert page.count("还没有签收") == 3
    assert f"<p>{POLICE_A}</p>" in page
    assert re.search(r"今天 \d\d:\d\d 签收", page)


def test_the_receipts_panel_is_polled_and_says_nothing_new(world, log_in, raised):
    client = log_in(world.worker)
    page = text(client.get(reverse("exchange:receipts"), headers=HTMX))
    url = re.search(r'hx-get="([^"]+)"', page).group(1)
    assert client.get(url, headers=HTMX).status_code == 204
    sign(world.police)
    assert client.get(url, headers=HTMX).status_code == 200


def test_silence_is_visible_to_worker_and_county(world, log_in, raised):
    sign(world.political_legal)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        for who in (world.worker, world.county_office):
            page = text(log_in(who).get(reverse("exchange:sent"), {"show": "silent"}))
            assert "1 人超过 24 小时未签收" in page
            assert page.count("已列入县里的超时名单") == 3


def test_another_townships_worker_sees_nothing(world, log_in, raised):
    client = log_in(world.worker_b)
    assert "试验患者" not in text(client.get(reverse("exchange:sent")))
    assert client.get(reverse("exchange:patient_tab", args=[raised.uuid])).status_code == 404


def test_a_township_without_a_station_is_told_to_the_worker(world, log_in):
    Agency.objects.filter(kind=AgencyKind.POLICE, division=world.places[TOWN_A]).update(is_active=False)
    patient = world.patient()
    save(world.worker, patient, 3)
    client = log_in(world.worker)
    for url in (reverse("exchange:sent"), reverse("exchange:patient_tab", args=[patient.uuid])):
        assert "没有登记派出所，只通报了县级单位" in text(client.get(url))


@pytest.mark.parametrize(
    "page", ["exchange:patient_tab", "registry:patient", "registry:patient_history", "registry:patient_access",
             "registry:patient_stays", "registry:patient_addresses", "followup:patient_tab", "followup:care"],
)  # fmt: skip
def test_a_browsers_history_names_nobody(world, log_in, raised, page):
    answer = text(log_in(world.worker).get(reverse(page, args=[raised.uuid])))
    assert raised.name in answer
    assert raised.name not in re.search(r"<title>(.*?)</title>", answer, re.DOTALL)[1]


def test_the_tab_shows_cases_and_ledger(world, log_in, raised):
    page = text(log_in(world.worker).get(reverse("exchange:patient_tab", args=[raised.uuid])))
    for office in FOUR:
        assert office in page
    assert "履行法定职责" in page


def test_the_psychiatrist_confirms_and_ends(world, log_in, raised):
    client = log_in(world.psychiatrist)
    assert reverse("exchange:review", args=[raised.uuid]) in text(
        client.get(reverse("exchange:sent"), {"show": "review"})
    )
    url = reverse("exchange:review", args=[raised.uuid])
    assert client.get(url).status_code == 200
    assert client.post(url, {"verdict": "4", "because": "面诊"}).status_code == 302
    assert statuses(raised) == dict.fromkeys(FOUR, "confirmed")
    assert client.post(url, {"verdict": "fall", "because": "面诊，平稳"}).status_code == 302
    assert statuses(raised) == dict.fromkeys(FOUR, "closed")
    assert client.get(url).url == reverse("exchange:patient_tab", args=[raised.uuid])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"verdict": "", "because": "x"}, "请选择复核结论。"),
        ({"verdict": "2", "because": "x"}, "请在列出的结论里选一项。"),
        ({"verdict": "6", "because": "x"}, "请在列出的结论里选一项。"),
        ({"verdict": "fall", "because": ""}, "请写明依据。"),
    ],
)
def test_a_wrong_review_says_what_is_missing(world, log_in, raised, said, sentence):
    answer = log_in(world.psychiatrist).post(reverse("exchange:review", args=[raised.uuid]), said)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert statuses(raised) == dict.fromkeys(FOUR, "preliminary")


def test_only_a_psychiatrist_reviews(world, log_in, raised):
    for who in (world.worker, world.county_office):
        assert log_in(who).get(reverse("exchange:review", args=[raised.uuid])).status_code == 403


def test_an_office_under_review_reads_so(world, log_in, raised):
    confirmed(world, raised, 4)
    save(world.worker, raised, 1)
    deliver()
    page = text(log_in(world.police).get(reverse("exchange:inbox")))
    assert "复核中" in page
    assert LEGAL_A not in page


@pytest.mark.parametrize("page", ["sent", "receipts"])
def test_the_list_takes_the_same_queries_for_one_and_three(world, log_in, django_assert_max_num_queries, page):
    client, counts = log_in(world.worker), []
    for n in range(3):
        save(world.worker, world.patient(name=f"第{n}人"), 3)
        client.get(reverse(f"exchange:{page}"))
        with django_assert_max_num_queries(24) as queries:
            client.get(reverse(f"exchange:{page}"))
        counts.append(len(queries))
    assert len(set(counts)) == 1


# the trail, and the end of a session


def test_who_opened_stands_in_the_patients_own_log(world, log_in, raised):
    from accounts.queries.access import who_saw

    client, case = log_in(world.police), case_of(raised)
    client.get(reverse("exchange:inbox"))
    client.post(reverse("exchange:acknowledge", args=[case.uuid]))
    assert [seen for seen in who_saw(raised.uuid) if seen.role == "township_police"] == []
    client.get(reverse("exchange:case", args=[case.uuid]))
    (seen,) = [seen for seen in who_saw(raised.uuid) if seen.role == "township_police"]
    assert (seen.route, seen.groups, seen.purpose) == ("exchange:case", ["F1", "F2", "F3", "F5"], "alert")


@pytest.mark.parametrize("page", ["inbox_new", "receipts"])
def test_a_poll_after_the_session_ended_sends_the_whole_page_to_the_login(client, db, page):
    answer = client.get(reverse(f"exchange:{page}"), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("accounts:login"))


def test_where_nobody_could_be_told_the_worker_reads_it_on_the_tab(world, log_in):
    Agency.objects.filter(kind__in=(AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL)).update(is_active=False)
    patient = world.patient()
    save(world.worker, patient, 3)
    page = text(log_in(world.worker).get(reverse("exchange:patient_tab", args=[patient.uuid])))
    assert "没有登记派出所和它的县级单位，没有通报。请马上打电话告知" in page
