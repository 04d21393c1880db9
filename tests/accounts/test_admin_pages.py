"""The administrator's pages: what they show, whom they refuse, what they hand over once."""

import pytest

from accounts.models import Agency, Assignment, User
from accounts.terms import AgencyKind, Role
from tests import factories

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def desk(admin, visitor):
    """The administrator's browser, logged in a moment ago."""
    visitor.log_in(admin)
    return visitor


NEW = {
    "username": "ranqihua",
    "display_name": "冉启华",
    "role": "township_worker",
    "division": "东街道",
    "starts_on": "2026-12-07",
    "ends_on": "",
}


def agency_of(world):
    return factories.make_agency(AgencyKind.HEALTH_CENTRE, world.town_a)


def test_the_list_shows_the_county_and_no_other(world, desk):
    names = [world.worker.display_name, world.police.display_name]
    assert world.stranger.display_name
    page = desk.get("/accounts/").content.decode()
    assert all(name in page for name in names)
    assert world.stranger.display_name not in page


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(people, world, desk, django_assert_num_queries):
    for number in range(people):
        factories.make_user(Role.TOWNSHIP_WORKER, world.town_a, agency_of(world), username=f"w{number}")
    with django_assert_num_queries(12):
        assert desk.get("/accounts/").status_code == 200


def test_a_search_finds_by_the_beginning(world, desk):
    assert world.worker.username == "worker"
    assert world.police.username == "police"
    page = desk.get("/accounts/", data={"q": "Work"}).content.decode()
    assert "worker" in page
    assert "police" not in page


@pytest.mark.parametrize("q", ["\x00", "%", "' OR 1=1 --", "好" * 10000])
def test_a_strange_search_finds_nothing(q, world, desk):
    answer = desk.get("/accounts/", data={"q": q})
    assert answer.status_code == 200
    assert answer.context["lines"] == []


def test_a_new_account_gets_a_code_shown_once(world, desk, another_browser):
    answer = desk.post("/accounts/new/", {**NEW, "agency": agency_of(world).pk})
    code = answer.context["code"]
    assert code in answer.content.decode()
    user = User.objects.get(username="ranqihua")
    assert code not in desk.get(f"/accounts/{user.uuid}/").content.decode()
    other = another_browser()
    assert other.post("/login/first/", {"username": "ranqihua", "code": code}).url == "/login/password/"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param({"username": "冉启华"}, "username", id="chinese-username"),
        pytest.param({"username": "ab"}, "username", id="short-username"),
        pytest.param({"division": "没有这个镇"}, "division", id="unknown-place"),
        pytest.param({"division": "远乡"}, "division", id="place-of-the-next-county"),
        pytest.param({"division": "990002201"}, "division", id="code-of-the-next-county"),
        pytest.param({"role": "superuser"}, "role", id="unknown-role"),
        pytest.param({"role": "township_police"}, "ends_on", id="partner-without-end"),
        pytest.param({"role": "county_office"}, "division", id="wrong-level"),
        pytest.param({"starts_on": "2026-13-40"}, "starts_on", id="no-day"),
        pytest.param({"display_name": "冉\x00华"}, "display_name", id="nul"),
        pytest.param({"agency": "999999"}, "agency", id="unknown-agency"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(said, field, world, desk):
    assert world.stranger
    answer = desk.post("/accounts/new/", {**NEW, "agency": agency_of(world).pk, **said})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(display_name="冉启华").exists()


def test_an_agency_of_the_next_county_is_no_choice(world, desk):
    foreign = world.stranger.agency
    answer = desk.post("/accounts/new/", {**NEW, "agency": foreign.pk})
    assert list(answer.context["form"].errors) == ["agency"]


def test_a_place_may_be_given_by_code_name_or_suggestion(world, desk):
    for number, text in enumerate(("990001001", "东街道", "990001001 东街道")):
        desk.post(
            "/accounts/new/", {**NEW, "username": f"ran{number}", "division": text, "agency": agency_of(world).pk}
        )
    assert Assignment.objects.filter(user__username__startswith="ran", division=world.town_a).count() == 3


@pytest.mark.parametrize("page", ["", "reset/", "switch/", "assignments/new/"])
def test_an_account_of_the_next_county_is_404(page, world, desk):
    assert desk.get(f"/accounts/{world.stranger.uuid}/{page}").status_code == 404


def test_giving_and_ending_an_assignment(world, desk):
    person = world.worker
    desk.post(
        f"/accounts/{person.uuid}/assignments/new/",
        {"role": "township_worker", "agency": agency_of(world).pk, "division": "西镇", "starts_on": "12-07"},
    )
    row = person.assignments.get(division=world.town_b)
    assert str(row.starts_on) == "2026-12-07"
    desk.post(f"/accounts/{person.uuid}/assignments/{row.uuid}/end/", {"ends_on": "2026-12-31"})
    row.refresh_from_db()
    assert str(row.ends_on) == "2026-12-31"


def test_a_reset_shows_a_code_and_no_password(world, desk):
    answer = desk.post(f"/accounts/{world.worker.uuid}/reset/", {"forget_phone": "on"})
    assert len(answer.context["code"]) == 14
    assert User.objects.get(username="worker").has_usable_password() is False


def test_disabling_and_enabling_want_a_reason(world, desk):
    page = f"/accounts/{world.worker.uuid}/switch/"
    assert list(desk.post(page, {"because": " "}).context["form"].errors) == ["because"]
    desk.post(page, {"because": "调离"})
    assert User.objects.get(username="worker").is_active is False
    desk.post(page, {"because": "调回"})
    assert User.objects.get(username="worker").is_active is True


def test_a_new_agency_is_registered_in_the_own_county_only(world, desk):
    said = {"kind": "police", "name": "东街道第二派出所", "division": "东街道", "duty_phone": "19900000001"}
    desk.post("/agencies/new/", said)
    assert Agency.objects.get(name="东街道第二派出所").duty_phone == "19900000001"
    assert list(desk.post("/agencies/new/", said).context["form"].errors) == ["name"]
    assert list(desk.post("/agencies/new/", {**said, "division": "远乡"}).context["form"].errors) == ["division"]


@pytest.mark.parametrize("who", ["system_admin", "auditor", "county_office", "worker", "police"])
@pytest.mark.parametrize("page", ["/accounts/", "/accounts/new/", "/agencies/", "/agencies/new/"])
def test_others_are_refused(who, page, world, visitor, log_in):
    assert log_in(getattr(world, who)).get(page).status_code == 403
