"""交换包: what one agency gets for one period."""

from django.db.models import TextChoices


class PackageState(TextChoices):
    """Source: issue 4, Build 4."""

    OPENED = "opened", "待准备"
    PREPARED = "prepared", "待签发"
    RELEASED = "released", "已签发"
    COLLECTED = "collected", "已领取"
    RECALLED = "recalled", "已收回"
    DROPPED = "dropped", "未签发作废"
