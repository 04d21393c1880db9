from reports.models.freeze import Freeze, FreezePart
from reports.models.meeting import Meeting, MeetingSeat
from reports.models.outline import AreaOutline
from reports.models.plan import AdoptedPlan
from reports.models.quarter import QuarterChange, QuarterCount
from reports.models.report import PlanReport
from reports.models.reported import EvidenceFile, ReportedValue
from reports.models.supervision import (
    Finding,
    FindingFile,
    FindingNote,
    Measure,
    MeasureFinding,
    Supervision,
)
from reports.models.task import Task, TaskNote, TaskParty

__all__ = [
    "AdoptedPlan",
    "AreaOutline",
    "EvidenceFile",
    "Finding",
    "FindingFile",
    "FindingNote",
    "Freeze",
    "FreezePart",
    "Measure",
    "MeasureFinding",
    "Meeting",
    "MeetingSeat",
    "PlanReport",
    "QuarterChange",
    "QuarterCount",
    "ReportedValue",
    "Supervision",
    "Task",
    "TaskNote",
    "TaskParty",
]
