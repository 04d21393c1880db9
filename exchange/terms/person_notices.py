"""单人告知: one person told to single offices, at once and outside of the periods."""

from django.db.models import TextChoices

from exchange.terms.templates import Situation


class PersonNoticeState(TextChoices):
    """Source: issue 4, Build 1 (templates with rhythm 随时)."""

    PENDING = "pending", "待发出"
    PROPOSED = "proposed", "待另一人签发"
    SENT = "sent", "已发出"
    DECLINED = "declined", "不发出"
    DROPPED = "dropped", "已作废"
    WITHDRAWN = "withdrawn", "已收回"
    ENDED = "ended", "已结束"


class CopyEnded(TextChoices):
    """Why an office no longer reads its copy; the label is the sentence on its card."""

    EXPIRED = "expired", "查看期限已到"
    WITHDRAWN = "withdrawn", "发出单位已收回，不再使用"
    CORRECTED = "corrected", "已由更正后的告知代替"
    FELL = "fell", "有关预警已解除"
    BACK = "back", "外出或失访已结束"
    MOVED = "moved", "已转到其他乡镇"
    CLOSED = "closed", "档案已结案"


# Told at once; everything else goes in packages.
AT_ONCE = (
    Situation.URGENT, Situation.SUDDEN_CHANGE, Situation.LOST_REPORT, Situation.FLOW, Situation.DISCHARGE,
)  # fmt: skip
# What the work list says of each while it waits.
WAITING_WORDS = {
    Situation.SUDDEN_CHANGE: "病情突变告知待发出",
    Situation.LOST_REPORT: "失访（死亡）登记表待发出",
    Situation.FLOW: "流动告知待发出",
    Situation.DISCHARGE: "出院告知待发出",
}
