from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models import Division, User
from accounts.terms import FieldGroup


class AreaOutline(models.Model):
    """乡镇轮廓 of a county, as the map draws it: paths by township code. Never changed; the newest one is drawn."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    area = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="地区")
    content = models.JSONField("轮廓")
    shapes = models.PositiveIntegerField("乡镇（街道）数")
    sha256 = models.CharField("文件摘要", max_length=64)
    source = models.CharField("来源", max_length=200)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    kept_at = models.DateTimeField("上传时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(["area", "content", "shapes", "sha256", "source"], FieldGroup.AGGREGATE),
        **dict.fromkeys(["id", "uuid", "kept_by", "kept_at"], FieldGroup.TECHNICAL),
    }

    class Meta:
        indexes = [models.Index(fields=["area", "-id"], name="outline_newest")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.kept_at:%Y-%m-%d}"
