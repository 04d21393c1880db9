"""A package as its own office sees it: its file, and how the receipts for it stand. Views of the owner, numbers only."""

from typing import ClassVar

from django.db import models

from accounts.terms import FieldGroup
from exchange.models.package_receipt import COUNTS
from exchange.terms import PackageState, RefusedBecause, RowVerdict, Situation


class MyPackage(models.Model):
    """A package that was released to the office of the transaction. Its rows lie in the file."""

    uuid = models.UUIDField()
    agency_id = models.BigIntegerField()
    agency_name = models.CharField(max_length=80)
    county_id = models.BigIntegerField()
    county_name = models.CharField(max_length=80)
    situation = models.CharField(max_length=14, choices=Situation)
    period = models.CharField(max_length=6)
    version = models.PositiveSmallIntegerField()
    is_correction = models.BooleanField()
    state = models.CharField(max_length=9, choices=PackageState)
    released_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    archive_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()  # of the file, totals and removals among them
    sections = models.JSONField()
    expires_at = models.DateTimeField(null=True)
    most = models.PositiveSmallIntegerField(null=True)
    used = models.PositiveIntegerField()
    lists = models.JSONField()  # [[kind, rows], ...] in the package's order
    sent = models.PositiveIntegerField()  # rows that a receipt can name
    matched = models.PositiveIntegerField()
    unmatched = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    pending = models.PositiveIntegerField()
    receipts = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True)

    privacy: ClassVar = dict.fromkeys(
        (
            "id", "uuid", "agency_id", "agency_name", "county_id", "county_name", "situation", "period", "version",
            "is_correction", "state", "released_at", "ended_at", "archive_sha256", "rows", "sections", "expires_at",
            "most", "used", "lists", *COUNTS, "receipts", "closed_at",
        ),
        FieldGroup.TECHNICAL,
    )  # fmt: skip

    class Meta:
        managed = False
        db_table = "exchange_mypackage"

    def __str__(self) -> str:
        return f"{self.period} {self.get_situation_display()}"

    @property
    def takes_receipts(self) -> bool:
        return self.state != PackageState.RECALLED and self.closed_at is None


class MyPackageRow(models.Model):
    """The newest word about a row, for the office that gave it. Rows without one are not here."""

    package = models.ForeignKey(MyPackage, models.DO_NOTHING, related_name="said")
    serial = models.PositiveIntegerField()
    verdict = models.CharField(max_length=9, choices=RowVerdict)
    because = models.CharField(max_length=9, choices=RefusedBecause)
    number = models.PositiveIntegerField()

    privacy: ClassVar = dict.fromkeys(("id", "package", "serial", "verdict", "because", "number"), FieldGroup.TECHNICAL)

    class Meta:
        managed = False
        db_table = "exchange_mypackagerow"

    def __str__(self) -> str:
        return f"{self.serial} {self.verdict}"
