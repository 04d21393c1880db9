"""One installation of two that exchange through files: its own database, keys and people; its desk opens what comes.

Run as a program: `python -m tests.exchange.house`. Each line of input is {"act", …}, each line of output the answer or
{"broke": what went wrong}. Everything that it does to its database is done by the product's services, as the person
whose work it is. Only the desk is ours: the other office's own clerk, who lays a package's rows into a list.
"""

import base64
import csv
import io
import json
import os
import sys
import traceback
import zipfile
from typing import Any
from uuid import UUID, uuid4

Rows = dict[str, list[str]]  # by ID number: the cells of the template's list
# our list of the GB/T file: place of the column there -> name of it in a register that is handed in
COLUMNS = {
    0: "身份证号", 1: "姓名", 3: "性别", 4: "出生日期", 14: "联系电话", 16: "户籍地址", 18: "现住地址", 22: "监护人姓名",
    23: "监护人电话", 17: "所属乡镇", 29: "危险性等级",
}  # fmt: skip
TOWNS = ("东街道", "西镇")
REMOVED = "移除"
SERIAL = "行号"
SHARED = 6


class House:
    """`number` 1 or 2: both keep files about the first six people, and about two of their own."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.version = 0
        self.held: dict[int, Rows] = {0: {}}
        self.serials: dict[int, dict[str, str]] = {}  # version -> 行号 -> ID number
        self.lists: dict[int, UUID] = {}
        self.archives: dict[int, str] = {}

    # its people

    def found(self) -> dict[str, Any]:
        from datetime import date

        from django.utils import timezone

        from accounts.models import Assignment
        from accounts.terms import AgencyKind, Role
        from exchange.queries.agency_keys import own_key
        from exchange.rules.periods import ended_before
        from exchange.terms import Rhythm
        from tests import factories
        from tests.conftest import COUNTY, OFFICES, VILLAGE_A1, VILLAGE_B1, World
        from tests.exchange.conftest import save
        from tests.exchange.templates import in_force

        places = factories.make_places()
        factories.make_offices(*((kind, places[code]) for kind, code in OFFICES))
        self.world, county = World(places), places[COUNTY]
        office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
        self.clerk, self.privacy, self.commission = (
            factories.make_user(role, county, office)
            for role in (Role.EXCHANGE_CLERK, Role.PRIVACY_OFFICER, Role.COMMISSION)
        )
        self.reader, self.sender = self.world.county_political_legal, self.world.county_police
        Assignment.objects.update(ends_on=None)
        one = next(one for one in ended_before(timezone.localdate(), back=1) if one.rhythm is Rhythm.QUARTERLY)
        ago = (timezone.localdate() - one.last).days
        for serial in (*range(SHARED), 10 * self.number, 10 * self.number + 1):
            village = VILLAGE_B1 if serial % 3 == 2 else VILLAGE_A1
            born = date(1970, 1, 1)
            patient = self.world.patient(
                village, f"试验{'甲乙丙丁戊己庚辛'[serial % 8]}{serial}", born=born, opened_on=date(2024, 5, 6),
                id_number=factories.id_number(born, serial), household_address=f"老宅{serial}号",
            )  # fmt: skip
            save(self.world.worker_b if village == VILLAGE_B1 else self.world.worker, patient, 3 + serial % 2, ago + 5)
        in_force(county, "political_legal.standard", clerk=self.clerk, officer=self.privacy)
        self.county, self.period = county, one.name
        key = own_key()
        assert key
        return {"public_key": key.public_key}

    def know(self, public_key: str) -> dict[str, Any]:
        """The other house's key, entered by the county and confirmed by a second person."""
        from exchange.services.agency_keys import confirm_key, enter_key

        self.their_key = public_key
        confirm_key(key=enter_key(agency=self.reader.agency, public_key=public_key, by=self.clerk), by=self.privacy)
        return {}

    # what it sends

    def release(self) -> dict[str, Any]:
        """The quarter's package; from the second time on somebody has moved, and it is a correction."""
        from django.utils import timezone

        from accounts.scope import scope
        from exchange.models import Package
        from exchange.services.deltas import open_corrections
        from exchange.services.packages import sign_package
        from exchange.services.preparing import open_due, prepare_due
        from registry.models import Patient
        from registry.rules.person import PersonFacts
        from registry.services.changes import change_patient

        if self.version:
            with scope(self.world.worker):
                patient = Patient.objects.filter(duty_township=self.world.town_a.pk).order_by("pk")[self.version % 3]
                said = PersonFacts(residence_address=f"新址{self.number}第{self.version}号")
                change_patient(patient=patient, said=said, by=self.world.worker)
            assert open_corrections() == 1
        else:
            open_due(timezone.localdate())
            assert prepare_due() == 1
        package = Package.objects.select_related("county", "agency", "template").get(state="prepared")
        for by in (self.commission, self.privacy):
            with scope(by):
                package = sign_package(package=package, seen=package.content_sha256, by=by)
        self.version = package.version
        self.archives[package.version] = package.archive_sha256
        return {"version": package.version, "package": str(package.uuid)}

    def fetch(self, package: str) -> dict[str, Any]:
        """The officer fetches the encrypted file; when the three downloads are used up, the county opens it again."""
        from accounts.scope import scope, take_on
        from exchange.models import MyPackage, Package
        from exchange.services.delivery import renew_offer
        from exchange.services.delivery_fetching import CannotFetch
        from exchange.services.delivery_fetching import fetch as begin
        from exchange.terms import FetchWay

        renewed = ""
        for _turn in range(2):
            try:
                with scope(self.reader):
                    take_on(self.reader)
                    row = MyPackage.objects.get(uuid=package)
                    made = begin(package=row, way=FetchWay.API, by=self.reader)
                return {"name": made.name, "content": _text(b"".join(made.blocks())), "renewed": renewed}
            except CannotFetch as refusal:
                renewed = refusal.message
                renew_offer(package=Package.objects.select_related("county").get(uuid=package), by=self.clerk)
        raise AssertionError("renewed, and still not to be fetched")

    # what comes in

    def take(self, name: str, content: str) -> dict[str, Any]:
        """A package of the other house: opened, laid into a list, handed in under its number, compared by the worker."""
        from accounts.refusals import Refused
        from exchange.services.inbound import Handed, draft_list, send_list
        from exchange.services.inbound_comparing import compare_due
        from exchange.services.opening import opened
        from tests.exchange.conftest import as_partner

        try:
            plain, _name = opened(base64.b64decode(content), name)
            version, rows, serials = self._laid(plain)
            handed = Handed(str(self.sender.agency.uuid), "police_register", version, self.period)
            with as_partner(self.sender):
                draft = draft_list(handed=handed, content=_csv(rows), name="名册.csv", by=self.sender)
                new = draft.state == "draft"
                if new:
                    send_list(uuid=draft.uuid, seen=draft.fingerprint, by=self.sender)
        except Refused as refusal:
            return {"outcome": "refused", "words": refusal.message}
        compare_due()
        if new:
            self.held[version], self.serials[version], self.lists[version] = rows, serials, draft.uuid
        from hashlib import sha256

        digest = sha256(plain).hexdigest()
        return {"outcome": "taken" if new else "known", "version": version, "sha256": digest}

    def _laid(self, plain: bytes) -> tuple[int, Rows, dict[str, str]]:
        """Version, the whole list as it stands after this package, and whose each 行号 is."""
        with zipfile.ZipFile(io.BytesIO(plain)) as files:
            assert files.testzip() is None
            name = next(name for name in files.namelist() if name.endswith(".csv"))
            lines = list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"))))
        head, lines = lines[0], lines[1:]
        assert head[0] == SERIAL
        stem = name.removesuffix("-standard-changes.csv").removesuffix("-standard.csv")
        version = int(stem.rpartition("-v")[2]) if "-v" in stem else 1
        skip = 4 if "-changes" in name else 2
        rows: Rows = dict(self.held.get(version - 1, {})) if version > 1 else {}
        for line in lines:
            if skip == 4 and line[2] == REMOVED:
                rows.pop(line[skip], None)
            else:
                rows[line[skip]] = line[skip:]
        return version, rows, {line[0]: line[skip] for line in lines}

    def receipt(self, version: int, harm: str, seed: int) -> dict[str, Any]:
        """What the comparison of the list says of each row, as a receipt sheet sealed to the other house.

        `harm`: a careless clerk drops, repeats, mixes up, or mistypes lines before sealing.
        """
        import pyrage
        from django.utils import timezone

        from exchange.rules.receipts import issue_mark

        issue = issue_mark(timezone.now())
        lines = [[serial, *self._verdict(version, number), issue] for serial, number in self.serials[version].items()]
        if harm:
            from tests.exchange.courier import harm_lines

            harm_lines(lines, harm, seed)
        out = io.StringIO()
        csv.writer(out).writerows([[SERIAL, "结果", "退回原因", "说明", "填表编号"], *lines])
        sealed = pyrage.encrypt(out.getvalue().encode(), [pyrage.x25519.Recipient.from_str(self.their_key)])
        return {"name": f"回执-{version}.csv.age", "content": _text(sealed)}

    def _verdict(self, version: int, number: str) -> list[str]:
        from accounts.scope import scope
        from exchange.models import Difference

        with scope(counties=[self.county.pk]):
            rows = Difference.objects.filter(last_inbound__uuid=self.lists[version]).exclude(found="only_ours")
            found = {row.told["said"]["id_number"]: row.found for row in rows}.get(number)
        words = {None: ["一致", "", ""], "only_theirs": ["对不上", "", ""], "differs": ["退回", "资料有误", "地址不同"]}
        return words[found]

    def take_receipt(self, package: str, name: str, content: str) -> dict[str, Any]:
        """The other house's receipt, handed in by the officer; then the worker makes work of what was sent back."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        from accounts.refusals import Refused
        from exchange.queries.package_receipts import my_package
        from exchange.services.receiving import ReceiptRefused, read_file, send_receipt
        from exchange.services.refusals import follow_refusals
        from exchange.terms import ReceiptWay
        from tests.exchange.conftest import as_partner

        try:
            with as_partner(self.reader):
                row = my_package([self.reader.agency_id], UUID(package))
                assert row
                sheet = read_file(
                    package=row, file=SimpleUploadedFile(name, base64.b64decode(content)), name=name,
                )  # fmt: skip
                new = send_receipt(
                    package=row, said=sheet.said, way=ReceiptWay.FILE, form_id=sheet.form_id or uuid4(), by=self.reader,
                    issued=sheet.issued,
                )  # fmt: skip
        except ReceiptRefused as refusal:
            return {"outcome": "refused", "words": "；".join(one.sentence for one in refusal.wrong)}
        except Refused as refusal:
            return {"outcome": "refused", "words": refusal.message}
        follow_refusals()
        return {"outcome": "taken" if new else "known"}

    # what its books say

    def books(self) -> dict[str, Any]:
        """Balances of what was sent, numbers of what came, and what came twice."""
        from collections import Counter

        from accounts.scope import scope
        from exchange.models import Difference, InboundList, Package, PackageReceipt
        from exchange.queries.package_receipts import balance_of, numbered_rows
        from registry.models import Clue

        sent = {}
        with scope(counties=[self.county.pk]):
            for row in Package.objects.exclude(state="prepared").select_related("template"):
                said, rows = balance_of(row), len(list(numbered_rows(row)))
                sent[row.version] = [rows, said.sent, said.matched, said.unmatched, said.refused, said.pending]
            receipts = list(PackageReceipt.objects.values_list("sent", "matched", "unmatched", "refused", "pending"))
            came = list(InboundList.objects.exclude(state="draft").order_by("number"))
            keys = Counter(bytes(key) for key in Difference.objects.filter(equal_at=None).values_list("key", flat=True))
            clues = Counter(clue.report["id_number"] for clue in Clue.objects.all())
        return {
            "sent": sent, "receipts": receipts, "lists": [[one.number, one.rows, one.counts] for one in came],
            "doubled": [n for n in (*keys.values(), *clues.values()) if n > 1], "clues": sorted(clues),
        }  # fmt: skip

    def again(self) -> dict[str, Any]:
        """The plain archive of every release as it was signed, and as the command writes it now."""
        from accounts.scope import scope
        from exchange.models import Package
        from exchange.services.archives import write_archive

        with scope(counties=[self.county.pk]):
            rows = Package.objects.exclude(state="prepared").select_related("template", "agency", "county")
            return {"signed": self.archives, "now": {row.version: write_archive(row) for row in rows}}


def _csv(rows: Rows) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS.values())
    for cells in rows.values():
        words = [cells[place] for place in COLUMNS]
        words[-2] = next(town for town in TOWNS if words[-2].startswith(town))
        words[-1] = f"{int(words[-1]) - 1}级" if words[-1] else ""  # GB/T 31000: 01 is level 0
        lines.writerow(words)
    return out.getvalue().encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def main() -> None:
    import django

    django.setup()
    house = House(int(os.environ["HOUSE"]))
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = getattr(house, order.pop("act"))(**order)
        except Exception:
            answer = {"broke": traceback.format_exc()}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
