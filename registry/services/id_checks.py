"""A number that is on file where the asker cannot look: the same sentence for everybody, and a task for the county.

Source: security T8: the answer is neutral, the county decides; nobody below it learns whether or where.
"""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import where
from accounts.models import User
from accounts.refusals import Denied, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from registry.models import IdCheck, Patient
from registry.queries.places import Place
from registry.services.identity import id_index
from registry.terms import IdCheckState


class _AskedAlready(Refused):
    """One open question per township and number is enough."""


def ask_county(*, number: str, name: str, place: Place, by: User) -> None:
    """Make the county's task, unless the file is within the asker's own reach. Called when IdKnown is about to be said.

    Source: security T8. Raises: nothing that would tell more than the sentence does.
    """
    index = id_index(number)
    if Patient.objects.visible_to(by).filter(id_index=index).exists():
        return
    check = IdCheck(
        township_id=place.township, county_id=place.county, number=number, number_index=index, name=name or None,
        asked_by=by,
    )  # fmt: skip
    try:
        with refusing("idcheck_one_open", _AskedAlready()):
            check.save(force_insert=True)
    except _AskedAlready:
        return
    audit.record("registry.id_check.asked", check, by=by)


@transaction.atomic
def answer_check(*, check: IdCheck, answer: str, by: User) -> None:
    """The county says what to do; the township reads the answer. Raises: Denied, Refused."""
    if check.county_id not in where(by, Permission.SETTLE_ID_CHECK).counties:
        raise Denied
    check = IdCheck.objects.select_for_update().get(pk=check.pk)
    if check.state != IdCheckState.WAITING:
        raise Refused("这一条已经答复过了。")
    if not answer:
        raise Refused("请写明怎样办理。", field="answer")
    check.state, check.answer, check.answered_by, check.answered_at = IdCheckState.SETTLED, answer, by, timezone.now()
    check.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit.record("registry.id_check.answered", check, by=by, because=answer)
