"""Lists of other agencies in the demo county: one of the police half worked, one of the dead just compared, the national
platform's export, and one of the judicial office that is answered.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.people import id_number
from config.demo.staff import DemoAccount
from exchange.models import Difference, InboundList
from exchange.queries.inbound import kinds
from exchange.rules.differences import Finding
from exchange.rules.inbound_sequence import periods_offered
from exchange.services.answering import answer_due
from exchange.services.differences import answer_difference
from exchange.services.inbound import Handed, draft_list, send_list
from exchange.services.inbound_comparing import compare_due
from exchange.services.late_differences import escalate_differences
from exchange.terms import Conclusion, Evidence, InboundKind, RowClass
from registry.models import Patient

SAME, OTHER_PHONE = 6, 2
CORRECTED = ("向大山", "谭小河", "罗远志", "龚来顺", "冉德厚", "田光明")
BORN = date(1979, 3, 2)


def fill(county: Division, accounts: Sequence[DemoAccount], *, by: User, today: date) -> int:
    """How many differences there are. Whom the lists name is read in the county's reach."""
    names = {account.role: account.username for account in reversed(accounts)}
    police, civil, judicial, worker = (
        User.objects.select_related("agency").get(username=names[role])
        for role in ("county_police", "county_civil_affairs", "judicial", "township_worker")
    )
    town = worker.assignments.get().division
    with scope(by):
        calm = Patient.objects.filter(duty_county=county.pk, closed_on=None, id_index__isnull=False).order_by("number")
        here = list(calm.filter(duty_township=town.pk)[: OTHER_PHONE + 1])
        elsewhere = list(calm.exclude(duty_township=town.pk)[:SAME])
    if len(here) < OTHER_PHONE + 1:
        return 0
    *known, dead = here
    rows = [[one.name, str(one.id_number), "", ""] for one in elsewhere]
    rows += [[one.name, str(one.id_number), town.name, f"1990001{n:04d}"] for n, one in enumerate(known, 1)]
    for slot, name in enumerate(("向来福", "谭远方"), 14):
        rows.append([name, id_number(int(county.code), BORN, "1", slot), town.name, ""])
    _hand_in(police, InboundKind.POLICE_REGISTER, ["姓名", "身份证号", "所属乡镇", "联系电话"], rows, today)
    _hand_in(
        civil, InboundKind.DEATHS, ["姓名", "身份证号", "死亡日期"],
        [[dead.name, str(dead.id_number), today.isoformat()], ["向来福", id_number(int(county.code), BORN, "1", 16), today.isoformat()]],
        today,
    )  # fmt: skip
    _platform(by, town, today)
    strangers = [[name, id_number(int(county.code), BORN, "1", slot)] for slot, name in enumerate(CORRECTED, 20)]
    _hand_in(judicial, InboundKind.CORRECTION, ["姓名", "身份证号"], strangers, today)
    compare_due()
    answer_due()  # nobody of the last one is anybody of ours
    with scope(worker):
        rest = Difference.objects.filter(township=town, found=RowClass.DIFFERS, of_death=False).order_by("pk")
        for one in rest[:1]:
            finding = Finding(Conclusion.THEIRS_WRONG, Evidence.PHONE, "与本人核对，现用号码以档案为准")
            answer_difference(difference=one, finding=finding, by=worker)
    _leave_lying(county, today)
    with scope(by):
        return Difference.objects.filter(inbound__in=InboundList.objects.filter(county=county)).count()


def _leave_lying(county: Division, today: date) -> None:
    """Some of what the police's register lacks has been with its townships for weeks."""
    with scope(counties=[county.pk]):
        rows = Difference.objects.filter(
            county=county, found=RowClass.ONLY_OURS, inbound__kind=InboundKind.POLICE_REGISTER
        )
        for days, one in zip((4, 4, 20, 25), rows.order_by("pk"), strict=False):
            one.due_on, one.opened_at = today - timedelta(days=days), timezone.now() - timedelta(days=days + 14)
            one.save(update_fields=["due_on", "opened_at"])
    escalate_differences()


LACKS, SAYS_OTHERWISE = 3, 4
MOST = 10_000  # a larger county gets no export: it is for tests of size


def _platform(by: User, town: Division, today: date) -> None:
    """The national platform's export: nearly everybody as here; of one township some are lacking, some have another
    phone, and one is nobody of ours."""
    county = by.assignments.get().division
    with scope(by):
        people = Patient.objects.filter(duty_county=county.pk, closed_on=None, id_index__isnull=False).order_by(
            "number"
        )
        if people.count() > MOST:
            return
        known = [(one.duty_township == town.pk, one.name, str(one.id_number), str(one.phone or "")) for one in people]
    here = [one for one in known if one[0]]
    lacking = {one[2] for one in here[-LACKS:]}
    otherwise = {one[2]: n for n, one in enumerate(here[LACKS : LACKS + SAYS_OTHERWISE], 1)}
    rows = [
        [name, number, f"1990002{otherwise[number]:04d}" if number in otherwise else phone, ""]
        for _here, name, number, phone in known
        if number not in lacking
    ]
    rows.append(["龚自明", id_number(int(county.code), BORN, "1", 17), "", town.name])
    _hand_in(by, InboundKind.NATIONAL, ["患者姓名", "身份证号码", "患者电话", "所属乡镇"], rows, today)


def _hand_in(by: User, kind: InboundKind, header: list[str], rows: list[list[str]], today: date) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    period = periods_offered(kinds()[kind].rhythm, today)[0].name
    said = Handed(str(by.agency.uuid), kind.value, 1, period)
    with scope(by):
        row = draft_list(handed=said, content=out.getvalue().encode(), name="名册.csv", by=by)
        send_list(uuid=row.uuid, seen=row.fingerprint, by=by)
