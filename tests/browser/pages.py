"""Every page of the product: its name (also the screenshot's), who looks at it, and its address in the scene."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.scene import Scene


@dataclass(frozen=True)
class PageCase:
    name: str
    who: str | None  # member of the cast; None is nobody
    url: Callable[[Scene], str]
    status: int = 200
    act: Callable[[Page], None] | None = None  # what is done on the page before looking


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


WORKER, OFFICE, COMMISSION, POLICE, SECURITY = "worker1", "office1", "commission1", "police1", "security1"

PAGES = (
    PageCase("login", None, at("accounts:login")),
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
    PageCase("worklist", WORKER, at("followup:worklist")),
    PageCase("visit-new", WORKER, at("followup:visit_new", patient="patient")),
    PageCase("visit", WORKER, at("followup:visit", visit="visit")),
    PageCase("visit-correct", WORKER, at("followup:visit_correct", visit="visit")),
    PageCase("visit-print", WORKER, at("followup:visit_print", visit="visit")),
    PageCase("patient-visits", WORKER, at("followup:patient_tab", patient="patient")),
    PageCase("patients", WORKER, at("registry:patients")),
    PageCase("patient", WORKER, at("registry:patient", uuid="patient")),
    PageCase("patient-closed", OFFICE, at("registry:patient", uuid="closed_patient")),
    PageCase("patient-new", WORKER, at("registry:patient_new")),
    PageCase("patient-edit", WORKER, at("registry:patient_edit", uuid="patient")),
    PageCase("patient-history", WORKER, at("registry:patient_history", uuid="patient")),
    PageCase("patient-access", WORKER, at("registry:patient_access", uuid="patient")),
    PageCase("patient-move", WORKER, at("registry:patient_move", uuid="patient")),
    PageCase("patient-status", WORKER, at("registry:patient_status", uuid="patient")),
    PageCase("patient-close", WORKER, at("registry:patient_close", uuid="patient")),
    PageCase("cases", COMMISSION, at("registry:cases")),
    PageCase("search", WORKER, at("registry:patients"), act=search_for("l")),
    PageCase("inbox", POLICE, at("exchange:inbox")),
    PageCase("inbox-case", POLICE, at("exchange:case", uuid="alert")),
    PageCase("sent", WORKER, at("exchange:sent")),
    PageCase("patient-alerts", WORKER, at("exchange:patient_tab", uuid="patient")),
    PageCase("review", "psychiatrist1", at("exchange:review", uuid="patient")),
    PageCase("dashboard", COMMISSION, at("reports:dashboard")),
    PageCase("dashboard-township", WORKER, at("reports:dashboard")),
    PageCase("indicator", COMMISSION, at("reports:indicator", code=":standard_managed")),
    PageCase("indicator-people", COMMISSION, at("reports:people", code=":standard_managed")),
    PageCase("overdue", COMMISSION, at("reports:live", kind=":overdue")),
    PageCase("unsigned", COMMISSION, at("reports:unsigned")),
    PageCase("reported", COMMISSION, at("reports:reported")),
    PageCase("reported-new", COMMISSION, at("reports:reported_new", pack_id=":youyang-2023", key=":secondary_centre")),
    PageCase("reported-return", COMMISSION, at("reports:reported_return", uuid="value")),
    PageCase("report", COMMISSION, at("reports:report")),
    PageCase("report-one", COMMISSION, at("reports:report_one", uuid="report")),
    PageCase("not-found", WORKER, lambda scene: "/nowhere/", status=404),
    PageCase("denied", WORKER, at("accounts:users"), status=403),
)
