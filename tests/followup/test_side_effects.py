"""A severe side effect beside 药物不良反应 无: one of the two is wrong, and the writer is told which columns."""

import pytest

from followup.services.visit_import import import_visits
from registry.rules.table import make_table
from tests.followup.conftest import days_ago

pytestmark = pytest.mark.django_db


def test_a_severe_side_effect_and_no_side_effect_do_not_go_together_and_neither_alone_is_refused(world, log_in, person):
    patient, number = person()
    row = {"身份证号": number, "随访日期": days_ago(9).isoformat(), "随访形式": "2", "随访对象": "1", "危险性": "0",
           "药物不良反应": "1", "不良反应严重": "1"}  # fmt: skip
    found = import_visits(table=make_table([list(row), list(row.values())]), by=world.worker)
    assert [(one.column, one.value, one.reason) for one in found.refusals] == [
        ("不良反应严重", "1", "药物不良反应填了“无”，不良反应严重不能填 1。请改其中一项。")
    ]
    said = {"visited_on": days_ago(1).isoformat(), "form": "2", "seen": ["1"], "level": 0, "side_effect": 1,
            "severe_side_effect": True}  # fmt: skip
    address, client = f"/api/v1/patients/{patient.uuid}/visits/", log_in(world.worker)
    answer = client.post(address, said, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["severe_side_effect"])
    for mended in ({"side_effect": 2}, {"severe_side_effect": False}):
        day = {"visited_on": days_ago(1 + len(mended)).isoformat()}
        assert client.post(address, said | day | mended, content_type="application/json").status_code == 201
