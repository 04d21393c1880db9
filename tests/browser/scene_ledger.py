"""Tasks and meetings of the demo county that the pages name."""

from functools import cached_property
from uuid import UUID

from accounts.models import User
from reports.models import Finding, Measure, Meeting, Supervision, Task
from reports.terms import FindingState, MeetingState, Rung, TaskState

COMMISSION, DEPARTMENT, LEADER = "commission1", "department1", "leader1"
# name of the page, who looks at it, its address and what of the scene stands in it (":x" is x itself)
LEDGER: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("tasks", COMMISSION, "tasks", {}),
    ("tasks-department", DEPARTMENT, "tasks", {}),
    ("task", COMMISSION, "task", {"uuid": "given_task"}),
    ("task-note", DEPARTMENT, "task_note", {"uuid": "department_task"}),
    ("task-give", COMMISSION, "task_give", {"uuid": "given_task"}),
    ("task-person", COMMISSION, "task_name", {"uuid": "given_task"}),
    ("task-return", COMMISSION, "task_because", {"uuid": "reported_task", "act": ":return"}),
    ("meetings", COMMISSION, "meetings", {}),
    ("meeting-new", COMMISSION, "meeting_new", {}),
    ("meeting", COMMISSION, "meeting", {"uuid": "held_meeting"}),
    ("meeting-minutes", COMMISSION, "meeting_minutes", {"uuid": "called_meeting"}),
    ("meeting-resolution", COMMISSION, "meeting_resolution", {"uuid": "held_meeting"}),
    ("meeting-cancel", COMMISSION, "meeting_cancel", {"uuid": "called_meeting"}),
    ("annual", COMMISSION, "annual", {}),
    ("briefing", COMMISSION, "briefing", {}),
    ("outline", "office1", "outline", {}),
    ("supervisions", COMMISSION, "supervisions", {}),
    ("supervisions-township", LEADER, "supervisions", {}),
    ("supervision-new", COMMISSION, "supervision_new", {}),
    ("supervision", COMMISSION, "supervision", {"uuid": "listed_supervision"}),
    ("finding-new", COMMISSION, "finding_new", {"uuid": "listed_supervision"}),
    ("finding", COMMISSION, "finding", {"uuid": "late_finding"}),
    ("finding-answer", LEADER, "finding_answer", {"uuid": "open_finding"}),
    ("finding-return", COMMISSION, "finding_return", {"uuid": "reported_finding"}),
    ("finding-withdraw", COMMISSION, "finding_withdraw", {"uuid": "open_finding"}),
    ("measure-new", COMMISSION, "measure_new", {"uuid": "interviewed_finding", "rung": ":listing"}),
    ("measure", COMMISSION, "measure", {"uuid": "veto"}),
    ("measure-end", COMMISSION, "measure_end", {"uuid": "veto", "act": ":lift"}),
)


class LedgerScene:
    @cached_property
    def given_task(self) -> UUID:
        return Task.objects.filter(parent=None, given__isnull=False)[0].uuid

    @cached_property
    def department_task(self) -> UUID:
        kind = User.objects.get(username="department1").agency.kind
        return Task.objects.filter(parties__kind=kind, state=TaskState.WORKING, meeting__isnull=False)[0].uuid

    @cached_property
    def reported_task(self) -> UUID:
        return Task.objects.get(state=TaskState.REPORTED).uuid

    @cached_property
    def held_meeting(self) -> UUID:
        return Meeting.objects.filter(state=MeetingState.HELD).order_by("-held_on")[0].uuid

    @cached_property
    def called_meeting(self) -> UUID:
        return Meeting.objects.get(state=MeetingState.CALLED).uuid

    @cached_property
    def listed_supervision(self) -> UUID:
        """Of the leader's own township, with a listing that runs."""
        place = User.objects.get(username=LEADER).assignments.get().division
        return Supervision.objects.get(place=place, findings__rung=Rung.LISTING).uuid

    @cached_property
    def open_finding(self) -> UUID:
        place = User.objects.get(username=LEADER).assignments.get().division
        return Finding.objects.filter(place=place, state=FindingState.OPEN, rung="").order_by("due_on")[0].uuid

    @cached_property
    def late_finding(self) -> UUID:
        """No step has been taken, the first one is open."""
        return Finding.objects.filter(state=FindingState.OPEN, rung="").order_by("due_on")[0].uuid

    @cached_property
    def reported_finding(self) -> UUID:
        return Finding.objects.get(state=FindingState.REPORTED).uuid

    @cached_property
    def interviewed_finding(self) -> UUID:
        return Finding.objects.get(rung=Rung.INTERVIEW).uuid

    @cached_property
    def veto(self) -> UUID:
        return Measure.objects.get(rung=Rung.VETO).uuid
