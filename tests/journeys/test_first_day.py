"""The first day, in real browsers against a real web server, worker and clock: from the list to the report.

Source: show 3 of the first issue. A township worker logs in with a code and saves level 3; the police see it within
five seconds without reloading and sign; the worker sees when; level 1 closes it; the numbers follow.
"""

import base64
import json
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from accounts.models import User
from ops.processes import wait_until
from ops.pytest_clones import cloned_database
from ops.services import programs, stop_all
from tests.bench.measure import PROJECT
from tests.browser.conftest import MadeCounty
from tests.journeys.steps import go_by

AREA, PLAN = "500242", "youyang-2023"
WHO = ("worker1", "police1", "commission1")
FIVE_SECONDS = 5_000
START_SECONDS = 60


class County:
    """A small demo county with its programs running, and what a person at a screen knows of it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.address = home, f"http://127.0.0.1:{port}"
        self.accounts: dict[str, dict[str, str]] = {}

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def open(self, accounts: Path) -> None:
        """The tests' quick passwords are kept as the product keeps them: the real server takes no others."""
        self.accounts = {one["username"]: one for one in json.loads(accounts.read_text())}
        for username in WHO:
            kept = Argon2PasswordHasher().encode(self.accounts[username]["password"], get_random_string(16))
            User.objects.filter(username=username).update(password=kept)
        self.manage("collectstatic", "--noinput", "-v0")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def numbers(self) -> dict[str, Any]:
        today = timezone.localdate().isoformat()
        said = StringIO()
        call_command("indicators", "--area", AREA, "--as-of", today, "--format", "json", stdout=said)
        found: dict[str, Any] = json.loads(said.getvalue())["indicators"]
        return found


@pytest.fixture
def in_county(made_county: MadeCounty, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), cloned_database(made_county.template):
        yield


@pytest.fixture
def county(
    made_county: MadeCounty, in_county: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[County]:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    monkeypatch.setenv("STATIC_ROOT", str(tmp_path / "static"))
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("PUBLIC_URL", f"http://127.0.0.1:{port}")
    found = County(tmp_path, port)
    found.open(made_county.accounts)
    children = programs(tmp_path, port)
    try:
        for child in children:
            child.start()
        assert wait_until(found.answers, START_SECONDS), children[0].last_words()
        yield found
    finally:
        stop_all(children)


@pytest.fixture
def come_in(browser: Browser, county: County) -> Iterator[Any]:
    contexts = []

    def log_in(username: str) -> Page:
        """Password, then the code of the account's authenticator, as anyone does it."""
        context = browser.new_context(base_url=county.address, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        page = context.new_page()
        account = county.accounts[username]
        page.goto("/login/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(account["password"])
        go_by(page.get_by_role("button", name="下一步"))
        page.get_by_label("6 位数字").fill(f"{TOTP(base64.b32decode(account['totp_secret'])).token():06d}")
        go_by(page.get_by_role("button", name="登录"))
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield log_in
    for context in contexts:
        context.close()


def fill_visit(page: Page, level: int) -> None:
    """What a careful person fills: day, form, who was met, level, and every question still unanswered."""
    page.locator("#q-form label", has_text="家庭访视").click()
    page.locator("#q-seen label", has_text="患者本人").click()
    page.locator(f"label.level-{level}").click()
    for question in page.locator("fieldset.q.is-missing:visible").all():
        question.locator("label").first.click()
    if level >= 3:
        page.locator("#id_basis").fill("今天上午在家摔东西，砸坏门窗，家人劝不住。")


def save(page: Page, *, beside_another: bool = False) -> None:
    """`beside_another`: there is a record of the day already, and this is a visit of its own."""
    page.locator("[data-save]").click()
    if beside_another:
        page.get_by_role("button", name="仍要另记一条").click()
        page.wait_for_url("**/followup/visits/**")
    expect(page.locator(".flashes, .errors").first).to_be_visible(timeout=30_000)
    assert "/followup/visits/" in page.url, page.locator("main").inner_text()[:800]


def high_risk(numbers: dict[str, Any]) -> int:
    return sum(int(numbers[f"risk_{level}"]) for level in (3, 4, 5))


def test_from_the_first_overdue_patient_to_the_report(county: County, come_in: Any, tmp_path: Path) -> None:
    before = county.numbers()
    police = come_in("police1")
    expect(police.get_by_role("heading", name="预警", exact=True)).to_be_visible()
    loads: list[str] = []
    police.on("framenavigated", lambda frame: loads.append(frame.url))
    known = set(police.locator(".num").all_inner_texts())

    worker = come_in("worker1")
    worker.goto(reverse("followup:worklist"))
    first = worker.locator(".work", has=worker.locator(".risk-0, .risk-1, .risk-2, .risk-none")).first
    name = first.locator(".work-name").inner_text()
    go_by(first.get_by_role("link", name=re.compile("随访")))
    fill_visit(worker, 3)
    save(worker)

    number = sees_and_signs(police, name, known)
    assert len(loads) == 1  # the card came by itself; signing asked for the one page since

    # the worker sees that and when the station signed
    worker.goto("/alerts/sent/")
    block = worker.locator("main").get_by_text(name).first
    expect(block).to_be_visible()
    expect(worker.locator("main")).to_contain_text(re.compile(r"签收"))

    # counted at once, on the dashboard and in print
    during = county.numbers()
    assert high_risk(during) == high_risk(before) + 1
    commission = come_in("commission1")
    check_dashboard(commission, county)
    check_report(county, tmp_path / "first.pdf")

    # a calm visit closes it: the station's page loses the person by itself
    worker.goto("/patients/")
    go_by(worker.get_by_role("link", name=name).first)
    go_by(worker.get_by_role("link", name=re.compile("随访")).first)
    if "visits/new" not in worker.url:
        go_by(worker.get_by_role("link", name=re.compile("新增随访|记一次随访|随访")).first)
    fill_visit(worker, 1)
    save(worker, beside_another=True)
    expect(police.get_by_text(name)).to_have_count(0, timeout=2 * FIVE_SECONDS)
    go_by(police.get_by_role("button", name=f"签收解除通知 {number}"))
    expect(police.locator("#inbox-rest .closed")).to_contain_text(number)
    police.goto("/alerts/")
    assert name not in police.content()

    after = county.numbers()
    assert high_risk(after) == high_risk(before)
    assert after["managed"]["numerator"] >= before["managed"]["numerator"]
    commission.reload()
    check_dashboard(commission, county)
    check_report(county, tmp_path / "second.pdf")


def sees_and_signs(police: Page, name: str, known: set[str]) -> str:
    """A card that was not there before, within five seconds; the name comes with the signature and no illness at all."""
    others = re.compile("|".join(map(re.escape, known)) or "^$")
    card = police.locator("#inbox-lists article.new").filter(has_not=police.locator(".num", has_text=others))
    expect(card).to_have_count(1, timeout=FIVE_SECONDS)
    number = card.locator("h3").inner_text()
    expect(police.get_by_text(name)).to_have_count(0)
    go_by(card.get_by_role("button", name=re.compile("签收")))
    expect(police.locator(".disclosed")).to_contain_text(name)
    for word in ("精神分裂症", "服药", "利培酮", "身份证"):
        assert word not in police.content()
    return number


def check_dashboard(page: Page, county: County) -> None:
    """The page says what the command says."""
    page.goto("/reports/")
    numbers = county.numbers()
    text = page.locator("main").inner_text().replace(",", "")
    assert f"{numbers['registered']}" in text
    for code in ("standard_managed", "regular_medication"):
        figure = numbers[code]
        assert f"{figure['rate']}%" in text, code
        assert re.search(rf"{figure['numerator']} ?/ ?{figure['denominator']}", text), code


def check_report(county: County, file: Path) -> None:
    today = timezone.localdate().isoformat()
    county.manage("plan_report", "--plan", PLAN, "--area", AREA, "--as-of", today, "--out", str(file))
    text = "".join(page.extract_text() for page in PdfReader(file).pages).replace("\n", "").replace(",", "")
    numbers = county.numbers()
    for code in ("standard_managed", "regular_medication"):
        assert f"{numbers[code]['rate']}%" in text, code
