"""Teams, links and staff of a place. None of these rows speaks of a patient; names and phones of people are sealed."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Division, EncryptedTextField
from accounts.terms import AgencyKind, FieldGroup
from registry.terms import Assessment, GroupKind


def _all(*names: str) -> dict[str, FieldGroup]:
    return dict.fromkeys(names, FieldGroup.TECHNICAL)


class ConsentText(models.Model):
    """知情同意书的文本. A version once used is never changed: another text is another version."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    version = models.CharField("版本", max_length=20)
    starts_on = models.DateField("启用日期")
    body = models.TextField("正文", max_length=4000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发布人")

    privacy: ClassVar = _all("id", "uuid", "county", "version", "starts_on", "body", "made_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "version"], name="consenttext_version_once"),
            models.UniqueConstraint(fields=["county", "starts_on"], name="consenttext_day_once"),
        ]

    def __str__(self) -> str:
        return self.version


class CareGroup(models.Model):
    """综合管理小组、关爱帮扶小组、收治小组 of one place. `division`: its township, village or county."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=10, choices=GroupKind)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="所在区划")
    starts_on = models.DateField("成立日期")

    privacy: ClassVar = _all("id", "uuid", "kind", "division", "starts_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "division"], name="caregroup_once")]

    def __str__(self) -> str:
        return f"{self.division}{self.get_kind_display()}"


class GroupMember(models.Model):
    """成员, a thread by `slot`: a row holds until the next of its slot begins; `ended` closes it."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    group = models.ForeignKey(CareGroup, models.PROTECT, related_name="members", verbose_name="小组")
    slot = models.UUIDField("位置", default=uuid4)
    starts_on = models.DateField("开始日期")
    ended = models.BooleanField("不再担任", default=False)
    name = EncryptedTextField("姓名", label="groupmember.name")
    phone = EncryptedTextField("电话", label="groupmember.phone", null=True)
    agency_kind = models.CharField("所属部门", max_length=24, choices=AgencyKind)
    post = models.CharField("职务", max_length=40, blank=True)
    leads = models.BooleanField("组长", default=False)

    privacy: ClassVar = _all(
        "id", "uuid", "group", "slot", "starts_on", "ended", "name", "phone", "agency_kind", "post", "leads"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "slot", "starts_on"], name="groupmember_once")]

    def __str__(self) -> str:
        return str(self.uuid)


class PsychiatristLink(models.Model):
    """精神科医师对口联系 of a village or township: one at a time; no psychiatrist in a row means the link ended."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="村（社区）或乡镇")
    starts_on = models.DateField("开始日期")
    psychiatrist = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="精神科医师"
    )

    privacy: ClassVar = _all("id", "uuid", "division", "starts_on", "psychiatrist")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "starts_on"], name="psychiatristlink_once")]

    def __str__(self) -> str:
        return f"{self.division} {self.starts_on}"


class StaffMember(models.Model):
    """精防人员 of a township, a thread by `slot`. Units of `share`: per cent of a full-time post."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="乡镇（街道）")
    slot = models.UUIDField("位置", default=uuid4)
    starts_on = models.DateField("开始日期")
    ended = models.BooleanField("离岗", default=False)
    name = EncryptedTextField("姓名", label="staffmember.name")
    phone = EncryptedTextField("电话", label="staffmember.phone", null=True)
    post = models.CharField("岗位或资质", max_length=40, blank=True)
    share = models.PositiveSmallIntegerField("折合全职（%）")

    privacy: ClassVar = _all("id", "uuid", "township", "slot", "starts_on", "ended", "name", "phone", "post", "share")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "starts_on"], name="staffmember_once"),
            models.CheckConstraint(condition=Q(share__range=(1, 100)), name="staffmember_share_1_to_100"),
        ]
        indexes = [models.Index(fields=["township"], name="staffmember_by_township")]

    def __str__(self) -> str:
        return str(self.uuid)


class StaffYear(models.Model):
    """培训学时 and 考核 of one staff thread in one year. Units: hours."""

    slot = models.UUIDField("位置")
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="乡镇（街道）")
    year = models.PositiveSmallIntegerField("年份")
    hours = models.DecimalField("培训学时", max_digits=5, decimal_places=1)
    result = models.CharField("考核", max_length=10, choices=Assessment, blank=True)

    privacy: ClassVar = _all("id", "slot", "township", "year", "hours", "result")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "year"], name="staffyear_once")]

    def __str__(self) -> str:
        return f"{self.slot} {self.year}"
