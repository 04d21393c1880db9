"""Every template that is told at once: page, mail and call carry exactly its fields, or nothing at all.

Source: issue 4, Show 2; decisions B20; threats T4, T40.
"""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import MyNotice
from exchange.queries.templates import presets
from exchange.rules.items import header
from exchange.services.channels import register_channel
from exchange.services.noticing import send_due
from exchange.terms import DataItem
from registry.models import Patient
from registry.services.admissions import admit, discharge
from registry.services.around import record_social
from registry.services.away import register_away
from registry.services.status import set_status
from tests import factories
from tests.conftest import TOWN_B, VILLAGE_A1
from tests.exchange.conftest import as_partner, client_of, save
from tests.exchange.person_notices import KEYS, make_house, send, sign, sign_all
from tests.exchange.test_notices import Listener, listener

__all__ = ["Listener", "listener"]
pytestmark = pytest.mark.django_db
I = DataItem  # noqa: E741
# What the person carries, and the items that may show it. None: nothing may.
TOKENS = {
    "赵金丝雀": {I.NAME},
    "19900000031": {I.PHONE},
    "金丝东路": {I.ADDRESS},  # without the door it ends at the village
    "东一社区": {I.ADDRESS, I.ADDRESS_SHORT},
    "18号": {I.ADDRESS},
    "户籍金丝巷": {I.HOUSEHOLD_ADDRESS},
    "试验监护人": {I.GUARDIAN_NAME},
    "19900000002": {I.GUARDIAN_PHONE},
    "19900000088": {I.WORKER_PHONE},
    "3 级": {I.LEVEL},
    "精神分裂症": {I.DIAGNOSIS},
    "医院金丝": set(),
    "症状金丝": set(),
    "药物金丝": set(),
    "救助备注金丝": set(),
    "告知理由金丝": set(),
}  # fmt: skip
# Who of each kind reads, in the place where the person is to be told of.
READERS = {
    "police": ("police", Role.TOWNSHIP_POLICE), "political_legal": ("political", Role.TOWNSHIP_POLITICAL_LEGAL),
    "government": ("government", None), "village_committee": ("village", None), "civil_affairs": ("civil_b", None),
    "health_centre": ("worker_b", None), "prevention_office": ("office", None),
}  # fmt: skip


@pytest.fixture
def house(world):
    return make_house(world)


def prepared(house, situation):
    """The person with something in every field, in the state that the situation is about."""
    world, today = house["world"], timezone.localdate()
    house["worker"].phone = "19900000088"
    house["worker"].save(update_fields=["phone"])
    person = world.patient(
        VILLAGE_A1, "赵金丝雀", phone="19900000031", residence_address="金丝东路3组18号", household_address="户籍金丝巷",
        diagnosing_hospital="医院金丝",
    )  # fmt: skip
    save(house["worker"], person, 3, 5, symptom_text="症状金丝", symptoms=(12,))
    by = house["worker"]
    with scope(by):
        person = Patient.objects.get(pk=person.pk)
        record_social(
            patient=person, kind="dibao", holds=True, on=today - timedelta(days=9), source="civil_affairs",
            note="救助备注金丝", by=by,
        )  # fmt: skip
        if situation == "lost_report":
            set_status(patient=person, value="lost", on=today, by=by, reason="走失")
        if situation in ("flow", "discharge"):
            if situation == "discharge":
                admit(patient=person, on=today - timedelta(days=4), by=by, hospital_name="医院金丝")
                discharge(patient=Patient.objects.get(pk=person.pk), on=today - timedelta(days=1), by=by)
            register_away(
                patient=Patient.objects.get(pk=person.pk), on=today, by=by, until=today + timedelta(days=90),
                to_township=destination(house, situation),
            )  # fmt: skip
    return Patient(pk=person.pk, uuid=person.uuid, duty_county=person.duty_county, name=person.name)


def destination(house, situation):
    """Of what is told to the other county's 精防机构 the destination lies there."""
    return house["world"].places[TOWN_B]


@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("health_centre.flow", "prevention_office.flow",
                                                                      "prevention_office.discharge")])  # fmt: skip
def test_page_and_notices_carry_exactly_the_templates_fields(house, key, listener, settings):
    kind, situation = key.split(".")
    settings.NOTICE_MAIL_FROM = "county@example.org"
    reader = house["police_b"] if key == "police.flow" else house[READERS[kind][0]]
    if kind == "civil_affairs":
        assert reader.agency.division.code == TOWN_B
    with scope(house["clerk"]):
        for way, address in (("mail", "desk@office.example"), ("webhook", listener.address)):
            if kind in ("police", "political_legal", "civil_affairs", "government"):
                register_channel(agency=reader.agency.uuid, kind=way, address=address, by=house["clerk"])
    person = prepared(house, situation)
    sent = send(house["worker"], person, situation, only=reader, because="告知理由金丝")
    if sent.state == "proposed":
        sent = sign(house["office"], sent)
    with as_partner(reader):
        (row,) = MyNotice.objects.all()
    client = client_of(reader)
    listed = client.get(reverse("exchange:my_notices")).content.decode()
    assert not [token for token in TOKENS if token in listed and token != "东一社区"]  # the committee's own name
    sign_all(reader)
    page = client.get(reverse("exchange:my_notice", args=[row.uuid])).content.decode()
    items = {item for part in presets()[key].sections for item in part.items}
    shown = {token for token in TOKENS if token in page}
    assert shown == {token for token, may in TOKENS.items() if may & items}
    heads = {header(item) for item in DataItem if f"<dt>{header(item)}</dt>" in page}
    assert heads <= {header(item) for item in items}
    assert header(I.NAME) in heads
    assert str(person.uuid) not in page
    send_due()
    outside = [message.subject + message.body for message in mail.outbox]
    outside += [
        str(headers) + json.dumps(json.loads(payload), ensure_ascii=False) for headers, payload in listener.calls
    ]
    assert len(outside) == (2 if kind in ("police", "political_legal", "civil_affairs", "government") else 0)
    for text in outside:
        assert not [token for token in (*TOKENS, *(label for label in ("告知", "失访", "病情", "出院", "流动")))
                    if token in text]  # fmt: skip
        assert row.number in text


def test_the_other_countys_offices_read_their_own_fields(house):
    """A stay in another county: its 精防机构 is told, by this county's template."""
    world, today = house["world"], timezone.localdate()
    abroad = factories.make_user(
        Role.COUNTY_OFFICE, world.places["990002"],
        factories.make_agency(AgencyKind.PREVENTION_OFFICE, world.places["990002"]),
    )  # fmt: skip
    person = world.patient(VILLAGE_A1, "赵金丝雀")
    with scope(house["worker"]):
        register_away(
            patient=person, on=today, by=house["worker"], until=today + timedelta(days=90), to_township=world.town_c
        )
    send(house["worker"], person, "flow", only=abroad)
    with scope(abroad):
        (row,) = MyNotice.objects.all()
    client = client_of(abroad)
    assert client.post(reverse("exchange:my_notice_sign", args=[row.uuid])).status_code == 302
    page = client.get(reverse("exchange:my_notice", args=[row.uuid])).content.decode()
    items = {item for part in presets()["prevention_office.flow"].sections for item in part.items}
    heads = {header(item) for item in DataItem if f"<dt>{header(item)}</dt>" in page}
    assert heads <= {header(item) for item in items}
    assert {header(I.NAME), header(I.ID_NUMBER), header(I.STATUS)} <= heads
