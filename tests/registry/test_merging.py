"""Two files of one person: two people decide, every link moves, and undoing restores every row of every table."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from followup.models import Visit
from followup.rules.facts import VisitFacts
from followup.services.visits import record_visit
from followup.services.windows import refresh_windows
from registry.models import Guardian, MergeProposal, Patient
from registry.queries.duplicates import merged_into, merged_numbers
from registry.rules.merging import KEPT, questions
from registry.rules.person import PersonFacts
from registry.services.changes import change_patient
from registry.services.identity import next_numbers
from registry.services.merging import (
    confirm_merge,
    propose_merge,
    refuse_merge,
    say_different,
    undo_merge,
    withdraw_merge,
)
from registry.services.status import set_status
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1
from tests.factories import make_agency, make_user

pytestmark = pytest.mark.django_db
# Logs only grow, and the merge's own papers tell of it; everything else comes back as it was.
GROWS = ("accounts_auditevent", "accounts_accesslog", "registry_mergeproposal", "registry_mergedrow", "registry_casenumber",
         "reports_quarterchange")  # fmt: skip


def everything():
    """Every row of every table that is no log, as the owner sees them: the county's reach holds all of this world."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
            "AND c.relnamespace = 'public'::regnamespace AND has_table_privilege('app', c.oid, 'SELECT') ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            if table in GROWS or table.endswith("historyevent"):
                continue
            # Windows are derived from the records and the file, and drawn anew: the same windows, under other keys.
            shown = "to_jsonb(t) - 'id'" if table == "followup_window" else "to_jsonb(t)"
            cursor.execute(f"SELECT ({shown})::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def visit(world, patient, days, level=1):
    facts = VisitFacts(
        visited_on=timezone.localdate() - timedelta(days=days), form="2", seen=("1",), level=level, insight=2,
        hospital=0, adherence=1, basis="摔东西" if level >= 3 else "",
    )  # fmt: skip
    record_visit(patient=patient, facts=facts, form_id=uuid4(), by=world.worker)


@pytest.fixture
def both(world):
    """One person twice: the older file has no visit of the last weeks, the younger one has, and knows a guardian."""
    kept = world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua", opened_on=date(2024, 5, 6))
    other = world.patient(VILLAGE_A2, "冉起华", pinyin="ranqihua", opened_on=date(2023, 3, 1), ethnicity="苗族")
    with scope(world.worker):
        visit(world, kept, 200)
        visit(world, other, 60)
        visit(world, other, 20, level=3)
        set_status(patient=other, value="away", on=date(2024, 1, 5), by=world.worker, reason="打工")
        Guardian.objects.filter(patient=other).update(name="冉父")
    with scope(counties=[world.county.pk]):
        return Patient.objects.get(pk=kept.pk), Patient.objects.get(pk=other.pk)


def proposed(world, both, **said):
    kept, other = both
    with scope(world.worker):
        return propose_merge(kept=kept, other=other, said=said, reason="本人和监护人都确认", by=world.worker)


def test_one_proposes_another_confirms_and_every_link_moves(world, both):
    kept, other = both
    proposal = proposed(world, both, guardian="other", name="kept")
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
        now = Patient.objects.get(pk=kept.pk)
        assert not Patient.objects.filter(pk=other.pk).exists()
        assert Visit.objects.filter(patient=now).count() == 3
        assert set(Visit.objects.values_list("duty_township", flat=True)) == {now.duty_township}
        assert (now.name, now.ethnicity, now.status, now.opened_on) == ("冉启华", "苗族", "managed", date(2023, 3, 1))
        assert [row.name for row in Guardian.objects.filter(patient=now)] == ["冉父"]
        assert (now.last_level, now.last_visit_on) == (3, timezone.localdate() - timedelta(days=20))
        assert merged_into(world.county_office, other.uuid) == kept.uuid
        assert merged_numbers(now) == [(other.uuid, other.number)]


def test_who_does_not_reach_the_kept_file_is_told_nothing_of_the_merged_one(world, both, log_in):
    """The wall knows no villages: the query must end at the own reach, as for a number that nobody has."""
    kept, other = both
    proposal = proposed(world, both)
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
    place = world.places[VILLAGE_A2]
    beside = make_user(Role.VILLAGE_DOCTOR, place, make_agency(AgencyKind.VILLAGE_CLINIC, place), username="beside")
    page = reverse("registry:patient", args=[other.uuid])
    for user in (beside, world.worker_b, world.stranger):
        assert (user.username, log_in(user).get(page).status_code) == (user.username, 404)
    answer = log_in(world.village_doctor).get(page)
    assert (answer.status_code, answer["Location"]) == (302, reverse("registry:patient", args=[kept.uuid]))


def test_undoing_restores_every_row_of_every_table(world, both):
    proposal = proposed(world, both, guardian="other", status="other", id_number="other", phone="other")
    assert world.psychiatrist
    with scope(world.county_office):
        refresh_windows([one.pk for one in both])  # windows that wait for their sweep are settled first
        before = everything()
        confirm_merge(proposal=proposal, by=world.county_office)
        assert everything() != before
        undo_merge(proposal=MergeProposal.objects.get(pk=proposal.pk), reason="其实是两兄弟", by=world.psychiatrist)
        after = everything()
    assert {t: sorted(set(rows) ^ set(before[t])) for t, rows in after.items() if rows != before[t]} == {}
    assert after.keys() == before.keys()


def test_what_was_written_since_the_merge_stays(world, both):
    kept, other = both
    proposal = proposed(world, both)
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
        now = Patient.objects.get(pk=kept.pk)
        change_patient(patient=now, said=PersonFacts(phone="19900000077"), by=world.county_office)
        undo_merge(proposal=MergeProposal.objects.get(pk=proposal.pk), reason="两个人", by=world.county_office)
        assert Patient.objects.get(pk=kept.pk).phone == "19900000077"
        assert Patient.objects.get(pk=other.pk).phone == "19900000001"
        assert merged_into(world.county_office, other.uuid) is None


def test_nobody_confirms_the_own_proposal_neither_in_words_nor_in_the_database(world, both):
    kept, other = both
    with scope(world.county_office):
        proposal = propose_merge(kept=kept, other=other, said={}, reason="同一人", by=world.county_office)
        with pytest.raises(Refused, match="另一个人"):
            confirm_merge(proposal=proposal, by=world.county_office)
        with pytest.raises(DatabaseError, match="another user"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT merge_begin(%s, %s)", [str(proposal.uuid), []])


def test_a_proposal_in_anothers_name_carries_the_own(world, both):
    kept, other = both
    with scope(world.county_office):
        row = MergeProposal.objects.create(
            patient=kept, other=other.uuid, other_number=2, choices={}, seen="1,1", reason="x",
            proposed_by=world.worker,
        )  # fmt: skip
        row.refresh_from_db()
        assert row.proposed_by_id == world.county_office.pk
        with pytest.raises(DatabaseError, match="another user"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT merge_begin(%s, %s)", [str(row.uuid), []])


def test_a_worker_cannot_confirm(world, both):
    proposal = proposed(world, both)
    with scope(world.worker), pytest.raises(Denied):
        confirm_merge(proposal=proposal, by=world.worker)


def test_a_file_changed_since_the_proposal_is_looked_at_again(world, both):
    proposal = proposed(world, both)
    with scope(world.county_office):
        change_patient(patient=both[1], said=PersonFacts(marital="10"), by=world.county_office)
        with pytest.raises(Refused, match="又改动过"):
            confirm_merge(proposal=proposal, by=world.county_office)


def test_seventy_two_hours_and_one_second_are_too_late(world, both):
    proposal = proposed(world, both)
    late = proposal.proposed_at + timedelta(hours=72, seconds=1)
    with (
        time_machine.travel(late, tick=False),
        scope(world.county_office),
        pytest.raises(Refused, match="超过 72 小时"),
    ):
        confirm_merge(proposal=proposal, by=world.county_office)


def test_the_thirty_first_day_is_too_late_to_undo(world, both):
    proposal = proposed(world, both)
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
        merged = MergeProposal.objects.get(pk=proposal.pk)
        late = merged.decided_at + timedelta(days=30, seconds=1)
        with time_machine.travel(late, tick=False), pytest.raises(Refused, match="超过 30 天"):
            undo_merge(proposal=merged, reason="两个人", by=world.county_office)


def test_a_merge_undone_cannot_be_undone_again(world, both):
    proposal = proposed(world, both)
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
        undo_merge(proposal=MergeProposal.objects.get(pk=proposal.pk), reason="两个人", by=world.county_office)
        with pytest.raises(Refused, match="已撤销合并"):
            undo_merge(proposal=MergeProposal.objects.get(pk=proposal.pk), reason="两个人", by=world.county_office)


def test_refused_and_withdrawn_free_the_pair(world, both):
    proposal = proposed(world, both)
    with scope(world.county_office):
        refuse_merge(proposal=proposal, reason="性格完全不同", by=world.county_office)
        assert MergeProposal.objects.get(pk=proposal.pk).state == "refused"
    again = proposed(world, both)
    with scope(world.worker):
        withdraw_merge(proposal=again, by=world.worker)
        assert MergeProposal.objects.get(pk=again.pk).state == "withdrawn"


def test_a_pair_is_proposed_once(world, both):
    proposed(world, both)
    with pytest.raises(Refused, match="已经提出"):
        proposed(world, both)


def test_a_stranger_neither_proposes_nor_sees(world, both):
    kept, other = both
    proposal = proposed(world, both)
    with scope(world.stranger):
        assert not MergeProposal.objects.exists()
        with pytest.raises(Denied):
            propose_merge(kept=kept, other=other, said={}, reason="x", by=world.stranger)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT merge_begin(%s, %s)", [str(proposal.uuid), []])


def test_the_merged_number_is_not_given_again(world, both):
    kept, other = both
    proposal = proposed(world, (kept, other))
    with scope(world.county_office):
        top = max(kept.number, other.number)
        confirm_merge(proposal=proposal, by=world.county_office)
        assert next_numbers(world.county.pk, 1)[0] > top


def test_two_different_people_leave_the_list(world, both):
    kept, other = both
    with scope(world.worker):
        assert say_different(one=kept, other=other, reason="见过两个人", by=world.worker).state == "different"


def test_files_of_two_townships_need_someone_who_sees_both(world):
    assert world.psychiatrist
    kept, other = world.patient(VILLAGE_A1), world.patient(VILLAGE_B1)
    with scope(world.county_office):
        proposal = propose_merge(kept=kept, other=other, said={}, reason="迁居时重复建档", by=world.county_office)
    with scope(world.psychiatrist):
        confirm_merge(proposal=proposal, by=world.psychiatrist)  # within the county
    there = world.patient(VILLAGE_C1)
    with scope(world.county_office), pytest.raises(Denied):
        propose_merge(kept=kept, other=there, said={}, reason="x", by=world.county_office)


def test_who_decides_second_is_told_and_nothing_is_half_done(world, both):
    """Two pages were open on one proposal: what the first did stands, the second reads it in words."""
    proposal = proposed(world, both)
    with scope(world.county_office):
        opened = [MergeProposal.objects.get(pk=proposal.pk) for _ in range(3)]
        confirm_merge(proposal=opened[0], by=world.county_office)
        with pytest.raises(Refused, match="不能从“已合并”"):
            refuse_merge(proposal=opened[1], reason="性格不同", by=world.county_office)
        with pytest.raises(Refused, match="现在已经是“已合并”"):
            confirm_merge(proposal=opened[2], by=world.psychiatrist)
        merged = [MergeProposal.objects.get(pk=proposal.pk) for _ in range(2)]
        undo_merge(proposal=merged[0], reason="两个人", by=world.county_office)
        with pytest.raises(Refused, match="已撤销"):
            undo_merge(proposal=merged[1], reason="两个人", by=world.psychiatrist)
        assert Patient.objects.filter(uuid__in=[one.uuid for one in both]).count() == 2


def test_the_page_of_a_merge_names_places_and_shows_no_code(world, both, log_in):
    kept, other = both
    with scope(world.worker):
        change_patient(patient=other, said=PersonFacts(household_code=VILLAGE_A2), by=world.worker)
    page = log_in(world.worker).get(reverse("registry:merge_new", args=[kept.uuid, other.uuid])).content.decode()
    assert world.places[VILLAGE_A2].usual_name in page
    assert VILLAGE_A2 not in page


def test_a_merge_is_undone_from_the_last_to_the_first(world, both):
    kept, other = both
    first = proposed(world, both)
    with scope(world.county_office):
        confirm_merge(proposal=first, by=world.county_office)
        now = Patient.objects.get(pk=kept.pk)
    third = world.patient(VILLAGE_A1, "冉啓华", pinyin="ranqihua")
    with scope(world.worker):
        second = propose_merge(kept=third, other=now, said={}, reason="三份都是一人", by=world.worker)
    with scope(world.county_office):
        confirm_merge(proposal=second, by=world.county_office)
        with pytest.raises(Refused, match="先撤销后一次"):
            undo_merge(proposal=MergeProposal.objects.get(pk=first.pk), reason="弄错", by=world.county_office)
        for one in (second, first):
            undo_merge(proposal=MergeProposal.objects.get(pk=one.pk), reason="弄错", by=world.county_office)
        assert set(Patient.objects.values_list("uuid", flat=True)) >= {kept.uuid, other.uuid, third.uuid}


def test_a_number_and_why_there_is_none_are_chosen_together(world):
    """The file with the number is kept, the other said why it has none: the reason goes with its file."""
    mine = PersonFacts(name="甲", id_number="x", no_id_reason=None)
    theirs = PersonFacts(name="甲", no_id_reason="证件丢失")
    (one,) = questions(mine, theirs)
    assert (one.name, one.usual) == ("id_number", KEPT)
