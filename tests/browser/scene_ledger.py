"""Tasks and meetings of the demo county that the pages name."""

from functools import cached_property
from uuid import UUID

from accounts.models import User
from reports.models import Meeting, Task
from reports.terms import MeetingState, TaskState

COMMISSION, DEPARTMENT = "commission1", "department1"
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
