from registry.models.address import Address, DutyCheck, IdentityStep
from registry.models.admission import Admission
from registry.models.around import Companion, FormSheet, Guardianship, GuardianTraining, SocialFact
from registry.models.card import DischargeNotice, ReportCard
from registry.models.clue import Clue, OwnClue
from registry.models.death_report import DeathReport
from registry.models.duplicates import IdCheck, MergedRow, MergeProposal
from registry.models.facts import Consent, Diagnosis, DutyPeriod, EconomicStatus, Guardian, PatientStatus
from registry.models.files import ExportRequest, ImportFile, ParkedChange
from registry.models.grant import PatientGrant
from registry.models.notice import Notice
from registry.models.objection import Objection
from registry.models.passage import AdmissionHelp, GreenChannel
from registry.models.patient import Patient
from registry.models.place import CaseNumber, IdQuestion, Population
from registry.models.referral import Referral, ReferralDestination
from registry.models.scan import Scan
from registry.models.sharing import SharingConsent
from registry.models.teams import CareGroup, ConsentText, GroupMember, PsychiatristLink, StaffMember, StaffYear
from registry.models.transfer import TemporaryFile, Transfer

__all__ = [
    "Address",
    "Admission",
    "AdmissionHelp",
    "CareGroup",
    "CaseNumber",
    "Clue",
    "Companion",
    "Consent",
    "ConsentText",
    "DeathReport",
    "Diagnosis",
    "DischargeNotice",
    "DutyCheck",
    "DutyPeriod",
    "EconomicStatus",
    "ExportRequest",
    "FormSheet",
    "GreenChannel",
    "GroupMember",
    "Guardian",
    "GuardianTraining",
    "Guardianship",
    "IdCheck",
    "IdQuestion",
    "IdentityStep",
    "ImportFile",
    "MergeProposal",
    "MergedRow",
    "Notice",
    "Objection",
    "OwnClue",
    "ParkedChange",
    "Patient",
    "PatientGrant",
    "PatientStatus",
    "Population",
    "PsychiatristLink",
    "Referral",
    "ReferralDestination",
    "ReportCard",
    "Scan",
    "SharingConsent",
    "SocialFact",
    "StaffMember",
    "StaffYear",
    "TemporaryFile",
    "Transfer",
]
