"""Who may be named for a task: people whose post today lets them work on it where it lies."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Assignment, User
from accounts.terms import ROLES, Permission, Role
from reports.models import Task

WORKERS = tuple(role for role, facts in ROLES.items() if Permission.WORK_TASK in facts.permissions)


def may_be_named(task: Task, today: date) -> QuerySet[User]:
    """Of a department only where it has a part in the task."""
    kinds = task.parties.values("kind")
    posts = Assignment.objects.live(today).filter(division=task.area, role__in=WORKERS)
    posts = posts.filter(~Q(role=Role.DEPARTMENT) | Q(user__agency__kind__in=kinds))
    rows = User.objects.filter(is_active=True, pk__in=posts.values("user")).select_related("agency")
    return rows.order_by("agency__name", "display_name", "pk")
