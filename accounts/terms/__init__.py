"""Vocabulary of the two walls: divisions, agencies, roles, permissions, field groups."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import IntegerChoices, TextChoices

from accounts.terms.permissions import Permission as Permission


class DivisionLevel(TextChoices):
    """行政区划层级; the length of the code tells the level."""

    PROVINCE = "province", "省（直辖市）"
    CITY = "city", "市（州、盟）"
    COUNTY = "county", "县（市、区）"
    TOWNSHIP = "township", "乡镇（街道）"
    VILLAGE = "village", "村（社区）"


CODE_LENGTHS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}


class AgencyKind(TextChoices):
    HEALTH_COMMISSION = "health_commission", "卫生健康委"
    PREVENTION_OFFICE = "prevention_office", "精神卫生防治机构"
    HOSPITAL = "hospital", "精神专科或综合医院"
    HEALTH_CENTRE = "health_centre", "乡镇卫生院（社区卫生服务中心）"
    VILLAGE_CLINIC = "village_clinic", "村卫生室（服务站）"
    POLICE = "police", "公安局（派出所）"
    POLITICAL_LEGAL = "political_legal", "政法委（综治中心）"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门"
    DISABLED_FEDERATION = "disabled_federation", "残疾人联合会"
    INSURANCE = "insurance", "医疗保障部门"
    HUMAN_RESOURCES = "human_resources", "人力资源和社会保障部门"
    JUDICIAL = "judicial", "司法行政部门"
    FINANCE = "finance", "财政部门"
    EDUCATION = "education", "教育部门"
    PUBLICITY = "publicity", "宣传部门"
    DEVELOPMENT = "development", "发展改革部门"
    STAFFING = "staffing", "机构编制部门"
    INDUSTRY = "industry", "工业和信息化部门"
    SCIENCE = "science", "科技部门"
    HOUSING = "housing", "住房城乡建设部门"
    VETERANS = "veterans", "退役军人事务部门"
    RURAL = "rural", "乡村振兴（扶贫）部门"
    MARKET = "market", "市场监管部门"
    TRADE_UNION = "trade_union", "工会"
    YOUTH_LEAGUE = "youth_league", "共青团"
    WOMEN = "women", "妇联"
    GOVERNMENT = "government", "乡镇政府（街道办事处）"
    VILLAGE_COMMITTEE = "village_committee", "村（居）民委员会"
    REHAB_SITE = "rehab_site", "社区康复机构"
    DEPARTMENT = "department", "其他部门"


HEALTH_KINDS = frozenset({"health_commission", "prevention_office", "hospital", "health_centre", "village_clinic"})


class FieldGroup(StrEnum):
    """Privacy class of a field; the access matrix speaks of these groups. Source: GB/T 39725 levels, security notes."""

    IDENTITY = "F1"  # name, sex, birth year, village, case number
    FULL_IDENTITY = "F2"  # ID number, phone, address
    GUARDIAN = "F3"
    MANAGEMENT = "F4"  # on register, status, due date
    RISK = "F5"
    CLINICAL = "F6"
    MEDICINE = "F7"
    INCIDENT = "F8"
    MONEY = "F9"
    REHAB = "F10"
    DISABILITY = "F11"
    ASSISTANCE = "F12"
    CONSENT = "F13"
    TRAIL = "F14"
    AGGREGATE = "AG"
    TECHNICAL = "T"  # keys, moments, counters: nothing about a person


class Purpose(TextChoices):
    """Why a person's data is opened; stands in the access log."""

    FOLLOW_UP = "follow_up", "随访"
    REGISTER = "register", "建档与资料维护"
    LIST = "list", "名单"
    SEARCH = "search", "查找"
    PHONE = "phone", "电话联系"
    QUALITY = "quality", "质量控制"
    ALERT = "alert", "预警处置"
    INDICATOR = "indicator", "指标名单"
    EXCHANGE = "exchange", "信息交换"
    IMPORT = "import", "批量导入"
    AUDIT = "audit", "审计"
    OTHER = "other", "其他"


class Role(TextChoices):
    """One row each in the access matrix; codes are fixed by the design decisions."""

    VILLAGE_CLERK = "village_clerk", "村（社区）干部"
    VILLAGE_DOCTOR = "village_doctor", "村医"
    TOWNSHIP_WORKER = "township_worker", "镇街精防人员"
    TOWNSHIP_LEADER = "township_leader", "镇街卫生院负责人"
    TOWNSHIP_POLICE = "township_police", "派出所民警"
    TOWNSHIP_POLITICAL_LEGAL = "township_political_legal", "镇街综治人员"
    TOWNSHIP_CIVIL_AFFAIRS = "township_civil_affairs", "镇街民政人员"
    TOWNSHIP_DISABLED_FEDERATION = "township_disabled_federation", "镇街残联专职委员"
    HOSPITAL = "hospital", "医院报告人员"
    COUNTY_OFFICE = "county_office", "县精防办"
    PSYCHIATRIST = "psychiatrist", "精神科医师"
    COMMISSION = "commission", "县卫生健康委"
    PREFECTURE = "prefecture", "市级卫生健康委"
    DEPARTMENT = "department", "填报部门"
    EXCHANGE_CLERK = "exchange_clerk", "信息交换员"
    COUNTY_POLICE = "county_police", "县公安局"
    COUNTY_POLITICAL_LEGAL = "county_political_legal", "县委政法委"
    COUNTY_CIVIL_AFFAIRS = "county_civil_affairs", "县民政局"
    DISABLED_FEDERATION = "disabled_federation", "县残联"
    JUDICIAL = "judicial", "县司法局"
    INSURANCE = "insurance", "县医保局"
    FINANCE = "finance", "县财政局"
    PRIVACY_OFFICER = "privacy_officer", "个人信息保护负责人"
    AUDITOR = "auditor", "安全审计员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    REHAB_SITE = "rehab_site", "社区康复机构人员"


class ReachKind(StrEnum):
    """How far a role reaches into patients' data."""

    NONE = "none"  # no patient rows at all
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    OFFICE = "office"  # only what exchange disclosed to the agency
    AGENCY = "agency"  # only what the agency itself has written (a hospital's cards); no register, no partner's role


@dataclass(frozen=True)
class RoleFacts:
    reach: ReachKind
    levels: frozenset[str]  # division levels at which the role can be given
    permissions: frozenset[Permission]
    sees_full_names: bool = False
    health: bool = False
    suppressed: bool = True  # small cells of statistics are hidden
    needs_end: bool = False  # a partner's assignment must carry an end date


P = Permission
_OWN = {P.SEE_OWN_PAGE}
_TEAMS = {P.VIEW_TEAMS, P.VIEW_ASSISTANCE}
_CARE = _OWN | _TEAMS | {
    P.VIEW_PATIENT, P.REVEAL_IDENTITY, P.VIEW_VISIT, P.RECORD_VISIT, P.CORRECT_VISIT, P.VIEW_WORKLIST,
    P.VIEW_TODAY, P.VIEW_ALERT_STATUS, P.RECORD_INCIDENT, P.MANAGE_PLAN, P.RECORD_MEDICINE,
    P.USE_API,
}  # fmt: skip
_TOWN = _CARE | {P.MANAGE_TEAMS} | {
    P.ARRANGE_JOINT, P.REGISTER_PATIENT, P.EDIT_PATIENT, P.MOVE_PATIENT, P.CLOSE_PATIENT, P.IMPORT_REGISTER, P.REPORT_CLUE,
    P.HANDLE_CLUE, P.VIEW_CARD, P.RECEIVE_CARD, P.PROPOSE_MERGE, P.EXPORT_ROSTER, P.VIEW_REFERRAL,
    P.REFER_PATIENT, P.ANSWER_REFERRAL, P.VIEW_PATIENT_TRAIL, P.VIEW_INDICATORS, P.LIST_INDICATOR_PEOPLE,
    P.READ_NOTICE, P.SEE_EXPORTS, P.ANSWER_REFUSAL, P.WORK_DIFFERENCE, P.SEND_NOTICE, P.RECEIVE_NOTICE,
    P.VIEW_TASKS, P.WORK_TASK, P.VIEW_SUBSIDY, P.APPLY_SUBSIDY, P.ASSESS_DUTY,
}  # fmt: skip
_LEADER = _OWN | {
    P.VIEW_PATIENT, P.VIEW_VISIT, P.VIEW_WORKLIST, P.VIEW_TODAY, P.VIEW_ALERT_STATUS, P.VIEW_INDICATORS,
    P.LIST_INDICATOR_PEOPLE, *_TEAMS, P.VIEW_PATIENT_TRAIL, P.VIEW_REFERRAL, P.READ_NOTICE, P.ALLOW_EXPORT,
    P.SEE_EXPORTS, P.APPROVE_COLOUR, P.RECEIVE_NOTICE, P.VIEW_TASKS, P.WORK_TASK, P.VIEW_SUPERVISION, P.ANSWER_FINDING,
    P.VIEW_SUBSIDY,
}  # fmt: skip
_CLUES = _OWN | {P.REPORT_CLUE}
_ALERTS = _CLUES | {P.RECEIVE_ALERT, P.RECEIVE_NOTICE, P.USE_API}
_FILES = {P.COLLECT_PACKAGE, P.USE_API}
_ANSWERS = {P.VIEW_SUPERVISION, P.ANSWER_FINDING}
_LEDGER = _ANSWERS | {P.VIEW_TASKS, P.WORK_TASK, P.KEEP_TASKS, P.KEEP_SUPERVISION}


def _facts(
    reach: ReachKind, levels: str, permissions: set[Permission], *, needs_end: bool = False, **more: bool
) -> RoleFacts:
    return RoleFacts(reach, frozenset(levels.split()), frozenset(permissions), needs_end=needs_end, **more)


_HEALTH = {"health": True, "sees_full_names": True, "suppressed": False}

ROLES: dict[Role, RoleFacts] = {
    Role.VILLAGE_CLERK: _facts(ReachKind.NONE, "village", _CLUES | {P.JOIN_VISIT, P.RECEIVE_NOTICE}),
    Role.VILLAGE_DOCTOR: _facts(
        ReachKind.VILLAGE,
        "village",
        _CLUES
        | {P.VIEW_TEAMS}
        | {P.VIEW_PATIENT, P.VIEW_VISIT, P.RECORD_VISIT, P.VIEW_WORKLIST, P.VIEW_TODAY, P.USE_API}
        | {P.RECORD_INCIDENT, P.JOIN_VISIT},
        **_HEALTH,
    ),
    Role.TOWNSHIP_WORKER: _facts(ReachKind.TOWNSHIP, "township", _TOWN, **_HEALTH),
    Role.TOWNSHIP_LEADER: _facts(ReachKind.TOWNSHIP, "township", _LEADER, **_HEALTH),
    Role.TOWNSHIP_POLICE: _facts(
        ReachKind.OFFICE, "township", _ALERTS | {P.JOIN_VISIT, P.ASK_EMERGENCY}, needs_end=True
    ),
    Role.TOWNSHIP_POLITICAL_LEGAL: _facts(ReachKind.OFFICE, "township", _ALERTS | {P.JOIN_VISIT}, needs_end=True),
    Role.TOWNSHIP_CIVIL_AFFAIRS: _facts(
        ReachKind.OFFICE, "township", _CLUES | {P.JOIN_VISIT, P.RECEIVE_NOTICE}, needs_end=True
    ),
    Role.TOWNSHIP_DISABLED_FEDERATION: _facts(ReachKind.OFFICE, "township", _CLUES | {P.JOIN_VISIT}, needs_end=True),
    Role.HOSPITAL: _facts(
        ReachKind.AGENCY,
        "county",
        _CLUES | {P.VIEW_CARD, P.REPORT_CARD, P.VIEW_REFERRAL, P.ANSWER_REFERRAL, P.VIEW_TODAY, P.READ_NOTICE},
    ),
    Role.COUNTY_OFFICE: _facts(
        ReachKind.COUNTY,
        "county",
        _TOWN
        | {P.CONFIRM_INCIDENT, P.VIEW_OVERDUE, P.CORRECT_DUTY, P.REPORT_CARD, P.ADDRESS_CARD}
        | {P.MAKE_REPORT, P.REPORT_VALUE, P.CONFIRM_VALUE, P.EDIT_POLICY, P.EDIT_CALENDAR, P.KEEP_OUTLINE, *_LEDGER}
        | {P.CONFIRM_MERGE, P.SETTLE_ID_CHECK, P.ALLOW_EXPORT, P.APPROVE_COLOUR, P.RELEASE_NOTICE}
        | {P.VIEW_EXCHANGE, P.PROPOSE_TEMPLATE, P.PREPARE_PACKAGE, P.REVIEW_DIFFERENCE, P.SEND_LIST},
        **_HEALTH,
    ),
    Role.PSYCHIATRIST: _facts(
        ReachKind.COUNTY,
        "county",
        _CARE
        | {P.CONFIRM_RISK, P.ANSWER_EMERGENCY, P.VIEW_PATIENT_TRAIL, P.PROPOSE_MERGE, P.CONFIRM_MERGE}
        | {P.ALLOW_EXPORT, P.SEE_EXPORTS}
        | {P.CONFIRM_INCIDENT, P.APPROVE_COLOUR, P.SEND_NOTICE, P.RELEASE_NOTICE}
        | {P.VIEW_REFERRAL, P.REFER_PATIENT, P.ANSWER_REFERRAL},
        **_HEALTH,
    ),
    Role.COMMISSION: _facts(
        ReachKind.COUNTY,
        "county",
        _OWN
        | {P.VIEW_INDICATORS, P.LIST_INDICATOR_PEOPLE, P.MAKE_REPORT, P.CLOSE_PERIOD, P.REPORT_VALUE, P.CONFIRM_VALUE}
        | {P.VIEW_TEAMS, P.VIEW_MASKED_LIST, P.VIEW_EXCHANGE, P.ACTIVATE_TEMPLATE, P.VIEW_OVERDUE, P.RELEASE_PACKAGE}
        | (_LEDGER | {P.USE_API}),
        health=True,
        suppressed=False,
    ),
    Role.PREFECTURE: _facts(
        ReachKind.COUNTY,
        "city province",
        _LEDGER
        | _OWN
        | {P.VIEW_INDICATORS, P.LIST_INDICATOR_PEOPLE, P.MAKE_REPORT, P.CLOSE_PERIOD, P.VIEW_MASKED_LIST, P.USE_API},
        health=True,
        suppressed=False,
    ),
    Role.DEPARTMENT: _facts(
        ReachKind.NONE, "county", _OWN | _ANSWERS | {P.REPORT_VALUE, P.VIEW_TASKS, P.WORK_TASK}, needs_end=True
    ),
    Role.EXCHANGE_CLERK: _facts(
        ReachKind.NONE,
        "county",
        _OWN | {P.VIEW_TODAY, P.VIEW_EXCHANGE, P.PROPOSE_TEMPLATE, P.PREPARE_PACKAGE, P.KEEP_CHANNELS, P.SEND_LIST},
    ),
    Role.COUNTY_POLICE: _facts(
        ReachKind.OFFICE, "county", _ALERTS | _FILES | {P.ASK_EMERGENCY, P.SEND_LIST}, needs_end=True
    ),
    Role.COUNTY_POLITICAL_LEGAL: _facts(ReachKind.OFFICE, "county", _ALERTS | _FILES, needs_end=True),
    Role.COUNTY_CIVIL_AFFAIRS: _facts(
        ReachKind.OFFICE, "county", _CLUES | _FILES | {P.SEND_LIST, P.RECEIVE_NOTICE}, needs_end=True
    ),
    Role.DISABLED_FEDERATION: _facts(ReachKind.OFFICE, "county", _CLUES | _FILES | {P.SEND_LIST}, needs_end=True),
    Role.JUDICIAL: _facts(ReachKind.OFFICE, "county", _CLUES | _FILES | {P.SEND_LIST}, needs_end=True),
    Role.INSURANCE: _facts(ReachKind.OFFICE, "county", _OWN | _FILES | {P.SEND_LIST}, needs_end=True),
    Role.FINANCE: _facts(ReachKind.OFFICE, "county", _OWN, needs_end=True),
    Role.PRIVACY_OFFICER: _facts(
        ReachKind.NONE,
        "county",
        _OWN
        | {P.VIEW_ACCESS_LOG, P.VIEW_TODAY, P.VIEW_EXCHANGE, P.ACTIVATE_TEMPLATE, P.RELEASE_PACKAGE}
        | {P.WATCH_PORTAL},
    ),
    Role.AUDITOR: _facts(ReachKind.NONE, "county", _OWN | {P.VIEW_AUDIT, P.VIEW_ACCESS_LOG}),
    Role.SYSTEM_ADMIN: _facts(ReachKind.NONE, "county", _OWN | {P.KEEP_CHANNELS, P.KEEP_OUTLINE}),
    Role.SECURITY_ADMIN: _facts(ReachKind.NONE, "county", _OWN | {P.MANAGE_ACCOUNTS, P.GRANT_ROLE}),
    Role.REHAB_SITE: _facts(ReachKind.OFFICE, "township county", _OWN, needs_end=True),
}

# What a dated grant opens of one patient, where the role has the right at all: care, never moving, closing, filing or
# granting on. Source: security 3.5.
BY_GRANT = frozenset({
    P.VIEW_PATIENT, P.REVEAL_IDENTITY, P.VIEW_VISIT, P.RECORD_VISIT, P.CORRECT_VISIT, P.VIEW_WORKLIST, P.CONFIRM_RISK,
    P.VIEW_ALERT_STATUS, P.RECORD_INCIDENT, P.CONFIRM_INCIDENT, P.MANAGE_PLAN,
    P.RECORD_MEDICINE,
})  # fmt: skip

# 三权分立: at most one of these for one person. Source: GB/T 22239-2019 8.1.4.2.
SEPARATED_DUTIES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
PARTNER_ROLES = frozenset(role for role, facts in ROLES.items() if facts.reach is ReachKind.OFFICE)


class RiskLevel(IntegerChoices):
    """危险性评估 0–5 级, wording of the national norm (规范第三版, 管理治疗工作规范 2018)."""

    NONE = 0, "无符合以下1～5级中的任何行为。"
    THREATS = 1, "口头威胁，喊叫，但没有打砸行为。"
    DAMAGE_AT_HOME = 2, "打砸行为，局限在家里，针对财物，能被劝说制止。"
    DAMAGE_ANYWHERE = 3, "明显打砸行为，不分场合，针对财物，不能接受劝说而停止。"
    PERSISTENT = 4, "持续的打砸行为，不分场合，针对财物或人，不能接受劝说而停止（包括自伤、自杀）。"
    ARMED = 5, "持械针对人的任何暴力行为，或者纵火、爆炸等行为，无论在家里还是公共场合。"
