"""Questions of townships about a number that is on file, and the lines of 今日工作 about files that may be one."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from accounts.doors import can, where
from accounts.reach import reach_filter
from accounts.refusals import NotHere
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from registry.models import IdCheck, MergeProposal, Patient
from registry.queries.duplicates import open_proposals
from registry.rules.masking import mask_id, mask_name
from registry.terms import IdCheckState, MergeState

if TYPE_CHECKING:
    from accounts.models import User

AT_MOST = 20


@dataclass(frozen=True)
class CheckLine:
    """One question. `patient` only where the reader's own reach holds the file: elsewhere nobody is told."""

    check: IdCheck
    number: str
    name: str
    patient: Patient | None


def checks_for(user: "User") -> list[CheckLine]:
    """Open ones first, then the newest answers; of one's own townships or county. Two queries."""
    reach = where(user, Permission.REGISTER_PATIENT)
    mine = Q(township__in=reach.townships) | Q(county__in=reach.counties)
    rows = list(
        IdCheck.objects.filter(mine)
        .select_related("township", "asked_by", "answered_by")
        .order_by("-state", "-asked_at")[:100]
    )
    by_index = {bytes(row.number_index): row for row in rows}
    seen = {
        bytes(patient.id_index or b""): patient
        for patient in Patient.objects.visible_to(user).filter(id_index__in=list(by_index))
    }
    return [
        CheckLine(
            row, mask_id(str(row.number)), mask_name(str(row.name)) if row.name else "",
            seen.get(bytes(row.number_index)),
        )
        for row in rows
    ]  # fmt: skip


def access_check(user: "User", uuid: UUID) -> IdCheck | None:
    """A question within the answerer's county."""
    counties = where(user, Permission.SETTLE_ID_CHECK).counties
    return IdCheck.objects.filter(uuid=uuid, county__in=counties).first()


def access_proposal(user: "User", uuid: UUID) -> MergeProposal:
    """A proposal about a file within reach. Raises: NotHere."""
    reach = where(user, Permission.PROPOSE_MERGE)
    rows = MergeProposal.objects.filter(reach_filter(reach), uuid=uuid)
    found = rows.select_related("patient__village", "proposed_by", "decided_by", "undone_by").first()
    if found is None or found.state == MergeState.DIFFERENT:
        raise NotHere
    return found


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """For who confirms: merges that another proposed. For the county office: numbers to look up."""
    found: list[WorkItem] = []
    if can(user, Permission.CONFIRM_MERGE):
        reach = where(user, Permission.CONFIRM_MERGE)
        found += [
            WorkItem(
                topic=Topic.REVIEWS, verb="核对合并", href=reverse("registry:merge", args=[row.uuid]),
                name=row.patient.name, place="", urgency=Urgency.SOON, due_on=None, person=row.patient.uuid,
                why=f"{row.proposed_by.display_name}提出与 {row.other_number:05d} 号合并",
            )
            for row in open_proposals(reach.townships, reach.counties)[:AT_MOST]
            if row.proposed_by_id != user.pk
        ]  # fmt: skip
    if can(user, Permission.SETTLE_ID_CHECK):
        counties = where(user, Permission.SETTLE_ID_CHECK).counties
        rows = IdCheck.objects.filter(county__in=counties, state=IdCheckState.WAITING).select_related("township")
        found += [
            WorkItem(
                topic=Topic.REVIEWS, verb="核对证件号", href=reverse("registry:id_checks"),
                name=f"{row.township.name}登记的证件号", place=row.township.name, due_on=None, urgency=Urgency.SOON,
                why="登记时发现已在册，等县级答复",
            )
            for row in rows.order_by("asked_at")[:AT_MOST]
        ]  # fmt: skip
    return found
