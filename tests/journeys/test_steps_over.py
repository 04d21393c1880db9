"""The page of a step that is over shows no form: it leads to the record, which says in words what is the case now."""

import pytest
from django.urls import reverse

from accounts.rules.machine import Machine
from accounts.scope import scope
from exchange.rules.joint import JOINT_MACHINE
from exchange.services.joint import settle_joint
from exchange.terms import JointState
from followup.rules.emergencies import EMERGENCY_MACHINE
from followup.services.incidents import confirm_incident, end_incident
from followup.services.plans import end_plan
from followup.terms import EmergencyState, IncidentState
from registry.rules.cards import CARDS
from registry.rules.discharges import DISCHARGES
from registry.rules.referral import REFERRAL
from registry.services.cards import accept_new
from registry.services.referrals import cancel_referral
from registry.terms import ReferralState
from tests.conftest import VILLAGE_A1
from tests.exchange.test_joint import arranged
from tests.followup.test_emergencies import written
from tests.followup.test_incidents import report
from tests.followup.test_plans import made
from tests.registry.hospital import accepted, hospital_of, sent_card
from tests.registry.test_referrals import propose


def test_the_sentence_names_state_step_and_what_can_be_done():
    assert EMERGENCY_MACHINE.over("opened", EmergencyState.CANCELLED) == ""
    assert EMERGENCY_MACHINE.over("written", EmergencyState.CANCELLED) == (
        "应急处置记录单现在是“已填写”，不能再办“登记有误，撤销”。已经办结，没有后续操作。"
    )
    assert REFERRAL.over("returned", ReferralState.ACCEPTED) == (
        "转诊单现在是“已回转”，不能再办“接诊”。现在可以：签收回转单。"
    )
    assert JOINT_MACHINE.over("done", verb="改期").startswith("协同随访现在是“已完成”，不能再办“改期”。")


@pytest.mark.parametrize(
    "machine", [EMERGENCY_MACHINE, JOINT_MACHINE, REFERRAL, CARDS, DISCHARGES], ids=lambda m: m.name
)
def test_every_end_is_over_for_every_step(machine: Machine):
    for end in machine.ends:
        assert all(machine.over(end.value, after) for after in machine.states)


def leads_back(client, name, number, back):
    """True when the page leads to the record, whose words say that nothing can be done; HEAD as GET."""
    answer = client.get(reverse(name, args=[number]), follow=True)
    assert answer.redirect_chain == [(reverse(back, args=[number]), 302)], name
    page = answer.content.decode()
    assert "不能再办" in page, name
    return True


@pytest.mark.django_db
def test_pages_of_followup_and_exchange(world, log_in):
    patient, worker, office = world.patient(VILLAGE_A1), world.worker, world.county_office
    client = log_in(worker)
    paper = written(world, patient)
    assert leads_back(client, "followup:emergency_cancel", paper.uuid, "followup:emergency")
    plan = made(world, patient)
    assert client.get(reverse("followup:plan_end", args=[plan.uuid])).status_code == 200
    with scope(worker):
        end_plan(plan=plan, because="病情平稳，家属同意", by=worker)
    for page in ("plan_end", "plan_revise"):
        assert leads_back(client, f"followup:{page}", plan.uuid, "followup:plan")
    assert "病情平稳，家属同意" in client.get(reverse("followup:plan", args=[plan.uuid])).content.decode()
    joint = arranged(world, patient, [world.police])
    assert client.get(reverse("exchange:joint_cancel", args=[joint.uuid])).status_code == 200
    with scope(worker):
        settle_joint(joint=joint, to=JointState.CANCELLED, because="民警出差改日再约", by=worker)
    assert leads_back(client, "exchange:joint_cancel", joint.uuid, "exchange:joint")
    assert "民警出差改日再约" in client.get(reverse("exchange:joint", args=[joint.uuid])).content.decode()
    incident = report(patient, worker)
    with scope(office):
        incident = confirm_incident(incident=incident, source="3", by=office)
        end_incident(incident=incident, to=IncidentState.CLOSED, because="处置完毕", by=office)
    for page in ("incident_confirm", "incident_close", "incident_dismiss"):
        assert leads_back(log_in(office), f"followup:{page}", incident.uuid, "followup:incident")
    assert leads_back(log_in(worker), "followup:incident_edit", incident.uuid, "followup:incident")


@pytest.mark.django_db
def test_pages_of_papers(world, log_in):
    hospital, worker = hospital_of(world), world.worker
    card = sent_card(hospital)
    with scope(worker):
        accept_new(card=card, facts=accepted(card), by=worker)
    assert leads_back(log_in(worker), "registry:card_hold", card.uuid, "registry:card")
    assert leads_back(log_in(worker), "registry:card_settle", card.uuid, "registry:card")
    assert leads_back(log_in(world.county_office), "registry:card_address", card.uuid, "registry:card")


@pytest.mark.django_db
def test_a_referral_that_is_cancelled(world, log_in):
    with scope(world.worker):
        row = propose(world, world.patient(VILLAGE_A1), world.worker)
        cancel_referral(referral=row, because="不去了", by=world.worker)
    assert leads_back(log_in(world.worker), "registry:referral_cancel", row.uuid, "registry:referral")
