"""What the register tells the floors above, inside the transaction of the act (design decisions, E).

patient_moved     patient, on, from_township, to_township, from_county, to_county (division keys), by
patient_closed    patient, on, value (CareStatus), by, reopened (True when a mistaken closing was taken back)
admission_changed patient, on, in_hospital (bool), by; `visit` when a record said so, `admission` when the register did
guardian_changed  patient, guardian, by
custody_changed   patient, on, in_custody, by
consent_changed   patient, consent (Consent, or SharingConsent by its sender), by
objection_changed patient, by
whereabouts_changed patient, on, was, value (CareStatus; one of them 外出 or 失访), by, mistaken (True when it was taken back)

After a move the old office no longer sees the patient: `patient_moved` is sent under a scope that holds this patient.
"""

from django.dispatch import Signal

patient_moved = Signal()
patient_closed = Signal()
admission_changed = Signal()
guardian_changed = Signal()
custody_changed = Signal()
consent_changed = Signal()
objection_changed = Signal()
whereabouts_changed = Signal()
