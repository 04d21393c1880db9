"""Vocabulary of the agreement with a guardian, and of what a quarterly word on duty looks at."""

from django.db.models import TextChoices


class NamedBy(TextChoices):
    """Who made this person the guardian. Source: 邹城 二(七) (a family that cannot: the village or the work unit)."""

    FAMILY = "family", "家属（法定监护人）"
    VILLAGE = "village", "村（居）委会指定"
    WORK_UNIT = "work_unit", "单位指定"


class AgreementEnd(TextChoices):
    """Why an agreement ended before its term. Source: practice.md A1 (design), A2 (变更、终止)."""

    RENEWED = "renewed", "由新协议接替"
    GUARDIAN_CHANGED = "guardian_changed", "监护人变更"
    DIED = "died", "患者死亡"
    MOVED = "moved", "患者迁出"
    EXCLUDED = "excluded", "排除诊断"
    WITHDRAWN = "withdrawn", "自愿放弃"
    FALSE_PAPERS = "false_papers", "提供虚假材料"
    MISTAKEN = "mistaken", "登记有误"


class DutyFailure(TextChoices):
    """What was not done in a quarter. Source: practice.md A2 (看护管理记录手册), 河北 2016 (八项职责)."""

    MEDICINE = "medicine", "没有督促服药"
    VISITS = "visits", "不配合随访"
    REPORTING = "reporting", "病情变化、失踪或迁居没有报告"
    WATCHING = "watching", "看护不到位"
    INCIDENT = "incident", "未履行职责致患者肇事肇祸"
    OTHER = "other", "其他（在说明里写明）"
