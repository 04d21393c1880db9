"""监护协议: signed with whom the register names, one at a time, ended by what happens to the people in it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from registry.services.around import end_guardian
from registry.services.facts import record_guardian
from registry.services.moves import move_patient
from registry.services.status import close_patient, reopen_patient
from subsidy.models import Agreement, AgreementAssistant
from subsidy.queries.agreements import agreement_on
from subsidy.rules.agreements import agreement_problems, duty_periods, usual_term
from subsidy.services.agreements import FileClosed, NoGuardian, end_agreement
from subsidy.terms import AgreementEnd, NamedBy
from tests.subsidy.conftest import day, facts
from tests.subsidy.lives import span

# pure


@pytest.mark.parametrize(
    ("more", "relation", "fields"),
    [
        ({}, "2", []),
        ({"duties_read": False}, "2", ["duties_read"]),
        ({"named_by": NamedBy.VILLAGE}, "6", ["namer"]),
        ({"named_by": NamedBy.VILLAGE, "namer": "东一社区居委会"}, "6", []),
        ({}, "6", ["named_by"]),
        ({"signed_on": date(2026, 6, 2)}, "2", ["signed_on"]),
        ({"ends_on": date(2026, 1, 1)}, "2", ["ends_on"]),
        ({"ends_on": date(2028, 12, 31)}, "2", []),
        ({"ends_on": date(2029, 1, 1)}, "2", ["ends_on"]),
        ({"starts_on": date(2023, 12, 31), "ends_on": date(2024, 12, 31)}, "2", ["starts_on"]),
        ({"starts_on": date(2026, 9, 1)}, "2", []),
        ({"starts_on": date(2026, 9, 2)}, "2", ["starts_on"]),
    ],
)
def test_what_an_agreement_must_say(more, relation, fields):
    said = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "signed_on": date(2026, 1, 1), **more}
    found = agreement_problems(
        facts(**said), relation=relation, opened_on=date(2024, 1, 1), today=date(2026, 6, 1)
    )  # fmt: skip
    assert [one.field for one in found] == fields


def test_the_usual_term_ends_with_the_care_year():
    assert usual_term(span("2026-03-15..2026-03-15").first) == span("2026-03-15..2026-12-31")
    assert usual_term(span("2026-07-01..2026-07-01").first, (7, 1)) == span("2026-07-01..2027-06-30")


def test_stretches_of_duty_are_quarters_cut_to_the_term_and_only_those_that_have_begun():
    term = span("2026-02-10..2026-12-31")
    assert duty_periods(term, span("2026-07-01..2026-07-01").first) == (
        span("2026-07-01..2026-09-30"), span("2026-04-01..2026-06-30"), span("2026-02-10..2026-03-31"),
    )  # fmt: skip
    assert duty_periods(term, span("2026-06-30..2026-06-30").first)[0] == span("2026-04-01..2026-06-30")
    assert duty_periods(term, span("2026-02-09..2026-02-09").first) == ()
    assert duty_periods(term, span("2027-05-01..2027-05-01").first)[0] == span("2026-10-01..2026-12-31")


# with the database

pytestmark = pytest.mark.django_db


def now(world: Any, row: Agreement) -> tuple[Any, str]:
    with scope(world.county_office):
        found = Agreement.objects.get(pk=row.pk)
        return found.ended_on, found.end_reason


def test_it_is_signed_with_the_guardian_and_the_assistants_of_its_first_day(world, sign, assistants):
    patient = world.patient(last_level=3)
    assistants(patient, "助一", "助二")
    assistants(patient, "助三", on=day(5))
    row = sign(patient)
    with scope(world.worker):
        kept = Agreement.objects.get(pk=row.pk)
        assert (kept.guardian, kept.relation, kept.duty_township) == ("试验监护人", "2", world.town_a.pk)
        assert [one.name for one in AgreementAssistant.objects.filter(agreement=row).order_by("pk")] == ["助一", "助二"]
        assert agreement_on(patient, row.ends_on) == row
        assert agreement_on(patient, row.ends_on + timedelta(days=1)) is None


def test_too_few_assistants_refuse_it_where_the_countys_rule_asks_for_two(world, sign, assistants):
    patient = world.patient(last_level=3)
    assistants(patient, "助一")
    with pytest.raises(Refused, match="还差 1 名"):
        sign(patient)
    assert sign(world.patient(last_level=2)).pk


def test_a_scheme_asks_for_assistants_of_everybody(world, sign, adopt):
    adopt("zoucheng-2019")
    with pytest.raises(Refused, match="还差 2 名"):
        sign(world.patient(last_level=0))


def test_without_a_guardian_it_says_who_may_name_one(world, sign):
    patient = world.patient()
    with scope(world.worker):
        end_guardian(patient=patient, on=day(150), by=world.worker)
    with pytest.raises(NoGuardian, match="由村（居）委会或单位指定"):
        sign(patient)
    with scope(world.worker):
        record_guardian(patient=patient, on=day(120), name="村干部甲", relation="6", by=world.worker)
    row = sign(patient, named_by=NamedBy.VILLAGE, namer="东一社区居委会")
    assert (row.guardian, row.namer) == ("村干部甲", "东一社区居委会")


def test_a_scan_is_kept_and_a_foreign_file_is_refused_with_everything(world, sign):
    patient = world.patient()
    with pytest.raises(Refused, match="只收 PDF"):
        sign(patient, upload=SimpleUploadedFile("a.pdf", b"hello"))
    with scope(world.worker):
        assert not Agreement.objects.filter(patient=patient).exists()
    row = sign(patient, upload=SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"))
    assert row.scan is not None
    assert row.scan.kind == "certificate"


def test_who_may_not_sign(world, sign):
    patient = world.patient()
    for user in (world.village_doctor, world.leader, world.worker_b, world.psychiatrist):
        with pytest.raises(Denied):
            sign(patient, by=user)


def test_a_closed_file_gets_no_agreement(world, sign):
    patient = world.patient()
    with scope(world.worker):
        close_patient(patient=patient, value="dead", on=day(1), by=world.worker, reason="家属告知", death_cause="1")
    with pytest.raises(FileClosed):
        sign(patient)


def test_a_renewal_ends_the_one_before_on_its_own_first_day(world, sign):
    patient = world.patient()
    old = sign(patient)
    sign(patient, starts_on=day(10))
    assert now(world, old) == (day(10), "renewed")


def test_days_that_are_taken_are_refused(world, sign):
    patient = world.patient()
    sign(patient)
    for more in ({}, {"starts_on": day(200), "ends_on": day(100)}):
        with pytest.raises(Refused, match="已经有一份协议"):
            sign(patient, **more)
    assert sign(patient, starts_on=day(200), ends_on=day(101)).pk  # up to the day before


def test_the_database_itself_keeps_one_running_at_a_time(world, sign):
    patient = world.patient()
    row = sign(patient)
    with scope(world.worker):
        row.pk, row.uuid = None, world.worker.uuid
        with pytest.raises(IntegrityError, match="agreement_one_at_a_time"), transaction.atomic():
            row.save(force_insert=True)


def test_what_was_signed_is_never_rewritten(world, sign):
    row = sign(world.patient())
    with scope(world.worker):
        for act in (lambda: Agreement.objects.filter(pk=row.pk).update(ends_on=day(0)),
                    lambda: Agreement.objects.filter(pk=row.pk).delete()):  # fmt: skip
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                act()


def test_another_guardian_ends_it_and_a_corrected_name_does_not(world, sign):
    corrected, changed, same = world.patient(), world.patient(), world.patient()
    rows = [sign(one) for one in (corrected, changed, same)]
    with scope(world.worker):
        record_guardian(patient=corrected, on=corrected.opened_on, name="试验监护仁", by=world.worker)
        record_guardian(patient=changed, on=day(20), name="新监护人", by=world.worker)
        record_guardian(patient=same, on=day(20), name="试验监护人", phone="19900000009", by=world.worker)
    assert [now(world, row) for row in rows] == [(None, ""), (day(20), "guardian_changed"), (None, "")]


def test_a_change_that_is_entered_late_counts_from_its_day_and_never_before_the_first_day(world, sign):
    patient, earlier = world.patient(), world.patient()
    late, never = sign(patient), sign(earlier)
    with scope(world.worker):
        end_guardian(patient=patient, on=day(60), by=world.worker)
        record_guardian(patient=earlier, on=day(300), name="另一人", by=world.worker)
    assert now(world, late) == (day(60), "guardian_changed")
    assert now(world, never) == (day(100), "guardian_changed")


@pytest.mark.parametrize(("value", "reason"), [("dead", "died"), ("moved_out", "moved"), ("excluded", "excluded")])
def test_the_end_of_a_file_ends_it_and_a_mistaken_one_is_taken_back(world, sign, value, reason):
    patient = world.patient()
    row = sign(patient)
    with scope(world.worker):
        close_patient(patient=patient, value=value, on=day(30), by=world.worker, reason="依据",
                      death_cause="1" if value == "dead" else "")  # fmt: skip
    assert now(world, row) == (day(30), reason)
    with scope(world.worker):
        reopen_patient(patient=patient, on=day(30), by=world.worker, reason="误结")
    assert now(world, row) == (None, "")


def test_a_return_later_asks_for_a_new_agreement(world, sign):
    patient = world.patient()
    row = sign(patient)
    with scope(world.worker):
        close_patient(patient=patient, value="moved_out", on=day(30), by=world.worker, reason="迁居")
        reopen_patient(patient=patient, on=day(3), by=world.worker, reason="迁回")
    assert now(world, row) == (day(30), "moved")
    assert sign(patient, starts_on=day(3)).pk


def test_a_move_within_the_county_takes_the_agreement_along(world, sign):
    patient = world.patient()
    row = sign(patient)
    with scope(world.county_office):
        move_patient(patient=patient, on=day(0), to_township=world.town_b, by=world.county_office, reason="迁居")
    assert now(world, row) == (None, "")
    with scope(world.worker):
        assert not Agreement.objects.exists()
    with scope(world.worker_b):
        assert AgreementAssistant.objects.count() == 0
        assert Agreement.objects.get().duty_township == world.town_b.pk


def test_it_is_ended_by_hand_for_a_reason_once(world, sign):
    patient = world.patient()
    row = sign(patient)
    told = {"agreement": row, "on": day(5), "reason": AgreementEnd.WITHDRAWN, "words": "不再领取", "by": world.worker}
    with scope(world.worker):
        for wrong in ({"words": ""}, {"reason": AgreementEnd.DIED}, {"on": day(101)}, {"on": day(-1)}):
            with pytest.raises(Refused):
                end_agreement(**told | wrong)
        assert end_agreement(**told).ended_on == day(5)
        assert agreement_on(patient, day(6)) == row
        assert agreement_on(patient, day(5)) is None
        with pytest.raises(Refused, match="已于"):
            end_agreement(**told)
    with scope(world.worker_b), pytest.raises((Denied, NotHere)):
        end_agreement(**told | {"by": world.worker_b})


def test_one_that_was_entered_wrongly_never_held_and_gives_its_days_free(world, sign):
    patient = world.patient()
    row = sign(patient)
    with scope(world.worker):
        end_agreement(agreement=row, on=day(0), reason=AgreementEnd.MISTAKEN, words="日期写错", by=world.worker)
        assert agreement_on(patient, day(100)) is None
    assert sign(patient).starts_on == day(100)
