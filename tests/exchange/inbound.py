"""Lists of other agencies as tests hand them in, and the worker that compares them."""

import csv
import io
from typing import Any

from django.utils import timezone

from accounts.scope import scope
from exchange.models import Difference, InboundList, OwnInbound
from exchange.queries.inbound import kinds, last_number
from exchange.rules.differences import Finding
from exchange.rules.inbound_sequence import periods_offered
from exchange.services.differences import answer_difference
from exchange.services.inbound import Handed, draft_list, send_list
from exchange.services.inbound_comparing import compare_due
from exchange.terms import Conclusion, Evidence, InboundKind
from registry.models import Clue
from tests import factories
from tests.conftest import TOWN_A


def csv_of(kind: InboundKind, rows: list[dict[str, str]]) -> bytes:
    columns = kinds()[kind].columns
    out = io.StringIO()
    lines = csv.writer(out)
    used = [item for item in columns if item in kinds()[kind].required or any(item.value in row for row in rows)]
    lines.writerow([str(item.label) for item in used])
    lines.writerows([[row.get(item.value, "") for item in used] for row in rows])
    return out.getvalue().encode()


def handed(by: Any, agency: Any, kind: InboundKind, number: int = 0, **more: Any) -> Handed:
    county = more.pop("county")
    with scope(by):
        number = number or last_number(agency, county, kind) + 1
    period = periods_offered(kinds()[kind].rhythm, timezone.localdate())[0].name
    return Handed(**{"agency": str(agency.uuid), "kind": kind.value, "number": number, "period": period, **more})


def draft(by: Any, agency: Any, county: Any, kind: InboundKind, rows: list[dict[str, str]], **more: Any) -> OwnInbound:
    name = more.pop("name", "名册.csv")
    content = more.pop("content", None) or csv_of(kind, rows)
    with scope(by):
        return draft_list(handed=handed(by, agency, kind, county=county, **more), content=content, name=name, by=by)


def send(by: Any, agency: Any, county: Any, kind: InboundKind, rows: list[dict[str, str]], **more: Any) -> OwnInbound:
    one = draft(by, agency, county, kind, rows, **more)
    with scope(by):
        return send_list(uuid=one.uuid, seen=one.fingerprint, by=by)


def compared(
    by: Any, agency: Any, county: Any, kind: InboundKind, rows: list[dict[str, str]], **more: Any
) -> InboundList:
    one = send(by, agency, county, kind, rows, **more)
    compare_due()
    return InboundList.objects.select_related("county", "agency").get(uuid=one.uuid)


def differences(county: Any) -> dict[str, Difference]:
    """Class and name -> what still goes on."""
    with scope(counties=[county.pk]):
        rows = Difference.objects.filter(state__in=("open", "answered")).select_related("patient", "township", "clue")
        return {f"{row.found} {row.patient.name if row.patient else row.said['name']}": row for row in rows}


def clues(county: Any) -> list[Clue]:
    with scope(counties=[county.pk]):
        return list(Clue.objects.select_related("township").order_by("pk"))


def by_police(lists: dict[str, Any], rows: list[dict[str, str]], **more: Any) -> InboundList:
    return compared(lists["police"], lists["police_office"], lists["county"], InboundKind.POLICE_REGISTER, rows, **more)


def row_of(patient: Any, **more: str) -> dict[str, str]:
    return {"name": patient.name, "id_number": str(patient.id_number), **more}


def stranger(name: str = "外来丁", serial: int = 901, **more: str) -> dict[str, str]:
    return {"name": name, "id_number": factories.id_number(serial=serial), "township": TOWN_A, **more}


def answer(
    by: Any, row: Difference, conclusion: str, words: str = "", evidence: Evidence = Evidence.HOME
) -> Difference:
    with scope(by):
        return answer_difference(difference=row, finding=Finding(Conclusion(conclusion), evidence, words), by=by)
