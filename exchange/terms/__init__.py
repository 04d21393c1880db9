"""Vocabulary of what leaves the health side: cases, entries, receipts, ledger."""

from django.db.models import TextChoices

from accounts.terms import FieldGroup
from exchange.terms.delivery import ChangeKind as ChangeKind
from exchange.terms.delivery import ChangeReason as ChangeReason
from exchange.terms.delivery import FetchWay as FetchWay
from exchange.terms.delivery import KeyPurpose as KeyPurpose
from exchange.terms.delivery import KeySide as KeySide
from exchange.terms.delivery import KeyState as KeyState
from exchange.terms.delivery import Verdict as Verdict
from exchange.terms.inbound import SYSTEMS as SYSTEMS
from exchange.terms.inbound import Conclusion as Conclusion
from exchange.terms.inbound import DifferenceState as DifferenceState
from exchange.terms.inbound import Evidence as Evidence
from exchange.terms.inbound import InboundItem as InboundItem
from exchange.terms.inbound import InboundKind as InboundKind
from exchange.terms.inbound import InboundState as InboundState
from exchange.terms.inbound import Ours as Ours
from exchange.terms.inbound import RowClass as RowClass
from exchange.terms.inbound import Via as Via
from exchange.terms.items import DataItem as DataItem
from exchange.terms.packages import PackageState as PackageState
from exchange.terms.person_notices import AT_ONCE as AT_ONCE
from exchange.terms.person_notices import WAITING_WORDS as WAITING_WORDS
from exchange.terms.person_notices import CopyEnded as CopyEnded
from exchange.terms.person_notices import PersonNoticeState as PersonNoticeState
from exchange.terms.portal import Advice as Advice
from exchange.terms.portal import EmergencyAnswer as EmergencyAnswer
from exchange.terms.portal import EmergencyState as EmergencyState
from exchange.terms.receipts import Found as Found
from exchange.terms.receipts import ReceiptWay as ReceiptWay
from exchange.terms.receipts import RefusalState as RefusalState
from exchange.terms.receipts import RefusedBecause as RefusedBecause
from exchange.terms.receipts import RowVerdict as RowVerdict
from exchange.terms.receipts import Settled as Settled
from exchange.terms.templates import CLINICAL_SITUATIONS as CLINICAL_SITUATIONS
from exchange.terms.templates import ListKind as ListKind
from exchange.terms.templates import Rhythm as Rhythm
from exchange.terms.templates import Situation as Situation
from exchange.terms.templates import TemplateState as TemplateState


class CaseStatus(TextChoices):
    """State of an alert (预警): one open case per patient and receiving office. Source: decisions B19–B21."""

    PRELIMINARY = "preliminary", "待确认"
    CONFIRMED = "confirmed", "已确认"
    UNDER_REVIEW = "under_review", "复核中"
    CLOSED = "closed", "已解除"


OPEN = (CaseStatus.PRELIMINARY, CaseStatus.CONFIRMED, CaseStatus.UNDER_REVIEW)


class EntryKind(TextChoices):
    """What one entry tells the receiving office; the label is the sentence on its card."""

    RAISED = "raised", "危险性等级达到通报标准"
    RAISED_AGAIN = "raised_again", "有新的评估"
    MOVED = "moved", "患者已转到其他乡镇，请看新住址"
    INCIDENT = "incident", "有一起危险行为事件已经核实"
    LEFT = "left", "患者已外出，请协助留意"
    LOST = "lost", "患者暂时联系不上，正在寻找"
    FOUND = "found", "患者已返回或已联系上"
    CONFIRMED = "confirmed", "精神科医师已确认等级"
    LOWERED = "lowered", "评估有变化，正在复核"
    WITHDRAWN = "withdrawn", "原评估已更正，这条内容已收回"
    CLOSED = "closed", "这件预警已解除，内容已收回"
    ESCALATED = "escalated", "所属乡镇（街道）的同类单位超过期限没有签收，请督促"


# Entries with content of their own: each is a disclosure to a person at the receiving office.
DISCLOSING = frozenset({
    EntryKind.RAISED, EntryKind.RAISED_AGAIN, EntryKind.MOVED, EntryKind.INCIDENT, EntryKind.CONFIRMED,
    EntryKind.LEFT, EntryKind.LOST,
})  # fmt: skip
# Entries that take something back: acknowledged by the office like any other, followed by the sender until then.
RECALLING = frozenset({EntryKind.WITHDRAWN, EntryKind.CLOSED})


class SourceKind(TextChoices):
    """Where an entry comes from; with source and version it is unique within a case."""

    VISIT = "visit", "随访评估"
    DECISION = "decision", "精神科复核"
    MOVE = "move", "管辖变更"
    ENDING = "ending", "结案"
    INCIDENT = "incident", "事件"
    ABSENCE = "absence", "外出或失访"
    SILENCE = "silence", "超过期限"


class ClosedBecause(TextChoices):
    FELL = "fell", "危险性等级已下降"
    CONFIRMED_FALL = "confirmed_fall", "精神科医师确认等级下降"
    CORRECTED = "corrected", "评估已更正"
    MOVED = "moved", "已转到其他乡镇"
    ENDED = "ended", "已结案"
    INCIDENT_OVER = "incident_over", "事件已了结"
    BACK = "back", "已返回或已联系上"


class LedgerAct(TextChoices):
    """What a line of the disclosure ledger accounts for."""

    DISCLOSED = "disclosed", "通报"
    OPENED = "opened", "查看"
    RECALLED = "recalled", "收回"
    COLLECTED = "collected", "领取"


class LedgerWay(TextChoices):
    """By what a line of the ledger went out: what its number is a number of."""

    ALERT = "alert", "预警"
    NOTICE = "notice", "单人告知"
    JOINT = "joint", "协同随访"
    PACKAGE = "package", "交换包"
    PHONE = "phone", "现场紧急查询"


class Basis(TextChoices):
    """Legal basis of a disclosure; without one nothing can be released. Source: 个人信息保护法 §13, §34."""

    STATUTORY_DUTY = "statutory_duty", "履行法定职责"
    EMERGENCY = "emergency", "紧急情况"
    CONSENT = "consent", "本人同意"


class ChannelKind(TextChoices):
    """How an office is told that something lies in its inbox."""

    MAIL = "mail", "电子邮件"
    WEBHOOK = "webhook", "接口推送"


class NoticeWord(TextChoices):
    """All that a notice says besides number and link: words that fit any office's business (threat T40)."""

    NEW = "new", "有新事项待签收"
    CHANGED = "changed", "事项有更新，待签收"
    ENDED = "ended", "事项已办结，待签收"
    OVERDUE = "overdue", "有事项超过期限"
    URGENT = "urgent", "有急事，请马上登录处理"
    TEST = "test", "通知测试"


class Met(TextChoices):
    """反馈：见到人了吗."""

    PATIENT = "patient", "见到本人"
    FAMILY = "family", "只见到家属"
    NOBODY = "nobody", "没见到"


class Action(TextChoices):
    """反馈：做了什么 (several)."""

    JOINT_VISIT = "joint_visit", "联合上门"
    ESCORT = "escort", "协助送诊"
    GUARDIAN = "guardian", "联系监护人"
    SCENE = "scene", "现场处置"


class Result(TextChoices):
    """反馈：结果."""

    CALM = "calm", "平稳"
    HOSPITAL = "hospital", "已送医"
    AGAIN = "again", "需要再去"


class ContentField(TextChoices):
    """Every field that may ever stand in an alert, in the order of the page; templates pick from it."""

    NAME = "name", "姓名"
    SEX = "sex", "性别"
    AGE = "age", "年龄"
    ADDRESS = "address", "住址"
    LEVEL = "level", "等级"
    DATE = "date", "评估日期"
    PREVIOUS_LEVEL = "previous_level", "上次等级"
    GUARDIAN_NAME = "guardian_name", "监护人"
    GUARDIAN_PHONE = "guardian_phone", "监护人电话"
    WORKER = "worker", "责任医生"
    WORKER_PHONE = "worker_phone", "责任医生电话"
    ADVICE = "advice", "建议"


CONTENT_GROUPS = frozenset({FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.RISK})


class JointState(TextChoices):
    """State of a joint visit (协同随访)."""

    PLANNED = "planned", "已约定"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"


# What a member may read of a joint visit, in the order of the sheet. Nothing else can be put in.
SHEET = {
    "name": "姓名", "address": "住址", "when": "时间", "meet": "会合地点", "bring": "带什么", "warning": "注意安全",
    "contact": "联系人", "disputed": "有异议",
}  # fmt: skip
