from datetime import date

import pytest

from exchange.rules.content import OFFICES, TEMPLATES, PersonFacts, RiskFacts, advice, age_on, content_for

PERSON = PersonFacts(
    name="甲某", sex="男", birth_on=date(1984, 3, 10), address="麻旺镇龙坝村3组18号", township="麻旺镇", village="龙坝村",
    guardian_name="乙某（父母）", guardian_phone="19900000412", worker="丙医生（麻旺镇中心卫生院）",
    worker_phone="19900000138",
)  # fmt: skip
RISK = RiskFacts(level=4, on=date(2026, 3, 9), previous_level=2)


def test_police_are_told_exactly_this():
    assert content_for("police", PERSON, RISK) == {
        "name": "甲某",
        "sex": "男",
        "age": "41 岁",
        "address": "麻旺镇龙坝村3组18号",
        "level": "4 级",
        "date": "2026-03-09",
        "previous_level": "2 级",
        "guardian_name": "乙某（父母）",
        "guardian_phone": "19900000412",
        "worker": "丙医生（麻旺镇中心卫生院）",
        "worker_phone": "19900000138",
        "advice": advice(4),
    }


def test_political_legal_offices_are_told_the_same_without_door_and_guardians_phone():
    police, other = content_for("police", PERSON, RISK), content_for("political_legal", PERSON, RISK)
    assert set(police) - set(other) == {"guardian_phone"}
    assert {key: value for key, value in other.items() if police[key] != value} == {"address": "麻旺镇龙坝村3组"}


def test_only_two_kinds_of_office_have_a_template():
    assert OFFICES == ("police", "political_legal")
    with pytest.raises(KeyError):
        content_for("civil_affairs", PERSON, RISK)


def test_no_template_knows_a_forbidden_field():
    forbidden = {"id_number", "diagnosis", "drugs", "symptoms", "next_due_on", "basis", "phone", "number"}
    told = {field.value for template in TEMPLATES.values() for field in template.fields}
    assert told & forbidden == set()
    assert all(template.basis and template.citation for template in TEMPLATES.values())


def test_what_is_not_known_is_empty_and_an_address_that_says_nothing_is_the_area():
    bare = PersonFacts(name="甲某", sex="女", birth_on=None, address="理发店楼上", township="麻旺镇", village="龙坝村")
    told = content_for("political_legal", bare, RiskFacts(3, date(2026, 3, 9), None))
    assert (told["age"], told["address"], told["previous_level"], told["guardian_name"]) == ("", "麻旺镇龙坝村", "", "")


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1984, 3, 10), date(2026, 3, 9), 41),
        (date(1984, 3, 10), date(2026, 3, 10), 42),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
    ],
)
def test_age_is_in_completed_years(born, on, years):
    assert age_on(born, on) == years


def test_advice_grows_with_the_level():
    assert advice(3) != advice(4) == advice(5)
