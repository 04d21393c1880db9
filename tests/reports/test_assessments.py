"""The assessments that a plan names: offered where one freezes, and the report of one says which it is."""

from datetime import date

import pytest
from django.urls import reverse

from reports.queries import packs
from reports.rules.assessments import assessment_days
from reports.rules.report_words import assessed
from reports.services.plans import load_plan
from reports.terms import FreezeKind
from tests.conftest import COUNTY

PACK = "zhongyuan-2016"


def test_a_plans_assessments_in_order_and_those_ahead_marked():
    found = assessment_days([packs.pack(PACK)], date(2018, 1, 1))
    assert [(each.key, each.label, each.as_of, each.is_over) for each in found] == [
        (f"{PACK}.midterm", "中期评估", date(2017, 12, 31), True),
        (f"{PACK}.final", "终期评估", date(2020, 12, 31), False),
    ]
    assert assessment_days([packs.pack("youyang-2023")], date(2026, 1, 1)) == []  # that plan names none


@pytest.mark.parametrize(
    ("kind", "title", "words"),
    [
        (FreezeKind.MIDTERM, "中期评估报告", "对计划执行情况开展中期评估"),
        (FreezeKind.FINAL, "终期评估报告", "对计划执行期满的情况开展终期评估"),
        (FreezeKind.OTHER, "专项评估报告", "对计划执行情况开展专项评估"),
    ],
)
def test_the_report_of_an_assessment_is_called_by_it(kind, title, words):
    said = assessed(kind, "某计划", "某政发〔2016〕1号", date(2020, 12, 31))
    assert (said["title"], words in said["opening"], "2020年12月31日" in said["opening"]) == (
        ["某计划", title],
        True,
        True,
    )


def test_a_closed_quarter_keeps_the_words_of_the_report():
    assert assessed(FreezeKind.QUARTER, "某计划", "某政发〔2016〕1号", date(2020, 12, 31)) == {}


@pytest.mark.django_db
def test_the_form_is_filled_from_the_plans_assessment(world, tmp_path, monkeypatch, log_in):
    text = (packs.FOLDER / f"{PACK}.toml").read_text(encoding="utf-8")
    (tmp_path / f"{PACK}.toml").write_text(text.replace('area = "410102"', f'area = "{COUNTY}"'), "utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    load_plan(PACK)
    client = log_in(world.commission)
    page = client.get(reverse("reports:freeze_new"), {"assessment": f"{PACK}.final"})
    assert page.context["form"].initial == {"as_of": "2020-12-31", "kind": FreezeKind.FINAL, "pack": PACK}
    assert "计划规定的评估" in page.content.decode()
    unknown = client.get(reverse("reports:freeze_new"), {"assessment": "x"})
    assert unknown.context["form"].initial["kind"] == FreezeKind.QUARTER
