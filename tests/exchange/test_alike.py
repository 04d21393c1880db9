"""Several differences that say the same, answered with one conclusion: each its own row, trail and review."""

import pytest
from django.urls import reverse

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from exchange.queries.differences import alike, alike_groups, open_differences
from exchange.rules.differences import Finding
from exchange.services.differences import FindingRefused, accept_differences, answer_together, return_difference
from exchange.terms import Conclusion, Evidence, InboundKind
from tests.accounts.trail import actions
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.exchange.conftest import client_of
from tests.exchange.inbound import answer, by_police, clues, compared, differences, row_of, stranger

C = Conclusion
ANSWERED = "exchange.difference.answered"
pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("同甲", "同乙", "同丙")


@pytest.fixture
def same(lists):
    """Three of one township whose phone differs, one whose guardian does, one of another township."""
    world = lists["world"]
    people = [world.patient(VILLAGE_A1, name) for name in NAMES]
    rows = [row_of(one, phone="19900000099") for one in people]
    rows.append(row_of(world.patient(VILLAGE_A1, "异丁"), guardian_name="别人"))
    rows.append(row_of(world.patient(VILLAGE_B1, "邻戊"), phone="19900000099"))
    row = by_police(lists, rows)
    found = differences(lists["county"])
    return {
        **lists,
        "row": row,
        "people": people,
        "found": found,
        "three": [found[f"differs {name}"] for name in NAMES],
    }


def together(by, rows, conclusion=C.THEIRS_WRONG, words="", like=None):
    with scope(by):
        return answer_together(
            like=like or rows[0], chosen=[one.uuid for one in rows], finding=Finding(conclusion, Evidence.PHONE, words), by=by
        )  # fmt: skip


def states(same):
    return {name: one.state for name, one in differences(same["county"]).items() if name.startswith("differs 同")}


def test_those_that_say_the_same_of_one_township_are_offered_together(same):
    worker = same["world"].worker
    with scope(worker):
        (group,) = alike_groups(open_differences(worker))
        assert group.number == 3
        assert [one.patient.name for one in alike(group.first, worker)] == list(NAMES)


def test_one_answer_for_the_chosen_is_a_row_a_trail_and_a_review_each(same):
    world, office, three = same["world"], same["office"], same["three"]
    assert together(world.worker, three[:2], words="与本人核对") == 2
    assert states(same) == {"differs 同甲": "answered", "differs 同乙": "answered", "differs 同丙": "open"}
    assert actions(ANSWERED) == [ANSWERED] * 2
    with scope(office):
        assert accept_differences(row=same["row"], chosen=[three[0].uuid], by=office) == 1
        return_difference(difference=three[1], because="再核", by=office)
    with scope(world.worker):
        assert alike_groups(open_differences(world.worker)) == []  # what came back is looked at by itself
    assert states(same) == {"differs 同乙": "open", "differs 同丙": "open"}


def test_nobody_reviews_what_he_answered_for_several(same):
    together(same["office"], same["three"])
    with scope(same["office"]), pytest.raises(Refused, match="由另一个人审核"):
        accept_differences(row=same["row"], chosen=[one.uuid for one in same["three"]], by=same["office"])


def test_whom_the_answer_does_not_fit_is_named_and_nothing_is_written(same):
    worker, mended = same["world"].worker, same["people"][0]
    with scope(worker):
        mended.phone = "19900000099"
        mended.save(update_fields=["phone"])
    with pytest.raises(FindingRefused) as refused:
        together(worker, same["three"], C.OURS_MENDED)
    assert (
        refused.value.message
        == "同乙、同丙：档案里还没有更正：联系电话。请先更正档案，再选这一项。不合的请去掉勾选，单独办理。"
    )
    assert set(states(same).values()) == {"open"}
    assert actions(ANSWERED) == []
    assert together(worker, same["three"][:1], C.OURS_MENDED) == 1


def test_only_the_like_and_only_the_own_are_answered(same):
    world, three, found = same["world"], same["three"], same["found"]
    for more in (found["differs 异丁"], found["differs 邻戊"]):
        with pytest.raises(Refused, match="有的已经有人办过"):
            together(world.worker, [*three, more])
    with pytest.raises(Refused, match="请勾选"):
        together(world.worker, [], like=three[0])
    with pytest.raises(Refused, match="请勾选"):
        together(world.worker_b, three)
    with pytest.raises(Denied):
        together(same["police"], three)
    answer(world.worker, three[0], "theirs_wrong")
    with pytest.raises(Refused, match="有的已经有人办过"):
        together(world.worker, three)


def test_a_reported_death_is_never_one_of_several(lists):
    people = [lists["world"].patient(VILLAGE_A1, name) for name in ("亡者辛", "亡者壬")]
    rows = [row_of(one, died_on="2026-01-05") for one in people]
    compared(lists["civil"], lists["civil_office"], lists["county"], InboundKind.DEATHS, rows)
    with scope(lists["world"].worker):
        rows = open_differences(lists["world"].worker)
        assert (len(rows), alike_groups(rows), alike(rows[0], lists["world"].worker)) == (2, [], [])


def test_strangers_that_nobody_knows_end_their_clues_too(lists):
    by_police(lists, [stranger(f"外来{n}", 910 + n) for n in range(3)])
    rows = list(differences(lists["county"]).values())
    assert together(lists["world"].worker, rows, C.NOBODY, "村里都不认识") == 3
    assert {one.state for one in clues(lists["county"])} == {"excluded"}


def test_the_page_offers_them_ticks_nobody_and_says_what_is_wrong_beside_the_field(same):
    worker, three = client_of(same["world"].worker), same["three"]
    address = reverse("exchange:differences_alike", args=[three[0].uuid])
    assert address in worker.get(reverse("exchange:differences")).content.decode()
    page = worker.get(address).content.decode()
    assert "checked" not in page.partition("<main")[2]
    assert "异丁" not in page
    answered = worker.post(address, {"conclusion": "theirs_wrong", "evidence": "phone"})
    assert (answered.status_code, "请勾选要一起答复的人。" in answered.content.decode()) == (400, True)
    said = {"row": [str(one.uuid) for one in three], "conclusion": "theirs_wrong", "evidence": "phone", "words": ""}
    assert "已提交 3 件" in worker.post(address, said, follow=True).content.decode()
    assert client_of(same["world"].worker_b).get(address).status_code == 404
    assert worker.get(address).status_code == 302
