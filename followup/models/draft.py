from typing import ClassVar

from django.db import models

from accounts.models import Placed, SealedJSONField, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from registry.models import Patient


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User) -> "DraftQuerySet":
        return self.filter(in_reach(user))


class Draft(Placed):
    """草稿: a visit form as somebody left it. It counts nowhere and tells nobody; saving the visit removes it.

    One per person and patient. `uuid` is made of user, patient and form, and the content is sealed under it.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="drafts", verbose_name="患者")
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填写人")
    form_id = models.UUIDField("表单号", unique=True)
    tab = models.UUIDField("窗口")  # the page that wrote last
    version = models.PositiveIntegerField("次数", default=1)
    content = SealedJSONField("内容", label="followup_draft.content")
    started_at = models.DateTimeField("开始")
    saved_at = models.DateTimeField("暂存")
    expires_at = models.DateTimeField("保留到", db_index=True)

    objects = DraftQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "tab", "version", "kept_by", "started_at", "saved_at", "expires_at",
             "duty_township", "duty_county", "at_township"),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "content": FieldGroup.CLINICAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "kept_by"], name="draft_one_each")]
        indexes = [models.Index(fields=["kept_by", "-saved_at"], name="draft_of_person")]

    def __str__(self) -> str:
        return str(self.uuid)
