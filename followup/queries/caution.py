"""The facts of the warning before a home visit. The patient has come through a door."""

from datetime import date

from followup.models import Visit
from followup.queries.incidents import last_incident_on
from followup.rules.caution import HomeFacts
from registry.models import Patient
from registry.queries.person import guardian_on, guardianship_on


def home_facts(patient: Patient, today: date) -> HomeFacts:
    """Four small queries: the newest record, the newest incident, the guardian of today, how the guardianship stands."""
    newest = Visit.objects.complete().filter(patient=patient).newest_first().only("adherence").first()
    return HomeFacts(
        level=patient.last_level,
        last_class=patient.last_class,
        adherence=newest.adherence if newest else None,
        last_incident_on=last_incident_on(patient),
        past_danger=bool(patient.past_danger),
        has_guardian=guardian_on(patient, today) is not None,
        guardianship=guardianship_on(patient, today),
    )
