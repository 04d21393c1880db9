"""Where a person can go from every page: data, filtered by the permissions of today's assignments."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from accounts.terms import Permission


@dataclass(frozen=True)
class NavItem:
    """One place. `covers` are the view names (or whole namespaces) in which it is marked as the present one."""

    label: str
    url_name: str
    permission: Permission
    icon: str
    covers: tuple[str, ...] = ()
    phone: bool = False  # stands in the phone's bottom bar; the rest is under 更多
    but_for: Permission | None = None  # not for these in the bottom bar: 今日工作 leads them there


@dataclass(frozen=True)
class NavLink:
    label: str
    href: str
    icon: str
    phone: bool
    current: bool


ACCOUNT_PAGES = tuple(
    f"accounts:{view}"
    for view in (
        *("users", "user", "user_new", "user_reset", "user_switch", "assignment_new", "assignment_end"),
        *("agencies", "agency_new"),
    )
)
FILE_PAGES = (
    "registry",
    "followup:patient_tab",
    "followup:care",
    "followup:medicine",
    "subsidy",
    "exchange:patient_tab",
)
RULE_PAGES = (
    *("accounts:policy", "accounts:calendar", "registry:consent_texts", "followup:rule_change"),
    "followup:medicines",
    *("followup:colour_tables", "followup:colour_table", "followup:colour_table_edit"),
    *("subsidy:schemes", "subsidy:scheme_stop"),
)
REPORTED_PAGES = ("reports:reported", "reports:reported_new", "reports:reported_return")
TASK_PAGES = tuple(
    f"reports:{view}"
    for view in (
        *("task", "task_note", "task_because", "task_give", "task_name"),
        *("meetings", "meeting", "meeting_new", "meeting_minutes", "meeting_resolution", "meeting_cancel"),
        *(
            "supervisions",
            "supervision",
            "supervision_new",
            "finding",
            "finding_new",
            "finding_answer",
            "finding_return",
        ),
        *("finding_withdraw", "measure", "measure_new", "measure_end"),
    )
)
CLUE_PAGES = tuple(
    f"registry:{view}"
    for view in (
        *("clue", "clue_new", "clue_assign", "clue_survey", "clue_send", "clue_outcome", "clue_register"),
        *("clue_print", "paper_blank"),
    )
)
CARD_PAGES = tuple(
    f"registry:{view}"
    for view in (
        *("card", "card_new", "card_edit", "card_accept", "card_hold", "card_address", "card_correct", "card_settle"),
        *("card_print", "discharges", "discharge", "discharge_new", "discharge_accept", "discharge_hold"),
        *("discharge_address", "discharge_print"),
    )
)
REFERRAL_PAGES = tuple(
    f"registry:{name}"
    for name in (
        *("referral", "referral_accept", "referral_decline", "referral_return", "referral_cancel", "referral_print"),
        *("referral_blank", "destinations"),
    )
)
EXCHANGE_PAGES = tuple(
    f"exchange:{view}"
    for view in (
        *("template", "template_new", "template_edit", "template_return", "template_end"),
        *("packages", "package", "package_reopen", "package_drop", "package_recall", "package_close", "package_form"),
        *("package_certificate", "refusals", "refusal_settle"),
        *("inbound_lists", "inbound_list", "differences_review", "difference_return"),
        *("platform_headers", "platform_people"),
        *("keys", "key_new", "key", "key_end"),
    )
)
RECEIVED_PAGES = tuple(
    f"exchange:{view}" for view in ("files", "own_key_end", "my_package", "receipt_rows", "receipt_file")
)
TODAY_PAGES = ("followup", "exchange:differences", "exchange:difference", "exchange:differences_alike")
LATE_PAGES = ("exchange:overdue", "exchange:late_differences")
SENDING_PAGES = ("exchange:inbound_own",)
# In order of daily use: the first one a person may open is that person's home page.
PLACES = (
    NavItem("今日工作", "followup:worklist", Permission.VIEW_TODAY, "today", TODAY_PAGES, phone=True),
    NavItem("预警", "exchange:inbox", Permission.RECEIVE_ALERT, "bell", ("exchange",), phone=True),
    NavItem("交换文件", "exchange:files", Permission.COLLECT_PACKAGE, "inbox", RECEIVED_PAGES, phone=True),
    NavItem("患者", "registry:patients", Permission.VIEW_PATIENT, "people", FILE_PAGES, phone=True),
    NavItem("报告卡", "registry:cards", Permission.VIEW_CARD, "inbox", CARD_PAGES),
    NavItem("转诊", "registry:referrals", Permission.VIEW_REFERRAL, "send", REFERRAL_PAGES),
    NavItem("线索", "registry:clues", Permission.REPORT_CLUE, "search", CLUE_PAGES),
    NavItem(
        "收到告知",
        "exchange:my_notices",
        Permission.RECEIVE_NOTICE,
        "inbox",
        ("exchange:my_notice",),
        phone=True,
        but_for=Permission.VIEW_TODAY,
    ),
    NavItem(
        "协同随访", "exchange:my_joints", Permission.JOIN_VISIT, "people", ("exchange:my_joints", "exchange:my_joint")
    ),
    NavItem("紧急查询", "exchange:emergencies", Permission.ANSWER_EMERGENCY, "phone", ("exchange:emergency",)),
    NavItem("披露台账", "exchange:ledger", Permission.VIEW_ACCESS_LOG, "file", phone=True),
    NavItem("查看限制", "exchange:stops", Permission.WATCH_PORTAL, "eye", ("exchange:stop_lift",)),
    NavItem("通报", "exchange:sent", Permission.VIEW_ALERT_STATUS, "send", ("exchange",)),
    NavItem("总览", "reports:dashboard", Permission.VIEW_INDICATORS, "chart", ("reports",), phone=True),
    NavItem("通报超时", "exchange:overdue", Permission.VIEW_OVERDUE, "clock", LATE_PAGES),
    NavItem("通知设置", "exchange:channels", Permission.KEEP_CHANNELS, "bell", ("exchange:channels",), phone=True),
    NavItem("名单", "registry:cases", Permission.VIEW_MASKED_LIST, "people", ("registry",)),
    NavItem("交换", "exchange:templates", Permission.VIEW_EXCHANGE, "send", EXCHANGE_PAGES),
    NavItem("报送名册", "exchange:inbound_send", Permission.SEND_LIST, "upload", SENDING_PAGES, phone=True),
    NavItem("队伍", "registry:teams", Permission.VIEW_TEAMS, "people", ("registry:team", "registry:team_deed")),
    NavItem("填报", "reports:reported", Permission.REPORT_VALUE, "edit", REPORTED_PAGES),
    NavItem("任务", "reports:tasks", Permission.VIEW_TASKS, "flag", TASK_PAGES),
    NavItem("规则", "accounts:policy", Permission.EDIT_POLICY, "calendar", RULE_PAGES),
    NavItem("地图轮廓", "reports:outline", Permission.KEEP_OUTLINE, "flag", phone=True, but_for=Permission.VIEW_TODAY),
    NavItem("账号", "accounts:users", Permission.MANAGE_ACCOUNTS, "key", ACCOUNT_PAGES, phone=True),
)


def places_for(permissions: frozenset[Permission]) -> tuple[NavItem, ...]:
    return tuple(place for place in PLACES if place.permission in permissions)


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


def _present(places: Iterable[NavItem], view_name: str) -> NavItem | None:
    """The place whose `covers` names the view most closely: a whole view name wins over its namespace."""
    namespace = view_name.partition(":")[0]
    for wanted in (view_name, namespace):
        for place in places:
            if wanted in (place.url_name, *place.covers):
                return place
    return None


def links_for(permissions: frozenset[Permission], view_name: str) -> tuple[NavLink, ...]:
    places = places_for(permissions)
    present = _present(places, view_name)
    return tuple(
        NavLink(
            place.label,
            _address(place.url_name),
            place.icon,
            place.phone and place.but_for not in permissions,
            place is present,
        )
        for place in places
    )


def home_of(permissions: frozenset[Permission]) -> str:
    """The URL name of the first page of the day; the account's own page for who has no other."""
    places = places_for(permissions)
    return places[0].url_name if places else "accounts:me"
