"""协同随访: arranged and settled by the township, read and signed by the members."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import is_proven, requires, still_open
from accounts.refusals import Refused
from accounts.terms import Permission, Purpose
from exchange.doors import GROUPS, access_joint
from exchange.forms.joint import CancelForm, DidForm, JointForm
from exchange.models import JointVisit
from exchange.queries.joint import candidates, joints_of, members_of
from exchange.rules.joint import JOINT_MACHINE
from exchange.services.disclosing import DISPUTED
from exchange.services.joint import JointRefused, arrange_joint, my_joints, open_joint, settle_joint, sign_joint
from exchange.terms import SHEET, JointState
from exchange.views.who import me
from followup.queries.caution import home_facts
from followup.rules.caution import caution, joint_is_advised
from registry.doors import access_patient
from registry.queries.places import address_of


@requires(Permission.ARRANGE_JOINT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def joint_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, today = me(request), timezone.localdate()
    person = access_patient(user, uuid, Permission.ARRANGE_JOINT, purpose=Purpose.FOLLOW_UP, groups=GROUPS)
    offered = {str(one.uuid): one for one in candidates(person, today)}
    facts = home_facts(person, today)
    warned = caution(facts, today=today)
    initial = {"form_id": uuid4(), "warning": warned.advice if warned else "", "meet": "卫生院门口"}
    form = JointForm(
        request.POST or None, initial=initial,
        offered=[(key, f"{one.display_name}（{one.agency.name}）") for key, one in offered.items()],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        at = timezone.localtime(data["planned_at"])
        sheet = {
            "name": person.name, "address": address_of(person), "when": f"{at:%Y-%m-%d %H:%M}",
            "meet": data["meet"], "bring": data["bring"], "warning": data["warning"],
            "contact": " ".join(part for part in (user.display_name, str(user.phone or "")) if part),
        }  # fmt: skip
        try:
            row = arrange_joint(
                patient=person, planned_at=at, sheet=sheet, members=[offered[key] for key in data["members"]],
                form_id=data["form_id"], by=user,
            )  # fmt: skip
        except JointRefused as refusal:
            for name, sentence in refusal.fields.items():
                form.add_error(name, sentence)
        else:
            messages.success(request, "已约定，同去的人登录后能看到协同随访单。")
            return redirect("exchange:joint", row.uuid)
    context = {
        "form": form, "patient": person, "advised": joint_is_advised(facts, today=today), "nobody": not offered,
        "arranged": joints_of(person),
    }  # fmt: skip
    return render(request, "exchange/joint_form.html", context, status=400 if form.errors else 200)


def sheet_rows(joint: JointVisit) -> list[tuple[str, str]]:
    content: Any = joint.content
    said = [(key, label, str(content.get(key, ""))) for key, label in SHEET.items()]
    return [
        (label, words) for key, label, words in said if words or key != DISPUTED
    ]  # no empty line for nobody's objection


@requires(Permission.ARRANGE_JOINT)
@never_cache
@require_safe
def joint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_joint(me(request), uuid, Permission.ARRANGE_JOINT, purpose=Purpose.FOLLOW_UP)
    context = {
        "row": row,
        "patient": row.patient,
        "sheet": [(label, said) for label, said in sheet_rows(row) if said],
        "members": members_of(row),
        "is_planned": row.state == JointState.PLANNED,
    }
    return render(request, "exchange/joint_detail.html", context)


@requires(Permission.ARRANGE_JOINT)
@never_cache
@require_safe
def joint_print(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_joint(me(request), uuid, Permission.ARRANGE_JOINT, purpose=Purpose.FOLLOW_UP)
    context = {"row": row, "sheet": sheet_rows(row), "members": members_of(row)}
    return render(request, "exchange/joint_print.html", context)


@requires(Permission.ARRANGE_JOINT)
@require_POST
def joint_done(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_joint(me(request), uuid, Permission.ARRANGE_JOINT, purpose=Purpose.FOLLOW_UP)
    try:
        settle_joint(joint=row, to=JointState.DONE, because="", by=me(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已登记为完成。别忘了记随访。")
    return redirect("exchange:joint", row.uuid)


@requires(Permission.ARRANGE_JOINT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def joint_cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_joint(me(request), uuid, Permission.ARRANGE_JOINT, purpose=Purpose.FOLLOW_UP)
    still_open(request, JOINT_MACHINE, row.state, JointState.CANCELLED, back="exchange:joint", of=row.uuid)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_joint(joint=row, to=JointState.CANCELLED, because=form.cleaned_data["because"], by=me(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已取消，同去的人不再能看到这张单子。")
            return redirect("exchange:joint", row.uuid)
    context = {"form": form, "row": row, "patient": row.patient}
    return render(request, "exchange/joint_cancel.html", context, status=400 if form.errors else 200)


@requires(Permission.JOIN_VISIT)
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """A member's own list: when, and whether signed; the name comes with the sheet."""
    rows = my_joints(by=me(request))
    return render(request, "exchange/my_joints.html", {"rows": rows, "labels": dict(JointState.choices)})


@requires(Permission.JOIN_VISIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_joint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = me(request)
    sheet = open_joint(joint=uuid, by=user, proven=is_proven(request))
    form = DidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signed_now = sign_joint(joint=uuid, did=form.cleaned_data["did"], by=user)
        except JointRefused as refusal:
            form.add_error("did", refusal.message)
        else:
            if signed_now:
                messages.success(request, "已签名，精防人员现在可以看到。")
            else:
                messages.info(request, "之前已经签过名，没有重复记录。")
            return redirect("exchange:my_joints")
    signed = next((one.signed_at for one in my_joints(by=user) if one.uuid == uuid), None)
    context = {"sheet": sheet.items(), "form": form, "signed_at": signed, "uuid": uuid}
    return render(request, "exchange/my_joint.html", context, status=400 if form.errors else 200)
