"""身边的人 of a patient: guardian, assistants, helpers, state, social facts, training."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import saw
from accounts.carrying import carried_out
from accounts.doors import can, requires
from accounts.models import User
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient
from registry.forms import around as asked
from registry.models import Patient
from registry.queries.around import around, companions_ever, guardians_before, trainings_of
from registry.queries.head import patient_head, with_papers
from registry.queries.papers import papers_of
from registry.services import around as acts
from registry.services.facts import record_guardian
from registry.terms import CompanionRole
from registry.views.around_words import around_page, companion_choices
from registry.views.who import me

GROUPS = (FieldGroup.GUARDIAN, FieldGroup.ASSISTANCE, FieldGroup.DISABILITY)
Said = dict[str, Any]


@requires(Permission.VIEW_PATIENT)
@never_cache
@require_safe
def patient_around(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = access_patient(me(request), uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER)
    today = timezone.localdate()
    head = patient_head(person, me(request), today)
    saw([person.uuid], GROUPS, Purpose.REGISTER)
    found = around(person, today)
    before = [*guardians_before(person, found.guardian), *companions_ever(person)]
    facts = {
        "head": with_papers(head, papers_of(person, today)),
        "tab": "around",
        "shown": around_page(found, before, trainings_of(person)),
        "shows_assistance": can(me(request), Permission.VIEW_ASSISTANCE, person),
    }
    return render(request, "registry/patient_around.html", facts)


@dataclass(frozen=True)
class Act:
    title: str
    verb: str
    done: str
    form: type[forms.Form]
    run: Callable[[Patient, Said, User], Any]


def _guardian(patient: Patient, said: Said, by: User) -> None:
    record_guardian(
        patient=patient, on=said["on"], name=said["name"], relation=said["relation"], phone=said["phone"],
        address=said["address"], duty=said["duty"] or "", payee=said["payee"], by=by,
    )  # fmt: skip


def _companion(patient: Patient, said: Said, by: User, role: str) -> None:
    acts.name_companion(
        patient=patient, role=role, on=said["on"], name=said["name"], phone=said["phone"], duty=said["duty"] or "",
        relation=said.get("relation") or "", payee=said.get("payee", False), by=by,
    )  # fmt: skip


def _social(patient: Patient, said: Said, by: User) -> None:
    acts.record_social(
        patient=patient, kind=said["kind"], holds=said["holds"] == "1", on=said["on"], source=said["source"],
        grade=int(said["grade"]) if said["grade"] else None, number=said["number"], note=said["note"] or "", by=by,
    )  # fmt: skip


ACTS: dict[str, Act] = {
    "guardian": Act("登记监护人", "保存监护人", "监护人已登记。", asked.GuardianForm, _guardian),
    "guardian-end": Act(
        "结束监护", "结束监护", "已记为没有监护人。请在监护状态里写明现在谁照看。", asked.EndForm,
        lambda patient, said, by: acts.end_guardian(patient=patient, on=said["on"], by=by),
    ),
    "assistant": Act(
        "登记协助监护人", "保存协助监护人", "协助监护人已登记。", asked.AssistantForm,
        lambda patient, said, by: _companion(patient, said, by, CompanionRole.ASSISTANT),
    ),
    "helper": Act(
        "登记帮扶人员", "保存帮扶人员", "帮扶人员已登记。", asked.HelperForm,
        lambda patient, said, by: _companion(patient, said, by, said["role"]),
    ),
    "companion-end": Act(
        "结束协助或帮扶", "结束", "已记为不再担任，以前的记录保留。", asked.CompanionEndForm,
        lambda patient, said, by: acts.end_companion(patient=patient, slot=said["slot"], on=said["on"], by=by),
    ),
    "guardianship": Act(
        "登记监护状态", "保存监护状态", "监护状态已登记。", asked.GuardianshipForm,
        lambda patient, said, by: acts.set_guardianship(
            patient=patient, state=said["state"], on=said["on"], note=said["note"] or "", by=by
        ),
    ),
    "social": Act("登记社会救助和身份", "保存", "已登记。", asked.SocialForm, _social),
    "training": Act(
        "登记监护人培训", "保存培训", "培训已登记。", asked.TrainingForm,
        lambda patient, said, by: acts.log_training(
            patient=patient, on=said["on"], topic=said["topic"], hours=said["hours"], attended=said["attended"], by=by
        ),
    ),
}  # fmt: skip


@requires(Permission.EDIT_PATIENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def around_act(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    wanted = ACTS.get(act)
    if wanted is None:
        raise Http404
    person = access_patient(me(request), uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER, groups=GROUPS)
    today = timezone.localdate()
    more: Said = {"people": companion_choices(around(person, today))} if act == "companion-end" else {}
    form = wanted.form(request.POST or None, initial={"on": today.isoformat()}, **more)
    if carried_out(request, form, lambda: wanted.run(person, form.cleaned_data, me(request)), wanted.done):
        return redirect("registry:patient_around", person.uuid)
    facts = {"form": form, "uuid": person.uuid, "name": person.name, "act": wanted}
    return render(request, "registry/around_act.html", facts, status=400 if form.errors else 200)
