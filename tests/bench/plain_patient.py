"""A patient's page as one would write it for speed alone: one statement, f-strings, behind the same door and log.

It shows what the product's page shows to the worker: who it is (masked), the present situation, the next visit,
diagnosis, facts, the four forms, guardian and consent. Only the frame (menu, search, footer) is left out, and the rule
of what a form lacks is reduced to whether there is one.
"""

from datetime import date
from html import escape
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from accounts.audit import saw
from accounts.crypto import unseal
from accounts.doors import requires
from accounts.reach import standing
from accounts.terms import FieldGroup, Permission, Purpose
from registry.terms import (
    CareStatus,
    ConsentPath,
    DiagnosisCode,
    Education,
    Employment,
    HouseholdKind,
    Locked,
    Marital,
    Relation,
)

STATEMENT = """
SELECT p.uuid, p.number, p.name, p.sex, p.birth_on, p.id_number, p.phone, p.temporary_number, p.residence_address,
       p.household_address, t.name AS town, v.name AS village, h.name AS household, p.status, p.closed_on, p.last_level,
       p.last_visit_on, p.last_class, p.last_in_hospital, p.next_due_on, p.due_reason, p.diagnosed_on,
       p.diagnosing_hospital, p.onset_on, p.past_danger, p.past_locked, p.past_admissions, p.ethnicity,
       p.household_kind, p.education, p.marital, p.employment, p.disability_number IS NOT NULL AS disabled,
       g.uuid AS guardian, g.name AS guardian_name, g.relation, g.phone AS guardian_phone, g.starts_on AS since,
       c.path, c.agreed, c.starts_on AS consent_on, d.code, d.icd10, e.poor,
       (SELECT array_agg(DISTINCT s.form) FROM registry_formsheet s WHERE s.patient_id = p.id) AS sheets
FROM registry_patient p
LEFT JOIN accounts_division t ON t.id = p.duty_township
LEFT JOIN accounts_division v ON v.id = p.village_id
LEFT JOIN accounts_division h ON h.id = p.household_division_id
LEFT JOIN LATERAL (SELECT * FROM registry_guardian WHERE patient_id = p.id ORDER BY starts_on DESC LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT * FROM registry_consent WHERE patient_id = p.id ORDER BY starts_on DESC LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT * FROM registry_diagnosis WHERE patient_id = p.id ORDER BY starts_on DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT * FROM registry_economicstatus WHERE patient_id = p.id ORDER BY starts_on DESC LIMIT 1) e
  ON true
WHERE p.duty_township = ANY (%s) AND p.uuid = %s
"""
CLASSES = {1: "不稳定", 2: "基本稳定", 3: "稳定"}
PURPOSES = "".join(f'<option value="{n}">{n}</option>' for n in ("随访", "转诊", "核对身份", "其他"))
GROUPS = (
    FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.GUARDIAN,
    FieldGroup.CONSENT, FieldGroup.ASSISTANCE,
)  # fmt: skip


def _label(codes: Any, value: Any) -> str:
    return str(codes(value).label) if value not in ("", None) else ""


def _open(sealed: Any, label: str, uuid: UUID) -> str:
    return unseal(bytes(sealed), label=label, uuid=uuid).decode() if sealed else ""


@requires(Permission.VIEW_PATIENT)
def plain_patient(request: HttpRequest, uuid: UUID) -> HttpResponse:
    today = timezone.localdate()
    towns = list(standing(request.user).reach.townships)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [towns, str(uuid)])
        row = dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
    row["uuid"] = UUID(str(row["uuid"]))
    saw([row["uuid"]], GROUPS, Purpose.REGISTER)
    token = get_token(request)
    return HttpResponse(
        f"<!doctype html><html lang=zh-Hans><title>{escape(row['name'])}</title><body>{_head(row, today, token)}"
        f"{_tabs(uuid)}{_due(row, today)}{_facts('诊断与既往', _illness(row))}{_facts('基本信息', _person(row))}"
        f'<div hx-get="/followup/patients/{uuid}/tab/" hx-trigger="load"></div><aside>{_guardian(row, token)}'
        f"{_forms(row, uuid)}{_consent(row)}</aside></body></html>"
    )


def _reveal(what: str, uuid: UUID, token: str) -> str:
    return (
        f'<details class="reveal"><summary>显示</summary><form method="post" action="/patients/{uuid}/reveal/">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><input type="hidden" name="what" '
        f'value="{what}"><select name="purpose">{PURPOSES}</select><button>显示并记录</button></form></details>'
    )


def _head(row: dict[str, Any], today: date, token: str) -> str:
    born, uuid = row["birth_on"], row["uuid"]
    age = f"{today.year - born.year - ((today.month, today.day) < (born.month, born.day))} 岁" if born else ""
    number = _open(row["id_number"], "patient.id_number", uuid)
    phone = _open(row["phone"], "patient.phone", uuid)
    masked = f"{number[:6]}********{number[-4:]}" if number else f"没有证件 · 临时编号 {row['temporary_number']}"
    chips = [CareStatus(row["status"]).label]
    if row["last_level"] is not None:
        chips.append(f"危险性 {row['last_level']} 级 · {row['last_visit_on']:%m-%d}")
    if row["last_class"]:
        chips.append(CLASSES[row["last_class"]])
    if row["last_in_hospital"]:
        chips.append("目前正在住院")
    chips.append("有监护人" if row["guardian"] else "没有登记监护人")
    shown = "".join(f'<li><span class="chip"><span class="icon icon-info"></span>{chip}</span></li>' for chip in chips)
    links = "".join(
        f'<a href="/patients/{uuid}/{where}/">{words}</a>'
        for where, words in (
            ("edit", "修改资料"), ("status", "更改状态"), ("away", "登记外出"), ("transfer", "提出移交"), ("close", "结案"),
        )
    )  # fmt: skip
    return (
        f'<header class="panel person"><h1>{escape(row["name"])} <span>{"男" if row["sex"] == "1" else "女"} {age} · '
        f"内部编号 {row['number']:05d}</span></h1><ul><li>{masked} {_reveal('id_number', uuid, token)}</li>"
        f"<li>{escape(row['town'] or '')}{escape(row['village'] or '')}{escape(row['residence_address'])} "
        f"（户籍 {escape(row['household_address'] or row['household'] or '')}）</li>"
        f"<li>{phone[:3]}****{phone[-4:]} {_reveal('phone', uuid, token)}</li></ul>"
        f'<a class="btn" href="/followup/patients/{uuid}/visits/new/">记随访</a><details>{links}</details>'
        f'<ul class="chips">{shown}</ul></header>'
    )


def _tabs(uuid: UUID) -> str:
    names = ("概况", "随访", "预警", "分色", "用药", "身边的人", "表格", "住院转诊", "变更", "查看记录")
    return "".join(f'<a href="/patients/{uuid}/{n}/">{name}</a>' for n, name in enumerate(names))


def _due(row: dict[str, Any], today: date) -> str:
    if not row["next_due_on"]:
        return "<section>还没有安排</section>"
    days = (today - row["next_due_on"]).days
    late = f"逾期 {days} 天" if days > 0 else f"还有 {-days} 天"
    return f"<section>下次随访 <b>{row['next_due_on']:%m-%d}前</b> {late}<p>{escape(row['due_reason'])}</p></section>"


def _facts(title: str, facts: list[tuple[str, Any]]) -> str:
    lines = "".join(f"<dt>{name}</dt><dd>{escape(str(said))}</dd>" for name, said in facts if said not in ("", None))
    return f"<section><h2>{title}</h2><dl>{lines}</dl></section>"


def _illness(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        ("目前诊断", _label(DiagnosisCode, row["code"])), ("确诊日期", row["diagnosed_on"]),
        ("确诊医院", row["diagnosing_hospital"]), ("初次发病", row["onset_on"]), ("既往危险性", row["past_danger"]),
        ("既往关锁", _label(Locked, row["past_locked"])), ("既往住院", row["past_admissions"]),
    ]  # fmt: skip


def _person(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        ("出生日期", row["birth_on"]), ("民族", row["ethnicity"]),
        ("户别", _label(HouseholdKind, row["household_kind"])), ("文化程度", _label(Education, row["education"])),
        ("婚姻状况", _label(Marital, row["marital"])), ("就业情况", _label(Employment, row["employment"])),
        ("经济状况", "" if row["poor"] is None else "贫困" if row["poor"] else "非贫困"),
        ("残疾证", "已登记" if row["disabled"] else ""),
    ]  # fmt: skip


def _guardian(row: dict[str, Any], token: str) -> str:
    if not row["guardian"]:
        return "<section>还没有登记监护人。</section>"
    phone = _open(row["guardian_phone"], "guardian.phone", UUID(str(row["guardian"])))
    return (
        f"<section><h2>监护人</h2><b>{escape(row['guardian_name'])}</b> {_label(Relation, row['relation'])}<br>"
        f"{phone[:3]}****{phone[-4:]} {_reveal('guardian_phone', row['uuid'], token)}<p>自 {row['since']} 起</p></section>"
    )


def _forms(row: dict[str, Any], uuid: UUID) -> str:
    there = set(row["sheets"] or ()) | ({"consent"} if row["consent_on"] else set())
    there |= {"visit"} if row["last_visit_on"] else set()
    lines = "".join(
        f"<li>{name} {'有' if kind in there else '缺'}</li>"
        for kind, name in (
            ("consent", "知情同意书"), ("basics", "个人信息"), ("supplement", "补充表"), ("visit", "首次随访"),
        )
    )  # fmt: skip
    return f'<section><h2><a href="/patients/{uuid}/papers/">必备表格</a></h2><ul>{lines}</ul></section>'


def _consent(row: dict[str, Any]) -> str:
    if row["consent_on"] is None:
        return "<section>还没有知情同意记录。</section>"
    said = _label(ConsentPath, row["path"]) or ("同意" if row["agreed"] else "不同意")
    return f"<section><h2>知情同意</h2><p>{said} {row['consent_on']}</p></section>"
