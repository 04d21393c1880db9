"""Who changed what of a patient: the rows that the database's own triggers wrote, put into words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from accounts.models import Division, User
from registry.models import (
    Address,
    Companion,
    Consent,
    Diagnosis,
    DutyPeriod,
    EconomicStatus,
    Guardian,
    Guardianship,
    Patient,
    PatientStatus,
    SharingConsent,
    SocialFact,
)

AT_MOST = 200  # newest rows of each kind
# The status and the diagnosis tell of themselves by their own dated rows.
_SILENT = {"version", "pinyin", "initials", "at_township", "id", "uuid", "status", "closed_on"}
_FACTS: dict[type[models.Model], tuple[str, tuple[str, ...]]] = {
    PatientStatus: ("管理状态", ("value", "death_cause", "expected_until")),
    DutyPeriod: ("管辖", ("township_id", "reason")),
    Diagnosis: ("诊断", ("code", "icd10", "hospital", "diagnosed_on")),
    Consent: ("知情同意", ("agreed", "path", "signer", "text_version")),
    SharingConsent: ("信息提供同意", ("agency_kind", "agreed", "signer", "relation")),
    Guardian: ("监护人", ("name", "relation", "duty", "payee", "ended")),
    Companion: ("身边的人", ("role", "payee", "ended")),
    Guardianship: ("监护状态", ("state",)),
    SocialFact: ("社会救助和身份", ("kind", "holds", "grade", "source")),
    Address: ("住址", ("kind", "division_id", "source")),
    EconomicStatus: ("经济状况", ("poor",)),
}
# Sealed words never enter the history (decisions A10): what a row says now stands with its newest change.
_SEALED: dict[type[models.Model], tuple[str, ...]] = {
    PatientStatus: ("reason", "evidence"), Consent: ("reason",), SharingConsent: ("words",), Companion: ("duty",), Guardianship: ("note",),
    SocialFact: ("note",), Address: ("detail",),
}  # fmt: skip
_FLAGS = {
    "agreed": ("同意", "不同意"), "poor": ("贫困", "非贫困"), "payee": ("补助领取人", ""), "ended": ("不再担任", ""),
    "holds": ("有", "没有"),
}  # fmt: skip
_PLACES = {"village_id", "household_division_id", "township_id", "county_id", "division_id"}
_LABELS = {
    "insert": "登记", "update": "更正", "delete": "删去", "id_number_changed": "身份证号已更换（号码不留在记录里）",
    "phone_changed": "联系电话已更换（号码不留在记录里）",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    label: str
    before: str
    after: str


@dataclass
class Change:
    at: datetime
    who: str
    what: str
    lines: list[Line] = field(default_factory=list)


def _events(model: type[models.Model]) -> Any:
    return apps.get_model("registry", f"{model.__name__}Historyevent")


def changes_of(patient: Patient, *, assistance: bool) -> list[Change]:
    """Newest first; social facts only for who may know them. Two queries a table, one for the actors, one for the places."""
    found: list[tuple[Any, Change]] = []
    own = list(_events(Patient).objects.filter(pgh_obj_id=patient.pk).order_by("pgh_id")[:AT_MOST])
    facts = {
        model: list(_events(model).objects.filter(patient_id=patient.pk).order_by("-pgh_id")[:AT_MOST])
        for model in _FACTS
        if assistance or model is not SocialFact
    }
    places = _places([*own, *(event for events in facts.values() for event in events)])
    before: Any = None
    for event in own:
        found.append((event, _of_patient(before, event, places)))
        before = event
    for model, events in facts.items():
        words = _present_words(model, patient)
        for event in events:  # newest first: the row's words stand once
            found.append((event, _of_fact(model, event, places, words.pop(event.pgh_obj_id, ()))))
    names = _actors(event for event, _ in found)
    for event, change in found:
        change.who = names.get(str((event.pgh_context or {}).get("actor")), "系统")
    found.sort(key=lambda pair: (pair[1].at, pair[0].pgh_id), reverse=True)
    return [change for _, change in found if change.lines or change.what]


def _of_patient(before: Any, event: Any, places: dict[int, str]) -> Change:
    if event.pgh_label == "insert":
        return Change(event.pgh_created_at, "", "建档")
    if event.pgh_label != "update" or before is None:
        return Change(event.pgh_created_at, "", _LABELS.get(event.pgh_label, event.pgh_label))
    lines = []
    for column in event._meta.concrete_fields:
        name = column.attname
        if name.startswith("pgh_") or name in _SILENT:
            continue
        old, new = getattr(before, name), getattr(event, name)
        if old != new:
            lines.append(
                Line(_label(Patient, name), _words(Patient, name, old, places), _words(Patient, name, new, places))
            )
    return Change(event.pgh_created_at, "", "修改资料" if lines else "", lines)


def _present_words(model: type[models.Model], patient: Patient) -> dict[int, tuple[str, ...]]:
    """What the sealed columns of the patient's rows say now, by row."""
    if model not in _SEALED:
        return {}
    rows = model._default_manager.filter(patient=patient)
    return {row.pk: tuple(str(getattr(row, name)) for name in _SEALED[model]) for row in rows}


def _of_fact(model: type[models.Model], event: Any, places: dict[int, str], sealed: tuple[str, ...]) -> Change:
    title, names = _FACTS[model]
    said = [*(_words(model, name, getattr(event, name), places) for name in names), *sealed]
    verb = _LABELS.get(event.pgh_label, "")
    after = "，".join(word for word in said if word)
    line = Line(title, "", f"自 {event.starts_on:%Y-%m-%d} 起 {after}")
    return Change(event.pgh_created_at, "", f"{verb}{title}", [line])


def _label(model: type[models.Model], attname: str) -> str:
    return str(getattr(model._meta.get_field(attname.removesuffix("_id")), "verbose_name", ""))


def _words(model: type[models.Model], attname: str, value: Any, places: dict[int, str]) -> str:
    if value is None or value == "":
        return ""
    if attname in _PLACES:
        return places.get(value, "")
    if isinstance(value, bool):
        return _FLAGS.get(attname, ("是", "否"))[not value]
    choices = dict(getattr(model._meta.get_field(attname), "flatchoices", ()))
    if value in choices:
        return str(choices[value])
    return value.isoformat() if isinstance(value, date) else str(value)


def _places(events: Iterable[Any]) -> dict[int, str]:
    keys = {key for event in events for name in _PLACES if (key := getattr(event, name, None)) is not None}
    return dict(Division.objects.filter(pk__in=keys).values_list("pk", "name"))


def _actors(events: Iterable[Any]) -> dict[str, str]:
    actors = {str((event.pgh_context or {}).get("actor")) for event in events}
    known = [UUID(actor) for actor in actors if len(actor) == 36]
    return {str(uuid): name for uuid, name in User.objects.filter(uuid__in=known).values_list("uuid", "display_name")}
