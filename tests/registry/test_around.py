"""The people around a patient, day by day; papers that lack; posts against patients."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from registry.models import Companion, Consent, EconomicStatus, Guardian, SocialFact
from registry.queries.around import around
from registry.queries.consents import text_on
from registry.queries.papers import papers_of
from registry.queries.teams import links_of, staffing_of, teams_of
from registry.rules.around import assistants_wanted, helper_gaps, in_force
from registry.rules.consent import FIRST_VERSION, ConsentRefused, check_consent
from registry.rules.paper_rows import picked
from registry.rules.papers import FileFacts, chip_words, papers
from registry.rules.sheets import BASICS, contradiction, lacking
from registry.rules.staffing import staffing
from registry.services import around as acts
from registry.services import teams
from registry.services.consents import publish_consent_text, sign_consent
from registry.services.facts import record_guardian
from registry.services.sheets import fill_sheet
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.registry.walking import text

DAY = date(2025, 3, 10)


def row(slot, starts, *, ended=False):
    return SimpleNamespace(slot=slot, starts_on=date(2025, 3, starts), ended=ended)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    (
        pytest.param([row("a", 10)], ["a"], id="first-day"),
        pytest.param([row("a", 11)], [], id="the-day-before"),
        pytest.param([row("a", 1), row("a", 10, ended=True)], [], id="day-of-the-end"),
        pytest.param([row("a", 1), row("a", 11, ended=True)], ["a"], id="day-before-the-end"),
        pytest.param([row("a", 1), row("b", 2)], ["a", "b"], id="two-threads"),
        pytest.param([row("a", 5, ended=True), row("a", 1), row("a", 9)], ["a"], id="back-again"),
    ),
)
def test_a_thread_holds_until_its_next_row(rows, wanted):
    assert sorted(found.slot for found in in_force(rows, DAY)) == wanted


def test_gaps_are_named_in_the_order_of_the_five():
    assert [role.label for role in helper_gaps(["police", "grid"])] == ["村（居）干部", "精防医生", "民政或残联人员"]


@pytest.mark.parametrize(
    ("level", "there", "missing"), ((None, 0, 0), (2, 0, 0), (3, 0, 2), (3, 1, 1), (5, 2, 0), (4, 3, 0))
)
def test_two_assistants_from_level_three(level, there, missing):
    assert assistants_wanted(level, there, from_level=3, wanted=2) == missing


@pytest.mark.parametrize(
    ("shares", "registered", "missing", "words"),
    (
        pytest.param([], 0, 100, "没有精防人员", id="nobody-and-nobody"),
        pytest.param([100], 0, 0, "每名全职负责 0.0 人", id="at-least-one"),
        pytest.param([100], 80, 0, "每名全职负责 80.0 人", id="exactly-eighty"),
        pytest.param([100], 81, 2, "每名全职负责 81.0 人", id="one-more"),
        pytest.param([30, 50], 60, 20, "折合全职 0.8 人，在册 60 人", id="parts-add-up-but-one-is-owed"),
        pytest.param([100, 100], 160, 0, "每名全职负责 80.0 人", id="two"),
    ),
)
def test_posts_against_patients(shares, registered, missing, words):
    found = staffing(shares, registered, per_post=80)
    assert found.missing_percent == missing
    assert words in found.words


@pytest.mark.parametrize(
    ("path", "more", "says", "field"),
    (
        ("agreed", {"signer": "patient"}, "", ""),
        ("agreed", {}, "由谁签字", "signer"),
        ("agreed", {"signer": "guardian"}, "与患者的关系", "relation"),
        ("agreed", {"signer": "guardian", "relation": "1"}, "", ""),
        ("refused", {"signer": "patient"}, "原因", "reason"),
        ("refused", {"signer": "patient", "reason": "不愿意"}, "", ""),
        ("withdrawn", {"signer": "patient", "reason": "搬走"}, "", ""),
        ("withdrawn", {"signer": "patient", "reason": "搬走", "holds": False}, "没有有效的同意", "path"),
        ("informed", {}, "告知了谁", "reason"),
        ("informed", {"reason": "告知父亲"}, "", ""),
    ),
)
def test_what_a_consent_record_needs_and_where_it_says_so(path, more, says, field):
    said = {"signer": "", "relation": "", "reason": "", "holds": True} | more
    if not says:
        check_consent(path, **said)
        return
    with pytest.raises(ConsentRefused, match=says) as refused:
        check_consent(path, **said)
    assert refused.value.field == field


def test_no_word_of_the_program_stands_on_a_paper():
    row = picked("本人（或监护人）意见", [("agreed", "同意参加管理"), ("refused", "不同意参加管理")], ["agreed"])
    assert (row.boxes, row.options[0]) == ((), ("", "同意参加管理", True))
    assert picked("血型", [("1", "A型"), ("10", "不详")], ["10"]).boxes == ("10",)


def test_a_sheet_says_what_it_lacks_and_none_excludes_the_rest():
    assert lacking("basics", {}) == ("pays", "allergy", "diseases", "disability")
    assert lacking("supplement", {"symptoms": ["1"], "outpatient": "1", "effect": "2", "family": "2"}) == ()
    assert contradiction("basics", {"allergy": ["1", "2"]})[0] == "allergy"
    assert contradiction("basics", {"allergy": ["1"]}) is None


def test_the_four_forms_in_words():
    nothing = papers(FileFacts(frozenset(), consent=False, visited=False))
    assert chip_words(nothing) == "缺知情同意书、个人基本信息表、个人信息补充表、首次随访"
    assert "民族" in nothing[1].missing
    assert {q.label for q in BASICS if q.needed} <= set(nothing[1].missing)
    relaxed = papers(FileFacts(frozenset(), consent=True, visited=True, whole=False))
    assert "药物过敏史" not in relaxed[1].missing
    assert relaxed[0].is_there
    assert relaxed[3].is_there


WITH_DATA = pytest.mark.django_db


@WITH_DATA
class TestPeople:
    def test_a_helper_is_one_at_a_time_an_assistant_is_any_number(self, world):
        patient, by = world.patient(VILLAGE_A1), world.worker
        with scope(by):
            for name, on in (("甲", DAY), ("乙", DAY + timedelta(days=5))):
                acts.name_companion(patient=patient, role="police", on=on, name=name, by=by)
                acts.name_companion(patient=patient, role="assistant", on=on, name=name, relation="4", by=by)
            before, after = around(patient, DAY + timedelta(days=4)), around(patient, DAY + timedelta(days=5))
            assert (before.helpers["police"].name, after.helpers["police"].name) == ("甲", "乙")
            assert [one.name for one in after.assistants] == ["甲", "乙"]
            assert [role.value for role in after.gaps] == ["cadre", "doctor", "grid", "civil"]

    def test_an_end_is_a_row_of_its_own_and_comes_once(self, world):
        patient, by = world.patient(VILLAGE_A1), world.worker
        with scope(by):
            acts.name_companion(patient=patient, role="grid", on=DAY, name="甲", by=by)
            with pytest.raises(Refused, match="要晚于开始日期"):
                acts.end_companion(patient=patient, slot="grid", on=DAY, by=by)
            acts.end_companion(patient=patient, slot="grid", on=DAY + timedelta(days=1), by=by)
            assert around(patient, DAY).helpers["grid"].name == "甲"
            assert around(patient, DAY + timedelta(days=1)).helpers == {}
            with pytest.raises(Refused, match="已经不再担任"):
                acts.end_companion(patient=patient, slot="grid", on=DAY + timedelta(days=2), by=by)
            assert Companion.objects.count() == 2

    def test_the_guardian_ends_and_another_begins(self, world):
        patient, by = world.patient(VILLAGE_A1), world.worker
        with scope(by):
            acts.end_guardian(patient=patient, on=DAY, by=by)
            assert around(patient, DAY - timedelta(days=1)).guardian is not None
            assert around(patient, DAY).guardian is None
            assert around(patient, DAY).is_weakly_guarded
            with pytest.raises(Refused, match="没有登记的监护人"):
                acts.end_guardian(patient=patient, on=DAY + timedelta(days=1), by=by)
            record_guardian(patient=patient, on=DAY + timedelta(days=2), name="新人", payee=True, by=by)
            found = around(patient, DAY + timedelta(days=2))
            assert [one.name for one in found.payees] == ["新人"]
            assert Guardian.objects.count() == 3

    def test_the_allowance_is_drawn_by_one(self, world):
        patient, by = world.patient(VILLAGE_A1), world.worker
        later = DAY + timedelta(days=20)
        with scope(by):
            record_guardian(patient=patient, on=DAY, name="监护甲", payee=True, by=by)
            with pytest.raises(Refused, match=r"监护补助已由监护人监护甲领取.*先重填监护人监护甲") as refusal:
                acts.name_companion(patient=patient, role="assistant", on=later, name="协助乙", payee=True, by=by)
            assert refusal.value.field == "payee"
            record_guardian(patient=patient, on=later, name="监护甲", by=by)
            assistant = acts.name_companion(
                patient=patient, role="assistant", on=later, name="协助乙", payee=True, by=by
            )
            for one in ("监护甲", "监护丙"):
                with pytest.raises(Refused, match=r"监护补助已由协助监护人协助乙领取.*先登记协助乙不再担任"):
                    record_guardian(patient=patient, on=later, name=one, payee=True, by=by)
            record_guardian(patient=patient, on=DAY, name="监护甲", payee=True, by=by)  # ends before the other begins
            acts.end_companion(patient=patient, slot=assistant.slot, on=later + timedelta(days=1), by=by)
            record_guardian(patient=patient, on=later + timedelta(days=1), name="监护丙", payee=True, by=by)
            for day, who in ((DAY, "监护甲"), (later, "协助乙"), (later + timedelta(days=1), "监护丙")):
                assert [one.name for one in around(patient, day).payees] == [who]

    def test_poverty_stands_where_the_reports_read_it(self, world):
        patient, by = world.patient(VILLAGE_A1), world.worker
        with scope(by):
            acts.record_social(patient=patient, kind="poor", holds=True, on=DAY, source="civil_affairs", by=by)
            acts.record_social(patient=patient, kind="dibao", holds=True, on=DAY, source="civil_affairs", by=by)
            assert EconomicStatus.objects.get(patient=patient).poor is True
            assert [fact.kind for fact in SocialFact.objects.all()] == ["dibao"]
            with pytest.raises(Refused, match="持残疾人证"):
                acts.record_social(patient=patient, kind="dibao", holds=True, grade=2, on=DAY, source="police", by=by)

    def test_who_may_not_file_names_nobody(self, world):
        patient = world.patient(VILLAGE_A1)
        for by in (world.leader, world.village_doctor, world.psychiatrist):
            with scope(by), pytest.raises(Denied):
                acts.name_companion(patient=patient, role="grid", on=DAY, name="甲", by=by)

    def test_training_of_one_day_and_topic_is_one_row(self, world):
        patient, by = world.patient(VILLAGE_A1), world.worker
        with scope(by):
            for hours in (1, 2):
                said = {"patient": patient, "on": DAY, "topic": "用药", "attended": "甲"}
                made = acts.log_training(hours=Decimal(hours), by=by, **said)
            assert made.hours == 2
            assert patient.trainings.count() == 1


@WITH_DATA
class TestConsent:
    def test_each_path_is_a_dated_row_and_the_text_version_stays(self, world):
        patient, by = world.patient(VILLAGE_A1, consent=False), world.worker
        with scope(by):
            picture = BytesIO(b"%PDF-1.7")
            sign_consent(patient=patient, on=DAY, path="agreed", signer="patient", upload=picture, by=by)
        office = world.county_office
        with scope(office):
            publish_consent_text(
                county=world.county, version="2026-1", starts_on=DAY + timedelta(days=3), body="新文本", by=office
            )
            with pytest.raises(Refused, match="已经用过"):
                publish_consent_text(
                    county=world.county, version="2026-1", starts_on=DAY + timedelta(days=9), body="又一个", by=office
                )
        with scope(by):
            said = {"signer": "guardian", "relation": "2", "reason": "不再需要"}
            sign_consent(patient=patient, on=DAY + timedelta(days=3), path="withdrawn", by=by, **said)
            rows = list(Consent.objects.filter(patient=patient).order_by("starts_on"))
            assert [(r.way.value, r.agreed, r.text_version) for r in rows] == [
                ("refused", False, ""), ("agreed", True, FIRST_VERSION), ("withdrawn", False, "2026-1"),
            ]  # fmt: skip
            assert rows[1].scan.kind == "consent"
            assert text_on(world.county.pk, DAY).version == FIRST_VERSION

    def test_a_county_publishes_for_itself_alone(self, world):
        office, elsewhere = world.county_office, world.town_c.parent
        with scope(office), pytest.raises(Denied):
            publish_consent_text(county=elsewhere, version="1", starts_on=DAY, body="别人的", by=office)

    def test_what_was_refused_before_cannot_be_taken_back(self, world):
        patient, by = world.patient(VILLAGE_A1, consent=False), world.worker
        with scope(by), pytest.raises(Refused, match="没有有效的同意"):
            sign_consent(patient=patient, on=DAY, path="withdrawn", signer="patient", reason="不要", by=by)

    def test_a_wrong_file_leaves_no_consent(self, world):
        patient, by = world.patient(VILLAGE_A1, consent=False), world.worker
        with scope(by):
            with pytest.raises(Refused, match="只收 PDF"):
                sign_consent(patient=patient, on=DAY, path="agreed", signer="patient", upload=BytesIO(b"MZ"), by=by)
            assert Consent.objects.filter(patient=patient).count() == 1


@WITH_DATA
class TestTeams:
    def test_a_village_team_stands_in_a_village(self, world):
        by = world.worker
        said = {"on": DAY, "name": "甲", "agency_kind": "police", "by": by}
        with scope(by):
            teams.add_member(division=world.places[VILLAGE_A1], kind="village", leads=True, **said)
            with pytest.raises(Refused, match="设在村"):
                teams.add_member(division=world.places[VILLAGE_A1], kind="township", **said)
            with pytest.raises(Denied):
                teams.add_member(division=world.places[VILLAGE_B1], kind="village", **said)
            found = {(t.kind.value, t.division.code): len(t.members) for t in teams_of(world.town_a, DAY)}
            assert found["village", VILLAGE_A1] == 1
            assert found["township", world.town_a.code] == 0

    def test_a_group_has_one_leader_at_a_time(self, world, log_in):
        by, town = world.worker, world.town_a
        said = {"division": town, "kind": "township", "agency_kind": "police", "by": by}
        with scope(by):
            first = teams.add_member(on=DAY, name="组长甲", leads=True, **said)
            teams.add_member(on=DAY, name="组员乙", **said)
            for day in (DAY - timedelta(days=3), DAY, DAY + timedelta(days=3)):
                with pytest.raises(Refused, match=r"这个小组的组长是组长甲.*先登记组长甲不再担任") as refusal:
                    teams.add_member(on=day, name="组长丙", leads=True, **said)
            assert refusal.value.field == "leads"
        form = {
            "group": f"township:{town.pk}", "name": "组长丙", "agency_kind": "police", "leads": "on",
            "on": DAY.isoformat(),
        }  # fmt: skip
        answer = log_in(by).post(reverse("registry:team_deed", args=[town.code, "member"]), form)
        assert (answer.status_code, "这个小组的组长是组长甲" in text(answer)) == (400, True)
        with scope(by):
            teams.end_member(slot=first.slot, on=DAY + timedelta(days=3), by=by)
            teams.add_member(on=DAY + timedelta(days=3), name="组长丙", leads=True, **said)
            (team,) = [one for one in teams_of(town, DAY + timedelta(days=3)) if one.kind == "township"]
            assert [(one.name, one.leads) for one in team.members] == [("组长丙", True), ("组员乙", False)]

    def test_one_psychiatrist_a_place_at_a_time_and_the_villages_own_comes_first(self, world):
        by, doctor = world.worker, world.psychiatrist
        patient = world.patient(VILLAGE_A1)
        with scope(by):
            teams.link_psychiatrist(division=world.town_a, psychiatrist=doctor, on=DAY, by=by)
            assert around(patient, DAY).psychiatrist == doctor
            assert around(patient, DAY - timedelta(days=1)).psychiatrist is None
            teams.link_psychiatrist(division=world.town_a, psychiatrist=None, on=DAY + timedelta(days=1), by=by)
            assert around(patient, DAY + timedelta(days=1)).psychiatrist is None
            assert [link.psychiatrist for link in links_of(world.town_a, DAY)] == [doctor, None, None]

    def test_posts_in_force_are_counted_for_the_township(self, world):
        by = world.worker
        world.patient(VILLAGE_A1)
        with scope(by):
            first = teams.place_staff(township=world.town_a, on=DAY, name="甲", share=50, by=by)
            teams.place_staff(township=world.town_a, on=DAY, name="乙", share=30, by=by)
            again = DAY + timedelta(days=2)
            teams.place_staff(township=world.town_a, on=again, name="甲", share=70, slot=first.slot, by=by)
            teams.end_staff(township=world.town_a, slot=first.slot, on=DAY + timedelta(days=9), by=by)
            counted = [staffing_of([world.town_a], DAY + timedelta(days=n))[world.town_a.pk].percent for n in (0, 2, 9)]
            assert counted == [80, 100, 30]
            assert staffing_of([world.town_a], DAY)[world.town_a.pk].registered == 1


@WITH_DATA
class TestPages:
    def test_the_chip_and_the_list_say_the_same(self, world, log_in):
        patient = world.patient(VILLAGE_A1)
        client = log_in(world.worker)
        assert "缺个人基本信息表、个人信息补充表、首次随访" in text(client.get(patient.get_absolute_url()))
        shown = text(client.get(reverse("registry:papers_lacking"), {"paper": "first_visit"}))
        assert "缺首次随访的 1 人" in shown
        assert patient.name in shown
        assert "缺知情同意书的 0 人" in text(client.get(reverse("registry:papers_lacking"), {"paper": "consent"}))

    def test_a_filled_sheet_takes_its_form_off_the_list(self, world):
        facts = {"ethnicity": "汉族", "education": "70", "marital": "10", "employment": "3", "phone_index": b"1" * 32}
        patient, by = world.patient(VILLAGE_A1, household_address="东一社区", **facts), world.worker
        answers = {"pays": ["2"], "allergy": ["1"], "diseases": ["1"]}
        with scope(by):
            fill_sheet(patient=patient, form="basics", on=DAY, answers=answers, by=by)
            assert papers_of(patient, DAY)[1].missing == ("残疾情况",)
            fill_sheet(patient=patient, form="basics", on=DAY, answers=answers | {"disability": ["1"]}, by=by)
            assert papers_of(patient, DAY)[1].missing == ()

    def test_the_forms_are_worked_through(self, world, log_in):
        patient = world.patient(VILLAGE_A1)
        client = log_in(world.worker)
        said = {"name": "协助一", "relation": "4", "phone": "19900000077", "on": "2025-03-10", "payee": "on"}
        answer = client.post(reverse("registry:around_act", args=[patient.uuid, "assistant"]), said)
        assert answer["Location"] == reverse("registry:patient_around", args=[patient.uuid])
        shown = text(client.get(answer["Location"]))
        assert "协助一" in shown
        assert "19900000077" not in shown
        assert "还缺：村（居）干部、社区民警、精防医生、网格员、民政或残联人员" in shown
        wrong = client.post(reverse("registry:around_act", args=[patient.uuid, "helper"]), {"on": "2025-03-10"})
        assert wrong.status_code == 400
        sheet = reverse("registry:sheet_edit", args=[patient.uuid, "basics"])
        bad = client.post(sheet, {"on": "2025-03-10", "allergy": ["1", "2"]})
        assert (bad.status_code, "就不能再选别的" in text(bad)) == (400, True)
        assert client.post(sheet, {"on": "2025-03-10", "allergy": ["1"]}).status_code == 302
        assert client.get(sheet).context["form"].initial["allergy"] == ["1"]

    def test_whoever_does_not_agree_is_not_offered_a_visit_but_it_can_be_recorded(self, world, log_in):
        patient = world.patient(VILLAGE_A1, consent=False)
        shown = text(log_in(world.worker).get(patient.get_absolute_url()))
        assert "记随访" not in shown
        assert "记一次情况（不同意管理）" in shown

    @pytest.mark.parametrize("sheet", ("consent", "basics", "supplement"))
    def test_the_papers_print_filled_and_blank(self, sheet, world, log_in):
        patient = world.patient(VILLAGE_A1, "石秀英")
        client = log_in(world.worker)
        filled = text(client.get(reverse("registry:paper_print", args=[patient.uuid, sheet])))
        blank = text(client.get(reverse("registry:sheet_blank", args=[sheet])))
        assert "石秀英" in filled
        assert "石秀英" not in blank
        assert f"表1-{ {'consent': 5, 'basics': 6, 'supplement': 7}[sheet] }" in blank

    def test_the_township_page_shows_both_numbers(self, world, log_in):
        world.patient(VILLAGE_A1)
        client = log_in(world.worker)
        deed = reverse("registry:team_deed", args=[world.town_a.code, "staff"])
        assert client.post(deed, {"name": "甲", "share": "50", "on": "2025-03-10"}).status_code == 302
        shown = text(client.get(reverse("registry:team", args=[world.town_a.code])))
        assert "折合全职 0.5 人，在册 1 人" in shown
        assert client.get(reverse("registry:team", args=[world.town_b.code])).status_code == 404
