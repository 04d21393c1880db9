"""Every page of the product: its name (also the screenshot's), who looks at it, and its address in the scene."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.scene import Scene
from tests.browser.scene_ledger import LEDGER


@dataclass(frozen=True)
class PageCase:
    name: str
    who: str | None  # member of the cast; None is nobody
    url: Callable[[Scene], str]
    status: int = 200
    act: Callable[[Page], None] | None = None  # what is done on the page before looking
    answer: int = 0  # status of the answer that `act` brings, where the browser's console speaks of it


def at(url_name: str, **kwargs: str) -> Callable[[Scene], str]:
    """A page with a fixed address, or with keyword arguments that name something of the scene (":x" is x itself)."""

    def url(scene: Scene) -> str:
        known = {key: name[1:] if name.startswith(":") else getattr(scene, name) for key, name in kwargs.items()}
        return reverse(url_name, kwargs=known)

    return url


def search_for(text: str) -> Callable[[Page], None]:
    """By the phone's bottom bar where the top bar has no room for the search."""

    def act(page: Page) -> None:
        if not page.locator(".topbar input[name=q]").is_visible():
            page.locator(".tabbar summary", has_text="找人").click()
        page.locator("input[name=q]:visible").fill(text)
        page.locator("input[name=q]:visible").press("Enter")
        page.wait_for_url("**/search/")

    return act


def press(name: str, *, then: str) -> Callable[[Page], None]:
    """Press a button and wait for what it brings."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()
        page.locator(then).first.wait_for()

    return act


def assess_level_3(page: Page) -> None:
    page.locator("input[name=level][value='3']").check()
    page.locator(".sum .chip-urgent").wait_for()


def leave_a_draft(page: Page) -> None:
    """Answered, kept, and opened again; then given up, so that the other pages of the form start empty."""
    page.locator("input[name=level][value='1']").check()
    page.locator("[data-draft-words]", has_text="已暂存").wait_for()
    page.reload()
    page.locator(".visit-notice", has_text="已恢复您").wait_for()


def save_after_someone_else(button: str) -> Callable[[Page], None]:
    """The page still carries the version that was true before the other person saved."""

    def act(page: Page) -> None:
        page.locator("input[name=version]").evaluate("field => { field.value = Number(field.value) - 1; }")
        page.locator("[name=diet][value='3'], [name=onset_on]").first.evaluate(
            "field => { if (field.type === 'radio') field.checked = true; else field.value = '1999-09-09'; }"
        )
        page.get_by_role("button", name=button).first.click()
        page.locator("text=先保存").first.wait_for()

    return act


def print_told(page: Page) -> None:
    page.get_by_label("本人").check()
    page.get_by_role("button", name="生成打印页").click()
    page.locator("article.paper").wait_for()


def objection_page(scene: Scene) -> str:
    return reverse("exchange:objection_withdraw", args=[scene.patient, scene.objection])


def closing_page(scene: Scene) -> str:
    return reverse("exchange:objection_withdraw", args=[scene.patient, scene.objection_waiting])


def sign_in_wrongly(page: Page) -> None:
    page.get_by_label("用户名").fill("worker1")
    page.get_by_label("密码").fill("not-the-password-1")
    page.get_by_role("button", name="下一步").click()
    page.locator(".notice-urgent, .has-error, .errors").first.wait_for()


WORKER, OFFICE, COMMISSION, POLICE, SECURITY = "worker1", "office1", "commission1", "police1", "security1"
EXCHANGE, PRIVACY, RECEIVER = "exchange1", "privacy1", "countypolitical1"
LEDGER_PAGES = tuple(PageCase(name, who, at(f"reports:{view}", **named)) for name, who, view, named in LEDGER)

PAGES = (
    PageCase("login", None, at("accounts:login")),
    PageCase("login-wrong", None, at("accounts:login"), act=sign_in_wrongly, answer=400),
    PageCase("login-first", None, at("accounts:first_login")),
    PageCase("me", WORKER, at("accounts:me")),
    PageCase("password", WORKER, at("accounts:password")),
    PageCase("step-up", WORKER, at("accounts:step_up")),
    PageCase("users", SECURITY, at("accounts:users")),
    PageCase("user", SECURITY, at("accounts:user", account="account")),
    PageCase("user-new", SECURITY, at("accounts:user_new")),
    PageCase("assignment-new", SECURITY, at("accounts:assignment_new", account="account")),
    PageCase("user-reset", SECURITY, at("accounts:user_reset", account="account")),
    PageCase("user-switch", SECURITY, at("accounts:user_switch", account="account")),
    PageCase("agencies", SECURITY, at("accounts:agencies")),
    PageCase("agency-new", SECURITY, at("accounts:agency_new")),
    PageCase("policy", OFFICE, at("accounts:policy")),
    PageCase("calendar", OFFICE, at("accounts:calendar")),
    PageCase("templates", EXCHANGE, at("exchange:templates")),
    PageCase("template", PRIVACY, at("exchange:template", uuid="proposed_template")),
    PageCase("template-standard", EXCHANGE, at("exchange:template", uuid="standard_template")),
    PageCase("packages", EXCHANGE, at("exchange:packages")),
    PageCase("package", PRIVACY, at("exchange:package", uuid="package")),
    PageCase("package-drop", EXCHANGE, at("exchange:package_drop", uuid="package")),
    PageCase("package-sent", EXCHANGE, at("exchange:package", uuid="sent_package")),
    PageCase("package-close", EXCHANGE, at("exchange:package_close", uuid="sent_package")),
    PageCase("package-form", EXCHANGE, at("exchange:package_form", uuid="package")),
    PageCase("package-certificate", EXCHANGE, at("exchange:package_certificate", uuid="closed_package")),
    PageCase("refusals", EXCHANGE, at("exchange:refusals")),
    PageCase("refusal-settle", EXCHANGE, at("exchange:refusal_settle", uuid="refusal")),
    PageCase("refusal", OFFICE, at("exchange:refusal", uuid="refusal")),
    PageCase("my-package", RECEIVER, at("exchange:my_package", uuid="sent_package")),
    PageCase("my-receipt-rows", RECEIVER, at("exchange:receipt_rows", uuid="sent_package")),
    PageCase("emergency-ask", POLICE, at("exchange:emergency_ask")),
    PageCase("emergencies", "psychiatrist1", at("exchange:emergencies")),
    PageCase("emergency-answer", "psychiatrist1", at("exchange:emergency", uuid="emergency_request")),
    PageCase("ledger", PRIVACY, at("exchange:ledger")),
    PageCase("ledger-auditor", "auditor1", at("exchange:ledger")),
    PageCase("ledger-errors", "auditor1", lambda scene: f"{reverse('exchange:ledger')}?since=2026-02-30", status=400),
    PageCase("stops", PRIVACY, at("exchange:stops")),
    PageCase("stop-lift", PRIVACY, at("exchange:stop_lift", uuid="stop")),
    PageCase("person-notice-choose", WORKER, at("exchange:person_notice_choose", uuid="patient")),
    PageCase("person-notice-form", WORKER, at("exchange:person_notice_new", uuid="patient", situation=":urgent")),
    PageCase("person-notice", WORKER, at("exchange:person_notice", uuid="sent_notice")),
    PageCase("person-notice-sign", OFFICE, at("exchange:person_notice", uuid="proposed_notice")),
    PageCase("person-notice-correct", WORKER, at("exchange:person_notice_correct", uuid="sent_notice")),
    PageCase("person-notice-decline", WORKER, at("exchange:person_notice_decline", uuid="asked_notice")),
    PageCase("my-notices", POLICE, at("exchange:my_notices")),
    PageCase("my-notice", POLICE, at("exchange:my_notice", uuid="my_notice")),
    PageCase("told", WORKER, at("exchange:told", uuid="patient")),
    PageCase("told-print", WORKER, at("exchange:told", uuid="patient"), act=print_told),
    PageCase("objection-new", WORKER, at("exchange:objection_new", uuid="patient")),
    PageCase("objection-withdraw", WORKER, objection_page),
    PageCase("objection-closing", OFFICE, closing_page),
    PageCase("inbound-lists", EXCHANGE, at("exchange:inbound_lists")),
    PageCase("inbound-list", OFFICE, at("exchange:inbound_list", uuid="inbound")),
    PageCase("inbound-send", "countypolice1", at("exchange:inbound_send")),
    PageCase("inbound-own", "countypolice1", at("exchange:inbound_own", uuid="inbound")),
    PageCase("platform-headers", OFFICE, at("exchange:platform_headers", kind=":national")),
    PageCase("inbound-answered", OFFICE, at("exchange:inbound_list", uuid="answered_list")),
    PageCase("inbound-carried", EXCHANGE, at("exchange:inbound_send")),
    PageCase("platform-list", OFFICE, at("exchange:inbound_list", uuid="platform_list")),
    PageCase("platform-people", OFFICE, at("exchange:platform_people", uuid="platform_list")),
    PageCase("differences", WORKER, at("exchange:differences")),
    PageCase("differences-alike", WORKER, at("exchange:differences_alike", uuid="difference_alike")),
    PageCase("differences-late", OFFICE, at("exchange:late_differences")),
    PageCase("difference", WORKER, at("exchange:difference", uuid="difference")),
    PageCase("difference-death", WORKER, at("exchange:difference", uuid="difference_of_death")),
    PageCase("difference-clue", WORKER, at("exchange:difference", uuid="difference_clue")),
    PageCase("difference-answered", WORKER, at("exchange:difference", uuid="difference_answered")),
    PageCase("differences-review", OFFICE, at("exchange:differences_review", uuid="inbound")),
    PageCase("difference-return", OFFICE, at("exchange:difference_return", uuid="difference_answered")),
    PageCase("keys", EXCHANGE, at("exchange:keys")),
    PageCase("key", PRIVACY, at("exchange:key", uuid="waiting_key")),
    PageCase("key-new", EXCHANGE, at("exchange:key_new")),
    PageCase("key-end", PRIVACY, at("exchange:key_end", uuid="waiting_key")),
    PageCase("files", "countypolitical1", at("exchange:files")),
    PageCase("files-no-key", "countypolice1", at("exchange:files")),
    PageCase("own-key-end", "countypolitical1", at("exchange:own_key_end", uuid="key_in_force")),
    PageCase("template-form", EXCHANGE, at("exchange:template_new", preset=":civil_affairs.half_yearly")),
    PageCase("template-end", EXCHANGE, at("exchange:template_end", uuid="standard_template")),
    PageCase("colour-tables", OFFICE, at("followup:colour_tables")),
    PageCase("colour-table-draft", OFFICE, at("followup:colour_table", table="colour_draft")),
    PageCase("colour-table-form", OFFICE, at("followup:colour_table_edit")),
    PageCase("worklist", WORKER, at("followup:worklist")),
    PageCase("worklist-psychiatrist", "psychiatrist1", at("followup:worklist")),
    PageCase("worklist-hospital", "hospital1", at("followup:worklist")),
    PageCase("notices", WORKER, at("registry:notices")),
    PageCase("visit-new", WORKER, at("followup:visit_new", patient="patient")),
    PageCase("visit-draft", WORKER, at("followup:visit_new", patient="patient"), act=leave_a_draft),
    PageCase("visit-urgent", WORKER, at("followup:visit_new", patient="patient"), act=assess_level_3),
    PageCase(
        "visit-errors",
        WORKER,
        at("followup:visit_new", patient="patient"),
        act=press("保存随访", then="[data-errors]"),
        answer=400,
    ),
    PageCase("visit", WORKER, at("followup:visit", visit="visit")),
    PageCase("visit-correct", WORKER, at("followup:visit_correct", visit="visit")),
    PageCase(
        "visit-conflict",
        WORKER,
        at("followup:visit_correct", visit="visit"),
        act=save_after_someone_else("保存"),
        answer=409,
    ),
    PageCase("visit-print", WORKER, at("followup:visit_print", visit="visit")),
    PageCase("windows", WORKER, at("followup:windows")),
    PageCase("windows-county", OFFICE, at("followup:windows")),
    PageCase("off-list", WORKER, at("followup:off_list", patient="patient")),
    PageCase("loss", WORKER, at("followup:loss", patient="patient")),
    PageCase("patient-visits", WORKER, at("followup:patient_tab", patient="patient")),
    PageCase("patient-care", WORKER, at("followup:care", patient="patient")),
    PageCase("plan", WORKER, at("followup:plan", plan="case_plan")),
    PageCase("plan-print", WORKER, at("followup:plan_print", plan="case_plan")),
    PageCase("plan-revise", WORKER, at("followup:plan_revise", plan="case_plan")),
    PageCase("case-team", WORKER, at("followup:team", patient="case_patient")),
    PageCase("case-missing", OFFICE, at("followup:case_missing")),
    PageCase("patient-colour", WORKER, at("followup:colour", patient="better_patient")),
    PageCase("incident-new", WORKER, at("followup:incident_new", patient="patient")),
    PageCase("incident", OFFICE, at("followup:incident", incident="incident")),
    PageCase("clue-incident", OFFICE, at("followup:incident", incident="clue_incident")),
    PageCase("clue-care", WORKER, at("followup:clue_care", clue="clue")),
    PageCase("clue-incident-new", WORKER, at("followup:clue_incident_new", clue="clue")),
    PageCase("clue-emergency-new", WORKER, at("followup:clue_emergency_new", clue="clue")),
    PageCase("incident-edit", WORKER, at("followup:incident_edit", incident="incident")),
    PageCase("incident-confirm", OFFICE, at("followup:incident_confirm", incident="incident")),
    PageCase("incident-close", OFFICE, at("followup:incident_close", incident="incident")),
    PageCase("incident-dismiss", OFFICE, at("followup:incident_dismiss", incident="incident")),
    PageCase("emergency-new", WORKER, at("followup:emergency_new", patient="patient")),
    PageCase("emergency-form", WORKER, at("followup:emergency", emergency="emergency_open")),
    PageCase("emergency-cancel", WORKER, at("followup:emergency_cancel", emergency="emergency_open")),
    PageCase("emergency", WORKER, at("followup:emergency", emergency="emergency_written")),
    PageCase("emergency-print", WORKER, at("followup:emergency_print", emergency="emergency_written")),
    PageCase("patient-medicine", WORKER, at("followup:medicine", patient="patient")),
    PageCase("prescription-new", WORKER, at("followup:prescription_new", patient="patient")),
    PageCase("prescription-stop", WORKER, at("followup:prescription_stop", prescription="prescription")),
    PageCase("injection-new", WORKER, at("followup:injection_new", patient="patient")),
    PageCase(
        "injection-errors",
        WORKER,
        at("followup:injection_new", patient="patient"),
        act=press("保存注射记录", then="[data-errors]"),
        answer=400,
    ),
    PageCase("injections", WORKER, at("followup:injections")),
    PageCase("dispensing-new", WORKER, at("followup:dispensing_new", patient="patient")),
    PageCase("dispensing-correct", WORKER, at("followup:dispensing_correct", dispensing="dispensing")),
    PageCase("dispensing-print", WORKER, at("followup:dispensing_print", patient="patient")),
    PageCase("dispensing-strike", WORKER, at("followup:medicine_strike", kind=":dispensing", uuid="dispensing")),
    PageCase("checkup-new", WORKER, at("followup:checkup_new", patient="patient", checkup=":yearly")),
    PageCase("exams", WORKER, at("followup:exams")),
    PageCase("exams-county", OFFICE, at("followup:exams")),
    PageCase("medicines", OFFICE, at("followup:medicines")),
    PageCase("patients", WORKER, at("registry:patients")),
    PageCase("patient", WORKER, at("registry:patient", uuid="patient")),
    PageCase("patient-closed", OFFICE, at("registry:patient", uuid="closed_patient")),
    PageCase("patient-new", WORKER, at("registry:patient_new")),
    PageCase("patient-edit", WORKER, at("registry:patient_edit", uuid="patient")),
    PageCase(
        "patient-conflict",
        WORKER,
        at("registry:patient_edit", uuid="patient"),
        act=save_after_someone_else("保存资料"),
        answer=409,
    ),
    PageCase(
        "patient-new-errors",
        WORKER,
        at("registry:patient_new"),
        act=press("建档", then="[data-errors]"),
        answer=400,
    ),
    PageCase("duplicates", WORKER, at("registry:duplicates")),
    PageCase("id-checks", OFFICE, at("registry:id_checks")),
    PageCase("no-id", OFFICE, at("registry:no_id")),
    PageCase("identity", OFFICE, at("registry:identity", uuid="no_id")),
    PageCase("patient-addresses", WORKER, at("registry:patient_addresses", uuid="patient")),
    PageCase("address-new", WORKER, at("registry:address_new", uuid="patient")),
    PageCase("duty-breaches", OFFICE, at("registry:duty_breaches")),
    PageCase("work-form", OFFICE, at("reports:work_form", work=":1-13")),
    PageCase("visit-imports", OFFICE, at("followup:visit_imports")),
    PageCase("imports", WORKER, at("registry:imports")),
    PageCase("parked", OFFICE, at("registry:parked")),
    PageCase("exports", WORKER, at("registry:exports")),
    PageCase("paper-list", WORKER, at("registry:paper_list")),
    PageCase("patient-history", WORKER, at("registry:patient_history", uuid="patient")),
    PageCase("patient-access", WORKER, at("registry:patient_access", uuid="patient")),
    PageCase("patient-move", OFFICE, at("registry:patient_move", uuid="patient")),
    PageCase("temporary-files", OFFICE, at("registry:temporary_files")),
    PageCase("temporary-file", OFFICE, at("registry:temporary_file", file="temporary_file")),
    PageCase("patient-away", WORKER, at("registry:patient_away", uuid="patient")),
    PageCase("transfers", OFFICE, at("registry:transfers")),
    PageCase("transfer", OFFICE, at("registry:transfer", transfer="transfer")),
    PageCase("transfer-print", OFFICE, at("registry:transfer_print", transfer="transfer")),
    PageCase("transfer-new", WORKER, at("registry:transfer_new", uuid="patient")),
    PageCase("patient-papers", WORKER, at("registry:patient_papers", uuid="patient")),
    PageCase("patient-around", WORKER, at("registry:patient_around", uuid="patient")),
    PageCase("around-guardian", WORKER, at("registry:around_act", uuid="patient", act=":guardian")),
    PageCase("consent-new", WORKER, at("registry:consent_new", uuid="patient")),
    PageCase("consent-texts", OFFICE, at("registry:consent_texts")),
    PageCase("sheet-edit", WORKER, at("registry:sheet_edit", uuid="patient", sheet=":basics")),
    PageCase("sheet-print", WORKER, at("registry:paper_print", uuid="patient", sheet=":supplement")),
    PageCase("sheet-blank", WORKER, at("registry:sheet_blank", sheet=":consent")),
    PageCase("papers-lacking", WORKER, at("registry:papers_lacking")),
    PageCase("teams", OFFICE, at("registry:teams")),
    PageCase("patient-status", WORKER, at("registry:patient_status", uuid="patient")),
    PageCase("status-correct", WORKER, at("registry:status_correct", uuid="patient")),
    PageCase("loss-print", WORKER, at("registry:loss_print", uuid="patient")),
    PageCase("patient-close", WORKER, at("registry:patient_close", uuid="patient")),
    PageCase("patient-stays", WORKER, at("registry:patient_stays", uuid="patient")),
    PageCase("stay-admit", WORKER, at("registry:stay_admit", uuid="patient")),
    PageCase("stay-discharge", WORKER, at("registry:stay_discharge", uuid="patient")),
    PageCase("stay-past", WORKER, at("registry:stay_past", uuid="patient")),
    PageCase("referral-new", WORKER, at("registry:referral_new", uuid="patient")),
    PageCase("passage-new", WORKER, at("registry:passage_new", uuid="patient")),
    PageCase("help-new", WORKER, at("registry:help_new", uuid="patient")),
    PageCase("referrals", WORKER, at("registry:referrals")),
    PageCase("referral-blank", WORKER, at("registry:referral_blank")),
    PageCase("destinations", OFFICE, at("registry:destinations")),
    PageCase("cases", COMMISSION, at("registry:cases")),
    PageCase("search", WORKER, at("registry:patients"), act=search_for("zx")),
    PageCase("search-nothing", WORKER, at("registry:patients"), act=search_for("zzzz")),
    PageCase("inbox", POLICE, at("exchange:inbox")),
    PageCase("inbox-case", POLICE, at("exchange:case", uuid="alert")),
    PageCase("sent", WORKER, at("exchange:sent")),
    PageCase("alerts-overdue", COMMISSION, at("exchange:overdue")),
    PageCase("alerts-channels", "exchange1", at("exchange:channels")),
    PageCase("patient-alerts", WORKER, at("exchange:patient_tab", uuid="patient")),
    PageCase("review", "psychiatrist1", at("exchange:review", uuid="patient")),
    PageCase("dashboard", COMMISSION, at("reports:dashboard")),
    PageCase("dashboard-township", WORKER, at("reports:dashboard")),
    PageCase("indicator", COMMISSION, at("reports:indicator", code=":standard_managed")),
    PageCase("indicators", COMMISSION, at("reports:indicators")),
    PageCase("government-plan", COMMISSION, at("reports:plan", pack_id=":youyang-2023")),
    PageCase("indicator-places", COMMISSION, at("reports:indicator", code=":village_groups")),
    PageCase("indicator-posts", COMMISSION, at("reports:indicator", code=":staff_ratio")),
    PageCase("indicator-people", COMMISSION, at("reports:people", code=":standard_managed")),
    PageCase("overdue", COMMISSION, at("reports:live", kind=":overdue")),
    PageCase("unsigned", COMMISSION, at("reports:unsigned")),
    PageCase("reported", COMMISSION, at("reports:reported")),
    PageCase("reported-new", COMMISSION, at("reports:reported_new", pack_id=":youyang-2023", key=":secondary_centre")),
    PageCase("reported-row", COMMISSION, at("reports:reported_row", pack_id=":youyang-2023", key=":secondary_centre")),
    PageCase("reported-department", "department1", at("reports:reported")),
    PageCase("reported-return", COMMISSION, at("reports:reported_return", uuid="value")),
    *LEDGER_PAGES,
    PageCase("indicator-meetings", COMMISSION, at("reports:indicator", code=":joint_meetings")),
    PageCase("report", COMMISSION, at("reports:report")),
    PageCase("report-one", COMMISSION, at("reports:report_one", uuid="report")),
    PageCase("exchange-table", COMMISSION, lambda scene: f"{reverse('reports:exchange_table')}?span=2026"),
    PageCase("pace", COMMISSION, at("reports:pace")),
    PageCase("pace-township", WORKER, at("reports:pace")),
    PageCase("freezes", COMMISSION, at("reports:freezes")),
    PageCase("freeze-new", COMMISSION, at("reports:freeze_new")),
    PageCase("freeze", COMMISSION, at("reports:freeze", uuid="freeze")),
    PageCase("freeze-changes", COMMISSION, at("reports:freeze_changes", uuid="freeze")),
    PageCase("freeze-people", COMMISSION, at("reports:freeze_people", uuid="freeze", code=":managed")),
    PageCase("clues", WORKER, at("registry:clues")),
    PageCase("clues-own", "clerk1", at("registry:clues")),
    PageCase("clues-police", POLICE, at("registry:clues")),
    PageCase("clue-new", "clerk1", at("registry:clue_new")),
    PageCase("clue-new-errors", "clerk1", at("registry:clue_new"), act=press("报告", then="[data-errors]"), answer=400),
    PageCase("clue", WORKER, at("registry:clue", uuid="clue")),
    PageCase("clue-same", WORKER, at("registry:clue_same", uuid="clue", into="new_clue")),
    PageCase("clue-assign", WORKER, at("registry:clue_assign", uuid="new_clue")),
    PageCase("clue-survey", WORKER, at("registry:clue_survey", uuid="clue")),
    PageCase("clue-send", WORKER, at("registry:clue_send", uuid="clue")),
    PageCase("clue-outcome", WORKER, at("registry:clue_outcome", uuid="sent_clue")),
    PageCase("clue-print", WORKER, at("registry:clue_print", uuid="clue")),
    PageCase("cards", WORKER, at("registry:cards")),
    PageCase("cards-hospital", "hospital1", at("registry:cards")),
    PageCase("card-new", "hospital1", at("registry:card_new")),
    PageCase(
        "card-new-errors", "hospital1", at("registry:card_new"), act=press("报告", then="[data-errors]"), answer=400
    ),
    PageCase("card-edit", "hospital1", at("registry:card_edit", uuid="draft_card")),
    PageCase("card", WORKER, at("registry:card", uuid="card")),
    PageCase("card-accept", WORKER, at("registry:card_accept", uuid="card")),
    PageCase("card-hold", WORKER, at("registry:card_hold", uuid="card")),
    PageCase("card-address", OFFICE, at("registry:card_address", uuid="held_card")),
    PageCase("card-correct", "hospital1", at("registry:card_correct", uuid="card")),
    PageCase("card-print", WORKER, at("registry:card_print", uuid="card")),
    PageCase("discharges", WORKER, at("registry:discharges")),
    PageCase("discharge", WORKER, at("registry:discharge", uuid="discharge")),
    PageCase("discharge-new", "hospital1", at("registry:discharge_new")),
    PageCase("discharge-accept", WORKER, at("registry:discharge_accept", uuid="discharge")),
    PageCase("discharge-print", WORKER, at("registry:discharge_print", uuid="discharge")),
    PageCase("paper-blank", WORKER, at("registry:paper_blank", paper=":1-3")),
    PageCase("not-found", WORKER, lambda scene: "/nowhere/", status=404),
    PageCase("denied", WORKER, at("accounts:users"), status=403),
)
