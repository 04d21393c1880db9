"""Who stands around a patient on a day, in one answer: for the patient's page, the visit sheet and other rooms."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.queries.policy import policies
from registry.models import (
    Companion,
    EconomicStatus,
    Guardian,
    Guardianship,
    GuardianTraining,
    Patient,
    PsychiatristLink,
    SocialFact,
)
from registry.queries.person import guardian_on
from registry.rules.around import ASSISTANT, GUARDIAN, Drawn, assistants_wanted, drawn_by, helper_gaps, in_force
from registry.terms import CompanionRole, SocialKind


@dataclass(frozen=True)
class Around:
    guardian: Guardian | None
    assistants: list[Companion]
    helpers: dict[str, Companion]  # by CompanionRole
    gaps: tuple[CompanionRole, ...]  # helpers nobody is named for
    assistants_missing: int
    guardianship: Guardianship | None
    psychiatrist: User | None
    social: list[SocialFact]
    poor: bool | None

    @property
    def is_weakly_guarded(self) -> bool:
        """No guardian, or a state other than 有效监护: for joint visits and colours. Source: practice of counties."""
        return self.guardian is None or (self.guardianship is not None and self.guardianship.state != "effective")

    @property
    def payees(self) -> list[Guardian | Companion]:
        people: list[Guardian | Companion] = [*([self.guardian] if self.guardian else []), *self.assistants]
        return [one for one in people if one.payee]


def around(patient: Patient, on: date) -> Around:
    """Guardian, assistants, helpers, state, psychiatrist and social facts as they hold on `on`. Seven queries."""
    companions = in_force(Companion.objects.filter(patient=patient, starts_on__lte=on), on)
    companions.sort(key=lambda row: (row.starts_on, row.pk))
    assistants = [row for row in companions if row.role == CompanionRole.ASSISTANT]
    helpers = {row.role: row for row in companions if row.role != CompanionRole.ASSISTANT}
    states = Guardianship.objects.filter(patient=patient, starts_on__lte=on).order_by("-starts_on")
    economies = EconomicStatus.objects.filter(patient=patient, starts_on__lte=on).order_by("-starts_on")
    rules = policies(patient.duty_county, on)
    return Around(
        guardian=guardian_on(patient, on),
        assistants=assistants,
        helpers=helpers,
        gaps=helper_gaps(helpers),
        assistants_missing=assistants_wanted(
            patient.last_level,
            len(assistants),
            from_level=rules["assistants_from_level"],
            wanted=rules["assistants_wanted"],
        ),
        guardianship=states.first(),
        psychiatrist=psychiatrist_for(patient, on),
        social=social_on(patient, on),
        poor=economies.values_list("poor", flat=True).first(),
    )


def social_on(patient: Patient, on: date) -> list[SocialFact]:
    """The newest row of each kind, in the order of the vocabulary."""
    rows = SocialFact.objects.filter(patient=patient, starts_on__lte=on).order_by("kind", "-starts_on")
    order = {kind: place for place, kind in enumerate(SocialKind.values)}
    return sorted(rows.distinct("kind"), key=lambda row: order[row.kind])


def psychiatrist_for(patient: Patient, on: date) -> User | None:
    """对口联系: the village's own, else the township's. Source: 邹城 二(四), 滕州 三(五)."""
    places = [pk for pk in (patient.village_id, patient.duty_township) if pk]
    rows = PsychiatristLink.objects.filter(division__in=places, starts_on__lte=on).select_related(
        "psychiatrist__agency"
    )
    found = {row.division_id: row.psychiatrist for row in rows.order_by("starts_on")}
    return next((found[pk] for pk in places if found.get(pk)), None)


def drawn(patient: Patient, *, guardian: bool = True) -> list[Drawn]:
    """Who draws the guardian's allowance and when; without `guardian` only the assistants."""
    found: list[Drawn] = drawn_by(Guardian.objects.filter(patient=patient), GUARDIAN) if guardian else []
    threads: dict[str, list[Companion]] = {}
    for row in Companion.objects.filter(patient=patient, role=CompanionRole.ASSISTANT):
        threads.setdefault(row.slot, []).append(row)
    return [*found, *(one for rows in threads.values() for one in drawn_by(rows, ASSISTANT))]


def companions_ever(patient: Patient) -> list[Companion]:
    """Every row, newest first: who was there before."""
    return list(Companion.objects.filter(patient=patient).order_by("-starts_on", "-pk"))


def guardians_before(patient: Patient, present: Guardian | None) -> list[Guardian]:
    """Who was guardian before the present one, newest first."""
    rows = Guardian.objects.filter(patient=patient, ended=False).order_by("-starts_on")
    return [row for row in rows if present is None or row.pk != present.pk]


def trainings_of(patient: Patient) -> list[GuardianTraining]:
    return list(GuardianTraining.objects.filter(patient=patient).order_by("-starts_on", "-pk"))
