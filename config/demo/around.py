"""People around some patients of the demo, teams and posts: enough that no page is empty."""

from datetime import date, timedelta

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import DivisionLevel
from config.demo import names
from config.demo.chance import dice
from registry.models import Patient
from registry.queries.teams import psychiatrists_in, villages_of
from registry.services.around import name_companion, record_social, set_guardianship
from registry.services.sheets import fill_sheet
from registry.services.teams import add_member, link_psychiatrist, place_staff
from registry.terms import HELPERS

TOWNS, PEOPLE = 3, 24
TOWNSHIP_GROUP = (
    ("political_legal", "综治办主任"), ("health_centre", "精防人员"), ("police", "民警"), ("civil_affairs", "民政干事"),
    ("judicial", "司法所长"), ("disabled_federation", "残联专干"),
)  # fmt: skip
VILLAGE_GROUP = ("village_committee", "village_clinic", "police")
BASICS = {"pays": ["2"], "allergy": ["1"], "diseases": ["1"], "disability": ["1"]}
SUPPLEMENT = {"symptoms": ["1", "3"], "outpatient": "2", "effect": "2", "family": "2"}


def fill(county: Division, *, seed: int, today: date, by: User) -> int:
    """How many patients now have people around them."""
    draw = dice(county.code, seed, "around")
    since = today - timedelta(days=200)
    with scope(by):
        towns = Division.objects.filter(parent=county, level=DivisionLevel.TOWNSHIP, valid_to=None).order_by("code")
        for town in towns[:TOWNS]:
            _teams(town, county, since, by)
        for town in towns:
            _post(town, since, by)
        keys = [town.pk for town in towns[:TOWNS]]
        people = Patient.objects.filter(duty_township__in=keys, closed_on=None, opened_on__lt=since).order_by("pk")
        chosen = list(people[:PEOPLE])
        for patient in chosen:
            for role in HELPERS[: draw.randint(2, 5)]:
                name = names.full_name(draw, "1")
                name_companion(patient=patient, role=role, on=since, name=name, phone="19900000301", by=by)
            state = draw.choice(("effective", "effective", "weak"))
            set_guardianship(patient=patient, state=state, on=since, by=by)
            record_social(patient=patient, kind="insured", holds=True, on=since, source="insurance", by=by)
            fill_sheet(patient=patient, form="basics", on=since, answers=BASICS, by=by)
            if draw.random() < 0.7:
                fill_sheet(patient=patient, form="supplement", on=since, answers=SUPPLEMENT, by=by)
    return len(chosen)


def _post(town: Division, since: date, by: User) -> None:
    """Most townships have a full post, some share one."""
    draw = dice(town.code, 1, "posts")
    place_staff(township=town, on=since, name=names.full_name(draw, "2"), share=draw.choice((50, 100, 100)), by=by)


def _teams(town: Division, county: Division, since: date, by: User) -> None:
    draw = dice(town.code, 1, "teams")
    for kind, post in TOWNSHIP_GROUP:
        add_member(
            division=town, kind="township", on=since, name=names.full_name(draw, "1"), agency_kind=kind, post=post,
            leads=kind == "political_legal", by=by,
        )  # fmt: skip
    for village, size in zip(villages_of(town), (3, 3, 1), strict=False):
        for kind in VILLAGE_GROUP[:size]:
            name = names.full_name(draw, "1")
            add_member(division=village, kind="village", on=since, name=name, agency_kind=kind, by=by)
    for doctor in psychiatrists_in(county.pk, since)[:1]:
        link_psychiatrist(division=town, psychiatrist=doctor, on=since, by=by)
