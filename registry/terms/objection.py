"""异议 of a patient or guardian against what is told about the patient."""

from django.db.models import TextChoices


class ObjectionBy(TextChoices):
    PATIENT = "patient", "本人"
    GUARDIAN = "guardian", "监护人"
    RELATIVE = "relative", "其他近亲属"


class ObjectionAbout(TextChoices):
    SHARING = "sharing", "不同意把信息提供给其他单位"
    FACTS = "facts", "提供的内容不准确"
    OFFICE = "office", "对某个接收单位有异议"
