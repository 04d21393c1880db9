"""Our register as an agency's list is laid beside it: today's files of a county in the words of the items."""

from collections.abc import Iterator
from datetime import date

from accounts.models import Division
from exchange.queries.snapshots import people, snapshot_of
from exchange.rules.inbound_matching import DEAD, OurPerson
from exchange.rules.snapshot import PersonSnapshot
from exchange.terms import InboundItem
from registry.models import Patient
from registry.rules.masking import mask_id

I = InboundItem  # noqa: E741
GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


def our_people(county: Division, today: date) -> list[OurPerson]:
    """Everybody who has or had a file, closed ones too. Runs in the county's reach."""
    return [one for batch in _batches(county, today) for one in batch]


def _batches(county: Division, today: date) -> Iterator[list[OurPerson]]:
    for batch in people(county, today):
        uuids = [uuid for uuid, _township, _said in batch]
        rows = Patient.objects.filter(uuid__in=uuids).values_list("uuid", "pk", "duty_township", "closed_on")
        keys = {uuid: (pk, township, closed) for uuid, pk, township, closed in rows}
        yield [_of(said, *keys[uuid]) for uuid, _township, said in batch]


def _of(said: PersonSnapshot, key: int, township: int, closed: date | None) -> OurPerson:
    words = words_of(said)
    return OurPerson(
        key=key, id_number=said.id_number, township=township, ended=closed is not None, level=said.level, said=words,
        person=(said.name, words[I.BIRTH_ON.value], said.sex),
    )  # fmt: skip


def _yes(said: PersonSnapshot, kind: str) -> str:
    value = said.social.get(kind)
    return "" if value is None else "是" if value else "否"


def words_of(said: PersonSnapshot) -> dict[str, str]:
    """Our side of every item that can be compared. The ID number is compared whole and shown masked."""
    return {
        I.NAME.value: said.name, I.ID_NUMBER.value: said.id_number, I.SEX.value: said.sex,
        I.BIRTH_ON.value: said.birth_on.isoformat() if said.birth_on else "", I.PHONE.value: said.phone,
        I.TOWNSHIP.value: said.township, I.ADDRESS.value: said.address,
        I.HOUSEHOLD_ADDRESS.value: said.household_address, I.GUARDIAN_NAME.value: said.guardian_name,
        I.GUARDIAN_PHONE.value: said.guardian_phone, I.LEVEL.value: "" if said.level is None else f"{said.level}级",
        I.STATUS.value: DEAD if said.status_code == "dead" else said.status,
        I.DIED_ON.value: said.died_on.isoformat() if said.died_on else "",
        I.DISABILITY.value: _yes(said, "disability"), I.DIBAO.value: _yes(said, "dibao"),
        I.CHRONIC.value: _yes(said, "chronic"),
        I.CERTIFICATE_GRADE.value: GRADES.get(said.certificate_grade or 0, ""),
    }  # fmt: skip


def our_person(patient: Patient, county: Division, today: date) -> OurPerson | None:
    """One of them; the patient came through a door."""
    said = snapshot_of(patient, county, today)
    return _of(said, patient.pk, patient.duty_township, patient.closed_on) if said else None


def shown(item: InboundItem, word: str) -> str:
    """As a card shows it. A disability certificate is numbered by the ID number, kind and grade."""
    return mask_id(word) if item in (I.ID_NUMBER, I.CERTIFICATE_NUMBER) else word
