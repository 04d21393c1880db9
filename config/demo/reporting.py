"""What departments have reported for the plan: confirmed years, one sent back, one waiting."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount
from reports.queries.packs import adopted_packs
from reports.services.reported import confirm_value, enter_value, may_enter, return_value

FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Row, who enters it, year of the data, numerator, denominator, on what it rests, and how it went on.
SAID = (
    ("school_counselling_rooms", "department", 2023, 131, 145, "县教委2023年心理辅导室统计表", "confirmed"),
    ("school_counselling_rooms", "department", 2024, 134, 145, "县教委2024年心理辅导室统计表", "confirmed"),
    ("school_counselling_rooms", "department", 2025, 139, 140, "县教委2025年心理辅导室统计表", "returned"),
    ("family_education_sites", "department", 2024, 96, 278, "县教委2024年站点名册（只有数字）", "confirmed"),
    ("mental_health_literacy", "county_office", 2023, 96, 600, "2023年入户抽样调查报告", "confirmed"),
    ("mental_health_literacy", "county_office", 2025, 171, 600, "2025年入户抽样调查报告", "waiting"),
    ("beds_per_thousand", "county_office", 2025, 398, 599_000, "卫生统计年报", "confirmed"),
)


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    users = {
        account.role: User.objects.select_related("agency__division").get(username=account.username)
        for account in accounts
        if account.role in ("department", "county_office", "commission")
    }
    made = 0
    for pack in adopted_packs(county):
        for key, who, year, numerator, denominator, evidence, then in SAID:
            row, by, day = pack.row(key), users[who], date(year, 12, 31)
            if row is None or not may_enter(by, row) or day > today or year < pack.base_year:
                continue
            with scope(by):
                value = enter_value(
                    pack_id=pack.id, key=key, area=county, period_to=day, numerator=Decimal(numerator),
                    denominator=Decimal(denominator), evidence=evidence, by=by, file=BytesIO(FILE),
                )  # fmt: skip
            with scope(users["commission"]):
                if then == "confirmed":
                    confirm_value(value, by=users["commission"])
                elif then == "returned":
                    return_value(value, because="分母应含职业学校，请与统计年报核对", by=users["commission"])
            made += 1
    return made
