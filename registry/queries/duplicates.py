"""People who may be one: candidates while a file is opened, and pairs of files already on the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from accounts.crypto import blind_index
from accounts.models import Division
from accounts.reach import in_reach
from registry.models import Guardian, MergeProposal, Patient
from registry.models.patient import PatientQuerySet
from registry.queries.person import newest
from registry.queries.places import Place
from registry.rules.likeness import SHOWN, SUSPECTED, WORTH_A_LOOK, Likeness, Sketch, compare
from registry.rules.names import spell
from registry.rules.person import PersonFacts
from registry.terms import MergeState

if TYPE_CHECKING:
    from accounts.models import User

COMPARED_AT_MOST = 200
PAIRS_AT_MOST = 200
_SKETCHED = (
    "uuid", "number", "name", "pinyin", "sex", "birth_on", "duty_township", "duty_county", "village_id",
    "phone_index", "residence_address", "id_index", "closed_on", "opened_on", "last_level",
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    patient: Patient
    like: Likeness
    township: str


@dataclass(frozen=True)
class Pair:
    """Two files, the older one first."""

    first: Patient
    second: Patient
    like: Likeness
    places: tuple[str, str]


def sketch_of(facts: PersonFacts, place: Place | None) -> Sketch:
    """What a form says so far."""
    return Sketch(
        name=facts.name or "", pinyin=spell(facts.name).pinyin if facts.name else "", sex=facts.sex or "",
        birth_on=facts.birth_on, township=place.township if place else None, village=place.village if place else None,
        phone=blind_index("phone", facts.phone) if facts.phone else None,
        address=facts.residence_address or "", guardian=facts.guardian_name or "",
        number=blind_index("id_number", facts.id_number) if facts.id_number else None,
    )  # fmt: skip


def _sketch(patient: Patient, guardian: Guardian | None) -> Sketch:
    return Sketch(
        name=patient.name, pinyin=patient.pinyin, sex=patient.sex, birth_on=patient.birth_on,
        township=patient.duty_township, village=patient.village_id,
        phone=bytes(patient.phone_index) if patient.phone_index else None, address=patient.residence_address,
        guardian=guardian.name if guardian else "", number=bytes(patient.id_index) if patient.id_index else None,
    )  # fmt: skip


def candidates(patients: PatientQuerySet, said: Sketch) -> list[Candidate]:
    """At most five of these patients (within reach) that look like `said`, the likest first. Three queries."""
    alike = Q(pk__in=())
    if said.number:
        alike |= Q(id_index=said.number)
    if said.phone:
        alike |= Q(phone_index=said.phone)
    if said.pinyin:
        alike |= Q(pinyin=said.pinyin)
    if said.name and said.birth_on:
        alike |= Q(birth_on=said.birth_on)
    rows = list(patients.filter(alike).only(*_SKETCHED)[:COMPARED_AT_MOST])
    guardians = newest(Guardian, [row.pk for row in rows])
    scored = [(row, compare(said, _sketch(row, guardians.get(row.pk)))) for row in rows]
    best = sorted((one for one in scored if one[1].score >= WORTH_A_LOOK), key=lambda one: (-one[1].score, one[0].pk))
    towns = _towns(row.duty_township for row, _like in best[:SHOWN])
    return [Candidate(row, like, towns.get(row.duty_township, "")) for row, like in best[:SHOWN]]


def _towns(keys: Iterable[int]) -> dict[int, str]:
    return dict(Division.objects.filter(pk__in=set(keys)).values_list("pk", "name"))


# Files of the places given that share what two files of one person share; each half of the join uses an index.
_PAIRS = """
WITH near AS (SELECT id, pinyin, birth_on, phone_index, sex FROM registry_patient
              WHERE duty_township = ANY (%(towns)s) OR duty_county = ANY (%(counties)s))
SELECT a.id, b.id FROM near a JOIN near b ON a.pinyin = b.pinyin AND a.pinyin <> '' AND a.id < b.id
  AND (a.birth_on = b.birth_on OR abs(a.birth_on - b.birth_on) < 366 OR a.birth_on IS NULL OR b.birth_on IS NULL
       OR a.phone_index = b.phone_index
       OR (extract(month FROM a.birth_on), extract(day FROM a.birth_on))
        = (extract(month FROM b.birth_on), extract(day FROM b.birth_on)))
UNION
SELECT a.id, b.id FROM near a JOIN near b ON a.phone_index = b.phone_index AND a.birth_on = b.birth_on AND a.id < b.id
LIMIT 2000
"""


def suspected_pairs(townships: Iterable[int], counties: Iterable[int]) -> list[Pair]:
    """Pairs within these places that nobody has judged yet, the likest first. Six queries."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"towns": list(townships), "counties": list(counties)})
        keys = cursor.fetchall()
    rows = {row.pk: row for row in Patient.objects.filter(pk__in={k for pair in keys for k in pair}).only(*_SKETCHED)}
    guardians = newest(Guardian, rows)
    judged = _judged(rows)
    scored = []
    for one, two in keys:
        if one not in rows or two not in rows or frozenset((rows[one].uuid, rows[two].uuid)) in judged:
            continue
        like = compare(_sketch(rows[one], guardians.get(one)), _sketch(rows[two], guardians.get(two)))
        if like.score >= SUSPECTED:
            scored.append((like, rows[one], rows[two]))
    scored.sort(key=lambda found: (-found[0].score, found[1].pk, found[2].pk))
    towns = _towns(p.duty_township for _like, *both in scored[:PAIRS_AT_MOST] for p in both)
    return [
        Pair(a, b, like, (towns.get(a.duty_township, ""), towns.get(b.duty_township, "")))
        for like, a, b in scored[:PAIRS_AT_MOST]
    ]


def _judged(rows: dict[int, Patient]) -> set[frozenset[UUID]]:
    """Pairs that are proposed, merged, or said not to be one person."""
    states = (MergeState.PROPOSED, MergeState.MERGED, MergeState.DIFFERENT)
    found = MergeProposal.objects.filter(patient__in=rows, state__in=states).values_list("patient__uuid", "other")
    return {frozenset(pair) for pair in found}


def open_proposals(townships: Iterable[int], counties: Iterable[int]) -> list[MergeProposal]:
    """Waiting for a second person, oldest first."""
    places = Q(duty_township__in=list(townships)) | Q(duty_county__in=list(counties))
    rows = MergeProposal.objects.filter(places, state=MergeState.PROPOSED).select_related("patient", "proposed_by")
    return list(rows.order_by("proposed_at"))


def recent_merges(townships: Iterable[int], counties: Iterable[int]) -> list[MergeProposal]:
    """Merges and their undoings, newest first."""
    places = Q(duty_township__in=list(townships)) | Q(duty_county__in=list(counties))
    rows = MergeProposal.objects.filter(places, state__in=[MergeState.MERGED, MergeState.UNDONE])
    return list(rows.select_related("patient", "proposed_by", "decided_by").order_by("-decided_at")[:50])


def merged_into(user: "User", uuid: UUID) -> Any:
    """The uuid of the file that a merged one went into, where the user reaches that file; None otherwise."""
    rows = MergeProposal.objects.filter(in_reach(user), other=uuid, state=MergeState.MERGED)
    return rows.values_list("patient__uuid", flat=True).first()


def merged_numbers(patient: Patient) -> list[tuple[UUID, int]]:
    """Which files have gone into this one: their uuids and internal numbers, for the page and the trail."""
    rows = MergeProposal.objects.filter(patient=patient, state=MergeState.MERGED).order_by("decided_at")
    return list(rows.values_list("other", "other_number"))
