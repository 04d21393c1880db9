from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.models.agency import Agency
from accounts.models.division import Division
from accounts.models.fields import EncryptedTextField
from accounts.terms import SEPARATED_DUTIES, FieldGroup, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **facts: Any) -> "User":
        user = self.model(username=username, **facts)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # of django_otp's abstract device
    """账号: one person, one account. There is no superuser: what a person may do comes from dated assignments."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    username = models.CharField("用户名", max_length=40, unique=True)
    display_name = models.CharField("姓名", max_length=40)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="users", verbose_name="单位")
    phone = EncryptedTextField("手机", label="user.phone", null=True)
    is_active = models.BooleanField("可用", default=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now)
    last_seen_at = models.DateTimeField("最近使用", null=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["display_name"]

    privacy: ClassVar = dict.fromkeys(
        (
            "id uuid username display_name agency phone is_active created_at "
            "password_changed_at last_seen_at password last_login"
        ).split(),
        FieldGroup.TECHNICAL,
    )

    def __str__(self) -> str:
        return self.display_name

    # Django's and guardian's expectations; neither opens anything here.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def live(self, on: Any) -> "AssignmentQuerySet":
        """Holding on the day `on`: the last day counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class Assignment(models.Model):
    """任职: user, role, agency, division, from, until. A role dies at `ends_on`, checked at every request."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name="账号")
    role = models.CharField("角色", max_length=32, choices=Role)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="单位")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="负责区划")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期（含）", null=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="授予人")

    objects = AssignmentQuerySet.as_manager()
    privacy: ClassVar = dict.fromkeys(
        "id uuid user role agency division starts_on ends_on granted_by".split(), FieldGroup.TECHNICAL
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="assignment_ends_after_start"
            ),
            models.UniqueConstraint(fields=["user", "role", "division", "starts_on"], name="assignment_once"),
            ExclusionConstraint(  # 三权分立, also for whoever writes past the service. Source: GB/T 22239-2019 8.1.4.2
                name="no_two_separated_duties",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.NOT_EQUAL),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=sorted(role.value for role in SEPARATED_DUTIES)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.division}"
