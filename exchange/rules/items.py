"""Which privacy group an item belongs to, and which groups a kind of agency can be told at all: the second wall."""

from collections.abc import Iterable

from accounts.terms import AgencyKind, FieldGroup
from exchange.terms import CLINICAL_SITUATIONS, DataItem, Situation

I, G, K = DataItem, FieldGroup, AgencyKind  # noqa: E741

_GROUPS: dict[FieldGroup, tuple[DataItem, ...]] = {
    G.IDENTITY: (I.NAME, I.SEX, I.AGE, I.TOWNSHIP),
    G.FULL_IDENTITY: (
        I.BIRTH_ON, I.ID_NUMBER, I.ID_MASKED, I.ETHNICITY, I.MARITAL, I.EDUCATION, I.JOB, I.PHONE, I.HOUSEHOLD_AREA,
        I.HOUSEHOLD_ADDRESS, I.AREA, I.ADDRESS, I.ADDRESS_SHORT,
    ),
    G.GUARDIAN: (I.GUARDIAN_ID, I.GUARDIAN_NAME, I.GUARDIAN_PHONE, I.GUARDIAN_MISSING),
    G.MANAGEMENT: (
        I.STATUS, I.STATUS_ON, I.STATUS_REASON, I.OPENED_ON, I.LAST_VISIT_ON, I.DEATH_ON, I.TEAM, I.WORKER,
        I.WORKER_PHONE,
    ),
    G.RISK: (I.LEVEL, I.LEVEL_ON, I.PREVIOUS_LEVEL, I.RISK_CODE),
    G.CLINICAL: (I.DIAGNOSIS, I.TREATMENT, I.ONSET_ON, I.ADMITTED_ON, I.DISCHARGED_ON),
    G.INCIDENT: (I.HAS_INCIDENTS, I.INCIDENT_COUNT, I.LAST_INCIDENT_ON, I.INCIDENT_ON, I.INCIDENT_LEVEL),
    G.REHAB: (I.NEEDS_REHAB,),
    G.DISABILITY: (I.HAS_CERTIFICATE, I.CERTIFICATE_GRADE),
    G.ASSISTANCE: (I.ECONOMY, I.DIBAO, I.NEEDS_HELP, I.INSURED, I.CHRONIC, I.HELP),
    G.AGGREGATE: (
        I.TOTAL_REGISTERED, I.TOTAL_MANAGED, I.TOTAL_HIGH_RISK, I.TOTAL_NEW, I.TOTAL_ENDED, I.TOTAL_AWAY,
    ),
    # printed by the standard, always empty here
    G.TECHNICAL: (
        I.FORMER_NAME, I.NATIVE_PLACE, I.PARTY_BLANK, I.RELIGION_BLANK, I.JOB_KIND, I.WORKPLACE, I.ONSET_BLANK,
        I.DIAGNOSIS_BLANK, I.TREATMENT_BLANK, I.HOSPITAL_BLANK, I.ADMISSION_REASON_BLANK, I.REHAB_BLANK, I.ATTENTION,
    ),
}  # fmt: skip
GROUP_OF: dict[DataItem, FieldGroup] = {item: group for group, items in _GROUPS.items() for item in items}
WITHHELD = "（不提供）"

_ALWAYS = frozenset({G.IDENTITY, G.FULL_IDENTITY, G.AGGREGATE, G.TECHNICAL})
_POLICE = _ALWAYS | {G.GUARDIAN, G.MANAGEMENT, G.RISK, G.INCIDENT}
_HEALTH = _POLICE | {G.CLINICAL}
_OFFICES = _ALWAYS | {G.MANAGEMENT}
# Source: access matrix 3.3. A kind that is not here is told nothing.
TOLD: dict[AgencyKind, frozenset[FieldGroup]] = {
    K.POLICE: _POLICE,
    K.POLITICAL_LEGAL: _POLICE | {G.ASSISTANCE},
    K.CIVIL_AFFAIRS: _ALWAYS | {G.GUARDIAN, G.ASSISTANCE},
    K.DISABLED_FEDERATION: _ALWAYS | {G.GUARDIAN, G.REHAB, G.DISABILITY},
    K.INSURANCE: _ALWAYS | {G.ASSISTANCE},
    K.HUMAN_RESOURCES: _ALWAYS | {G.ASSISTANCE},
    K.JUDICIAL: _POLICE,
    K.GOVERNMENT: _OFFICES,
    K.VILLAGE_COMMITTEE: _OFFICES,
    K.PREVENTION_OFFICE: _HEALTH,
    K.HEALTH_CENTRE: _HEALTH,
}
RECIPIENTS = tuple(TOLD)
WORDS: dict[FieldGroup, str] = {
    G.IDENTITY: "是谁",
    G.FULL_IDENTITY: "证件、地址、电话",
    G.GUARDIAN: "监护人",
    G.MANAGEMENT: "管理情况",
    G.RISK: "危险性等级",
    G.INCIDENT: "肇事肇祸",
    G.CLINICAL: "诊断和治疗",
    G.REHAB: "康复",
    G.DISABILITY: "残疾",
    G.ASSISTANCE: "救助和参保",
    G.AGGREGATE: "合计，不含个人",
}
# Said when nothing of the kind is given. What a record holds beyond that no template can give at all.
WORTH_SAYING = (G.CLINICAL, G.RISK, G.INCIDENT, G.GUARDIAN, G.DISABILITY, G.ASSISTANCE)
NEVER = ("症状", "用药", "随访记录")


def header(item: DataItem) -> str:
    """The column's name in a file: as the standard prints it, also where the column stays empty."""
    return str(item.label).removesuffix(WITHHELD)


def is_empty(item: DataItem) -> bool:
    return GROUP_OF[item] is G.TECHNICAL


def not_for(kind: AgencyKind, situation: Situation, items: Iterable[DataItem]) -> list[DataItem]:
    """Items that this kind of agency may not be told on this occasion. Source: access matrix 3.3; issue 4, Build 1."""
    groups = TOLD.get(kind, frozenset())
    if kind is K.POLITICAL_LEGAL and situation in CLINICAL_SITUATIONS:
        groups = groups | {G.CLINICAL}
    return [item for item in items if GROUP_OF[item] not in groups]


def by_kind(items: Iterable[DataItem]) -> list[tuple[str, list[DataItem]]]:
    """What is told of somebody, in the order in which it is said, under the words for its kind."""
    given = list(items)
    held = ((words, [item for item in given if GROUP_OF[item] is group]) for group, words in WORDS.items())
    return [(words, found) for words, found in held if found]


def never_told(items: Iterable[DataItem]) -> list[str]:
    """Kinds of facts that these items do not tell, in words."""
    groups = {GROUP_OF[item] for item in items}
    return [*(WORDS[group] for group in WORTH_SAYING if group not in groups), *NEVER]
