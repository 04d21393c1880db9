"""What a rule asks for in some case is never called 可不填, and what hides keeps what it was filled in with."""

import pytest
from django import forms
from django.utils import timezone

from accounts.form_parts import asked_when, may_stay_empty
from registry.forms.hospital import CardForm, DischargeForm, drug_fields
from registry.forms.papers import ConsentForm
from registry.forms.receiving import AddressForm
from registry.rules.cards import check_card
from registry.rules.discharges import check_discharge
from registry.terms import ConsentPath
from tests.registry.hospital import card_facts, discharge_facts

CARD = (
    {"source": "1"}, {"source": "2", "inpatient_no": None}, {"id_number": None}, {"sex": None}, {"birth_on": None},
    {"household_kind": "9"}, {"senders": ["6"]}, {"treated_on": None}, {"consent_on": None}, {"drugs": []},
)  # fmt: skip
DISCHARGE = (
    {"id_number": None}, {"sex": None}, {"birth_on": None}, {"rehab": ["5"]}, {"drugs": []}, {"advice": []},
)  # fmt: skip


@pytest.mark.parametrize("more", CARD, ids=str)
def test_a_card_calls_nothing_optional_that_it_then_asks_for(more):
    asked = [problem.field for problem in check_card(card_facts(**more), today=timezone.localdate())]
    fields = CardForm.base_fields | drug_fields("drug", "no_drug")
    assert asked
    assert not [name for name in asked if may_stay_empty(fields[name])]


@pytest.mark.parametrize("more", DISCHARGE, ids=str)
def test_a_discharge_notice_calls_nothing_optional_that_it_then_asks_for(more):
    asked = [problem.field for problem in check_discharge(discharge_facts(**more), today=timezone.localdate())]
    fields = DischargeForm.base_fields | drug_fields("drug", "no_drug") | drug_fields("advice", "no_advice")
    assert asked
    assert not [name for name in asked if may_stay_empty(fields[name])]


def test_a_signer_and_a_reason_are_asked_for_where_the_way_needs_them():
    assert {name: ConsentForm.base_fields[name].widget.attrs["data-when"] for name in ("signer", "reason")} == {
        "signer": "path=agreed refused withdrawn",
        "reason": "path=refused withdrawn informed",
    }
    assert set(ConsentPath) == {"agreed", "refused", "withdrawn", "informed"}
    assert not may_stay_empty(AddressForm.base_fields["to"])


def test_an_unfinished_card_shows_the_medicine_it_holds():
    shown = CardForm.shown({"name": "甲", "drugs": [{"row": 1, "name": "奥氮平", "night": "5"}]})
    assert (shown["no_drug"], shown["drug1_name"]) == ("0", "奥氮平")


def test_a_question_that_was_hidden_when_the_form_was_refused_comes_back_as_it_was():
    class Asked(forms.Form):
        way = forms.CharField()
        place = asked_when("way", ["x"], forms.CharField(required=False))

    assert Asked({"way": ""}, initial={"place": "县医院"})["place"].value() == "县医院"
    assert Asked({"way": "", "place": ""}, initial={"place": "县医院"})["place"].value() == ""
