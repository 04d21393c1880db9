"""Recording findings and measures, as the tests of 督导整改 do it."""

from datetime import timedelta

from django.utils import timezone

from accounts.terms import AgencyKind, Permission
from reports.queries.supervision import Unit
from reports.rules.findings import Entry, FindingStanding, standing_on
from reports.services.findings import (
    FindingFacts,
    Put,
    SupervisionFacts,
    record_finding,
    record_supervision,
)
from reports.services.measures import MeasureFacts, take_step
from reports.terms import Rung, Supervisor

VIEW, ANSWER, KEEP = Permission.VIEW_SUPERVISION, Permission.ANSWER_FINDING, Permission.KEEP_SUPERVISION
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def day(ago):
    return timezone.localdate() - timedelta(days=ago)


def town(world):
    return Unit(world.town_a.name, AgencyKind.GOVERNMENT, world.town_a)


EDUCATION = Unit("县教委", AgencyKind.EDUCATION)


def held(world, unit=None, ago=100, **facts):
    wanted = SupervisionFacts(Supervisor.COMMISSION, day(ago), unit or town(world), **facts)
    return record_supervision(area=world.county, facts=wanted, by=world.commission)


def found(world, of=None, unit=None, due_ago=1, what="随访表缺项。", **facts):
    of = of or held(world, unit)
    return record_finding(of, facts=FindingFacts(what, unit or town(world), day(due_ago), **facts), by=world.commission)


def step(world, findings, rung, ago=0, term_ago=-30, **facts):
    wanted = {"reason": "到期未整改。", "clause": "三（四）", "decided_by": "县领导小组", "due_on": day(term_ago)}
    if rung is Rung.INTERVIEW:
        wanted["spoken_with"] = findings[0].name
    if rung is Rung.VETO:
        wanted |= {"due_on": None, "year": day(ago).year}
    made = take_step(findings, facts=MeasureFacts(rung, day(ago), **(wanted | facts)), by=world.commission)
    for finding in findings:
        finding.refresh_from_db()
    return made


def put(ago=0, words="补齐了。", evidence="整改报告", file=None):
    return Put(day(ago), words, evidence, file)


def stored(finding):
    """What stands beside the finding, and what its history says of today: they are never told apart."""
    finding.refresh_from_db()
    lines = finding.notes.order_by("pk").values_list("act", "on", "due_on", "rung")
    read = standing_on([Entry(*line) for line in lines], timezone.localdate())
    assert read == FindingStanding(finding.state, finding.due_on, finding.rung)
    return finding.state, finding.due_on, finding.rung


def listed(world, plan):
    finding = found(world, held(world, ago=200), due_ago=150)
    for rung, ago, term in ((Rung.CIRCULAR, 140, 120), (Rung.INTERVIEW, 110, 90)):
        step(world, [finding], rung, ago, term)
    return finding, step(world, [finding], Rung.LISTING, 80, -20)


def vetoed(world, ago):
    finding = found(world, held(world, ago=ago + 300), due_ago=ago + 250)
    for rung, on, term in ((Rung.CIRCULAR, 240, 200), (Rung.INTERVIEW, 190, 150), (Rung.LISTING, 140, 50)):
        step(world, [finding], rung, ago + on, ago + term)
    return finding, step(world, [finding], Rung.VETO, ago)
