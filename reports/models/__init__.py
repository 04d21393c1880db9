from reports.models.freeze import Freeze, FreezePart
from reports.models.meeting import Meeting, MeetingSeat
from reports.models.plan import AdoptedPlan
from reports.models.quarter import QuarterChange, QuarterCount
from reports.models.report import PlanReport
from reports.models.reported import EvidenceFile, ReportedValue
from reports.models.task import Task, TaskNote, TaskParty

__all__ = [
    "AdoptedPlan",
    "EvidenceFile",
    "Freeze",
    "FreezePart",
    "Meeting",
    "MeetingSeat",
    "PlanReport",
    "QuarterChange",
    "QuarterCount",
    "ReportedValue",
    "Task",
    "TaskNote",
    "TaskParty",
]
