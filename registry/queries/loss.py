"""失访（死亡）患者登记表: what is on file for it. Source: 规范2018 §5.8; 表1-8 reason codes."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from accounts.terms import FieldGroup
from registry.models import Diagnosis, Patient, PatientStatus
from registry.queries.person import newest
from registry.queries.places import address_of
from registry.rules.masking import mask_id
from registry.terms import CareStatus

LOSS_GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.CLINICAL)
_PAPER = (CareStatus.LOST, CareStatus.REFUSED, CareStatus.DEAD)


@dataclass(frozen=True)
class LossPaper:
    name: str
    sex: str
    id_number: str  # masked: the rest is written by hand
    address: str
    diagnosis: str
    last_visit_on: date | None
    status: str
    on: date | None
    cause: str
    evidence: str


def loss_paper(patient: Patient) -> LossPaper:
    """At most four queries. Somebody neither lost nor dead gets the paper with these lines blank."""
    row = newest(PatientStatus, [patient.pk]).get(patient.pk)
    if row is not None and row.value not in _PAPER:
        row = None
    diagnosis = newest(Diagnosis, [patient.pk]).get(patient.pk)
    cause = ""
    if row is not None:
        said = (row.get_reason_code_display(), row.get_death_cause_display(), row.reason)
        cause = "；".join(word for word in said if word)
    return LossPaper(
        name=patient.name, sex=patient.get_sex_display(), id_number=mask_id(cast("str | None", patient.id_number)),
        address=address_of(patient), diagnosis=diagnosis.get_code_display() if diagnosis else "",
        last_visit_on=patient.last_visit_on, status=row.get_value_display() if row else "",
        on=row.starts_on if row else None, cause=cause, evidence=row.evidence if row else "",
    )  # fmt: skip
