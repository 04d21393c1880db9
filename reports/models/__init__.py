from reports.models.freeze import Freeze, FreezePart
from reports.models.plan import AdoptedPlan
from reports.models.quarter import QuarterChange, QuarterCount
from reports.models.report import PlanReport
from reports.models.reported import ReportedValue

__all__ = ["AdoptedPlan", "Freeze", "FreezePart", "PlanReport", "QuarterChange", "QuarterCount", "ReportedValue"]
