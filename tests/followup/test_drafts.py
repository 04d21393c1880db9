"""草稿: kept for its writer alone, restored as typed, gone with the saved visit, and never a record of anything."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied
from accounts.scope import scope
from exchange.models import Alert
from followup.models import Draft, PatientYear, Visit
from followup.queries.drafts import own_draft, unfinished
from followup.rules.drafts import Held, Page, may_write, seal_of
from followup.services.drafts import DraftElsewhere, FormSaved, clear_drafts, drop_draft, keep_draft
from registry.models import Patient
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db
TYPED = {"level": ["4"], "basis": ["持刀追赶邻居"], "seen": ["1", "3"], "visited_on": ["2026-13-45"]}


def page_of(form_id=None, tab=None, version=0):
    return Page(form_id or uuid4(), tab or uuid4(), version)


@pytest.fixture
def keep(world):
    def save(patient, by=None, page=None, answers=None):
        with scope(by or world.worker):
            return keep_draft(patient=patient, page=page or page_of(), answers=answers or TYPED, by=by or world.worker)

    return save


def new(patient):
    return reverse("followup:visit_new", args=[patient.uuid])


def sent(page, **more):
    return {"form_id": page.form_id, "draft_tab": page.tab, "draft_version": page.version, **more}


@pytest.mark.parametrize(
    ("held", "page", "may"),
    [
        pytest.param(None, (1, 1, 0), True, id="the-first"),
        pytest.param((1, 1, 7, 1), (1, 1, 0), True, id="the-same-window-after-a-lost-answer"),
        pytest.param((1, 1, 7, 1), (1, 2, 7), True, id="a-window-that-started-from-it"),
        pytest.param((1, 1, 7, 1), (1, 2, 6), False, id="a-window-that-started-from-an-older-text"),
        pytest.param((1, 1, 7, 1), (2, 2, 0), False, id="another-form-of-the-same-patient"),
        pytest.param((1, 1, 7, 0), (2, 2, 0), True, id="at-the-moment-it-runs-out"),
    ],
)
def test_no_window_writes_over_a_newer_text(held, page, may):
    now = timezone.now()
    kept = held and Held(UUID(int=held[0]), UUID(int=held[1]), held[2], now + timedelta(seconds=held[3]))
    assert may_write(kept, Page(UUID(int=page[0]), UUID(int=page[1]), page[2]), now) is may


def test_a_draft_counts_nowhere_and_tells_nobody(world, keep, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(60), level=1, as_recorded=True)
    with scope(world.worker):
        before = Patient.objects.values().get(pk=patient.pk), list(PatientYear.objects.values())
    keep(patient)
    with scope(world.worker):
        assert (Patient.objects.values().get(pk=patient.pk), list(PatientYear.objects.values())) == before
        assert (Visit.objects.count(), Alert.objects.count()) == (1, 0)


def test_what_was_typed_comes_back_as_it_was_and_is_told(world, log_in, keep):
    patient = world.patient()
    page = page_of()
    keep(patient, page=page)
    shown = log_in(world.worker).get(new(patient))
    text = shown.content.decode()
    assert shown.status_code == 200
    assert re.search(r"已恢复您 \d\d:\d\d 暂存的内容，还没有保存。", text)
    assert re.search(r'name="level" value="4"[^>]* checked', text)
    assert re.findall(r'name="seen" value="(\d)"[^>]* checked', text) == ["1", "3"]
    assert "持刀追赶邻居</textarea>" in text
    assert 'value="2026-13-45"' in text
    assert f'name="form_id" value="{page.form_id}"' in text
    assert "请填随访日期" not in text  # nothing has been sent yet


def test_the_page_keeps_its_draft_and_is_told_when(world, log_in):
    patient, page = world.patient(), page_of()
    client = log_in(world.worker)
    keeping = reverse("followup:draft_keep", args=[patient.uuid])
    answer = client.post(keeping, sent(page, level="1", drug1_name="利培酮", csrfmiddlewaretoken="x", evil="y"))
    assert (answer.status_code, answer.json()["state"], answer.json()["version"]) == (200, "kept", 1)
    assert re.fullmatch(r"已暂存 \d\d:\d\d", answer.json()["words"])
    assert client.post(keeping, sent(page, level="2")).json()["version"] == 2
    with scope(world.worker):
        assert own_draft(patient, world.worker, timezone.now()).content == {"level": ["2"]}
    other = client.post(keeping, sent(page_of(), level="5"))
    assert (other.status_code, other.json()["state"]) == (409, "draft_elsewhere")
    assert "另一个窗口" in other.json()["words"]
    assert client.post(keeping, {"level": "1"}).status_code == 400
    assert client.post(keeping, sent(page, draft_tab="x")).status_code == 400


def test_only_the_answers_of_the_form_are_kept(world, log_in):
    patient, page = world.patient(), page_of()
    long = "长" * 3000
    log_in(world.worker).post(
        reverse("followup:draft_keep", args=[patient.uuid]),
        sent(page, basis=long, drug1_name="利培酮", evil="y", then="x"),
    )
    with scope(world.worker):
        assert own_draft(patient, world.worker, timezone.now()).content == {
            "basis": [long[:1000]], "drug1_name": ["利培酮"],
        }  # fmt: skip


def test_saving_removes_the_draft_and_nothing_is_kept_after_it(world, keep, record):
    patient, page = world.patient(), page_of()
    keep(patient, page=page)
    record(patient, world.worker, form_id=page.form_id)
    with scope(world.worker):
        assert Draft.objects.count() == 0
    with pytest.raises(FormSaved):
        keep(patient, page=page)


def test_a_refused_save_leaves_the_draft(world, log_in, keep):
    patient, page = world.patient(), page_of()
    keep(patient, page=page)
    answer = log_in(world.worker).post(new(patient), sent(page, level="4", visited_on="2026-13-45"))
    assert answer.status_code == 400
    with scope(world.worker):
        assert Draft.objects.count() == 1


def test_two_workers_have_a_draft_each_and_the_second_is_told(world, log_in, keep):
    patient = world.patient()
    keep(patient, by=world.worker)
    text = log_in(world.village_doctor).get(new(patient)).content.decode()
    assert f"{world.worker.display_name} 从 " in text
    assert "也在填这位患者的随访" in text
    assert "持刀追赶邻居" not in text
    keep(patient, by=world.village_doctor, answers={"level": ["0"]})
    with scope(world.worker):
        assert own_draft(patient, world.worker, timezone.now()).content == TYPED


def test_a_visit_saved_meanwhile_is_told(world, log_in, keep, record):
    patient = world.patient()
    assert "已经保存过" not in log_in(world.worker).get(new(patient)).content.decode()
    keep(patient)
    record(patient, world.village_doctor)
    text = log_in(world.worker).get(new(patient)).content.decode()
    assert f"{world.village_doctor.display_name} " in text
    assert "已经保存过这位患者" in text


def test_who_may_not_record_keeps_nothing(world, keep, log_in):
    patient = world.patient()
    with pytest.raises(Denied):
        keep(patient, by=world.leader)
    answer = log_in(world.stranger).post(reverse("followup:draft_keep", args=[patient.uuid]), sent(page_of()))
    assert answer.status_code == 404


def test_a_draft_runs_out_and_is_cleared(world, keep, log_in):
    patient = world.patient()
    keep(patient)
    with scope(world.worker):
        Draft.objects.update(expires_at=timezone.now() - timedelta(hours=1))
        assert own_draft(patient, world.worker, timezone.now()) is None
        assert unfinished(world.worker, timezone.now()) == []
    with scope(counties=[world.county.pk]):
        assert (clear_drafts(), Draft.objects.count()) == (1, 0)
    keep(patient)
    with scope(counties=[world.county.pk]):
        assert (clear_drafts(), Draft.objects.count()) == (0, 1)


def test_giving_up_begins_anew(world, keep, log_in):
    patient = world.patient()
    keep(patient)
    client = log_in(world.worker)
    answer = client.post(reverse("followup:draft_drop", args=[patient.uuid]), follow=True)
    text = answer.content.decode()
    assert "草稿已清除，可以重新填写。" in text
    assert "持刀追赶邻居" not in text
    with scope(world.worker):
        assert drop_draft(patient=patient, by=world.worker) is False


def test_the_list_shows_what_is_unfinished(world, keep, log_in):
    patient = world.patient(name="试验甲", opened_on=days_ago(20))
    keep(patient)
    assert "接着填" in log_in(world.worker).get(reverse("followup:worklist")).content.decode()
    assert re.search(
        r"未完成的草稿.*试验甲", log_in(world.worker).get(reverse("followup:work_lines")).content.decode(), re.S
    )
    assert "接着填" not in log_in(world.village_doctor).get(reverse("followup:worklist")).content.decode()
    assert "未完成的草稿" not in log_in(world.village_doctor).get(reverse("followup:work_lines")).content.decode()


def test_the_text_opens_for_its_writer_patient_and_form_only(world, keep):
    one, two, page = world.patient(), world.patient(), page_of()
    keep(one, page=page)
    assert seal_of(world.worker.uuid, one.uuid, page.form_id) != seal_of(world.worker.uuid, two.uuid, page.form_id)
    with scope(world.worker), connection.cursor() as cursor:
        cursor.execute("SELECT uuid, content FROM followup_draft")
        ((uuid, sealed),) = cursor.fetchall()
    assert uuid == seal_of(world.worker.uuid, one.uuid, page.form_id)
    assert "持刀".encode() not in bytes(sealed)


def test_the_wall_shows_the_township_and_lets_the_writer_alone_change(world, keep):
    patient = world.patient()
    keep(patient)
    for who, seen in (("worker", 1), ("village_doctor", 1), ("worker_b", 0), ("stranger", 0)):
        with scope(getattr(world, who)):
            assert Draft.objects.count() == seen, who
    with scope(world.village_doctor):
        assert Draft.objects.update(version=9) == 0
        assert Draft.objects.all().delete()[0] == 0
        copy = Draft.objects.get()
        copy.pk, copy.uuid, copy.form_id, copy.content = None, uuid4(), uuid4(), {}
        copy.patient = world.patient()
        with pytest.raises(DatabaseError), transaction.atomic():
            copy.save(force_insert=True)  # in the other's name
    with scope():
        assert Draft.objects.count() == 0


def test_a_form_of_another_patient_is_not_taken_over(world, keep):
    one, two, page = world.patient(), world.patient(), page_of()
    keep(one, page=page)
    with pytest.raises(DraftElsewhere):
        keep(two, page=page)


def test_who_must_log_in_first_comes_back_to_the_form(world, client):
    patient = world.patient()
    for answer in (client.get(new(patient)), client.post(new(patient), {"level": "1"})):
        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('accounts:login')}?next={new(patient).replace('/', '%2F')}"
