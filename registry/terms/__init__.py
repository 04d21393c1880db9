"""Vocabulary of the register. Codes: 表1-7 个人信息补充表, 表1-8, GB/T 2261, GB/T 4658, GB 3304 (names only)."""

from django.db.models import IntegerChoices, TextChoices

from registry.terms.colours import Colour as Colour
from registry.terms.objection import ObjectionAbout as ObjectionAbout
from registry.terms.objection import ObjectionBy as ObjectionBy
from registry.terms.people import HELPERS as HELPERS
from registry.terms.people import SERVED as SERVED
from registry.terms.people import Assessment as Assessment
from registry.terms.people import CompanionRole as CompanionRole
from registry.terms.people import ConsentPath as ConsentPath
from registry.terms.people import GroupKind as GroupKind
from registry.terms.people import GuardianshipState as GuardianshipState
from registry.terms.people import SheetForm as SheetForm
from registry.terms.people import SocialKind as SocialKind
from registry.terms.places import AddressKind as AddressKind
from registry.terms.places import AddressSource as AddressSource
from registry.terms.places import IdentityState as IdentityState
from registry.terms.referral import (
    AdmissionKind as AdmissionKind,
)
from registry.terms.referral import (
    AdmissionSource as AdmissionSource,
)
from registry.terms.referral import (
    DestinationCategory as DestinationCategory,
)
from registry.terms.referral import (
    DischargeKind as DischargeKind,
)
from registry.terms.referral import (
    Ground as Ground,
)
from registry.terms.referral import (
    GuardianAble as GuardianAble,
)
from registry.terms.referral import (
    HelpDirection as HelpDirection,
)
from registry.terms.referral import (
    HelpSigner as HelpSigner,
)
from registry.terms.referral import (
    HelpState as HelpState,
)
from registry.terms.referral import (
    OpinionResult as OpinionResult,
)
from registry.terms.referral import (
    ReferralDirection as ReferralDirection,
)
from registry.terms.referral import (
    ReferralReason as ReferralReason,
)
from registry.terms.referral import (
    ReferralState as ReferralState,
)
from registry.terms.referral import (
    SentBy as SentBy,
)


class Sex(TextChoices):
    """GB/T 2261.1; the register knows the two that an ID number can say."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class DiagnosisCode(TextChoices):
    """目前诊断类型. Source: national interface; the six kinds are 01–06 (管理治疗工作规范 2018)."""

    SCHIZOPHRENIA = "01", "精神分裂症"
    SCHIZOAFFECTIVE = "02", "分裂情感性障碍"
    DELUSIONAL = "03", "持久的妄想性障碍（偏执性精神病）"
    BIPOLAR = "04", "双相（情感）障碍"
    EPILEPTIC = "05", "癫痫所致精神障碍"
    RETARDATION = "06", "精神发育迟滞伴发精神障碍"
    DEPRESSION = "07", "重度抑郁发作"
    SUBSTANCE = "08", "精神活性物质所致精神障碍"
    OTHER = "99", "其他"


SIX_KINDS = frozenset({"01", "02", "03", "04", "05", "06"})


class HouseholdKind(TextChoices):
    URBAN = "1", "城镇"
    RURAL = "2", "农村"


class Education(TextChoices):
    """GB/T 4658 学历代码, first digit pair."""

    POSTGRADUATE = "10", "研究生教育"
    UNIVERSITY = "20", "大学本科教育"
    COLLEGE = "30", "大学专科教育"
    VOCATIONAL = "40", "中等职业教育"
    HIGH = "60", "普通高级中学教育"
    MIDDLE = "70", "初级中学教育"
    PRIMARY = "80", "小学教育"
    OTHER = "90", "其他"


class Marital(TextChoices):
    """GB/T 2261.2 婚姻状况代码."""

    SINGLE = "10", "未婚"
    MARRIED = "20", "已婚"
    FIRST_MARRIAGE = "21", "初婚"
    REMARRIED = "22", "再婚"
    RESUMED = "23", "复婚"
    WIDOWED = "30", "丧偶"
    DIVORCED = "40", "离婚"
    UNSTATED = "90", "未说明的婚姻状况"


class Employment(TextChoices):
    WORKER = "1", "在岗工人"
    MANAGER = "2", "在岗管理者"
    FARMER = "3", "农民"
    JOBLESS = "4", "下岗或无业"
    STUDENT = "5", "在校学生"
    RETIRED = "6", "退休"
    PROFESSIONAL = "7", "专业技术人员"
    OTHER = "8", "其他"
    UNKNOWN = "9", "不详"


class Relation(TextChoices):
    """监护人与患者关系."""

    SPOUSE = "1", "配偶"
    PARENT = "2", "父母"
    CHILD = "3", "子女"
    SIBLING = "4", "兄弟姐妹"
    OTHER_KIN = "5", "其他近亲属"
    COMMITTEE = "6", "村居或单位"
    OTHER = "9", "其他"


class Locked(IntegerChoices):
    """既往关锁情况."""

    NEVER = 1, "无关锁"
    LOCKED = 2, "关锁"
    RELEASED = 3, "关锁已解除"


class Signer(TextChoices):
    """Who signed the consent form."""

    PATIENT = "patient", "患者本人"
    GUARDIAN = "guardian", "监护人"
    BOTH = "both", "本人与监护人"
    UNSTATED = "", "未注明"


class ClueSource(TextChoices):
    """线索来源. Source: 表1-2 线索调查登记表; plan 滕州 三(一) names the offices."""

    VILLAGE = "village", "村（居）委会"
    POLICE = "police", "公安"
    JUDICIAL = "judicial", "司法行政"
    CIVIL_AFFAIRS = "civil_affairs", "民政"
    FEDERATION = "federation", "残联"
    HOSPITAL = "hospital", "医疗机构"
    FAMILY = "family", "家属"
    POLITICAL_LEGAL = "political_legal", "政法综治"
    OTHER = "other", "其他"


class ClueState(TextChoices):
    """疑似患者线索: from the report to the file. Source: 管理治疗工作规范 2018 复核诊断; 表1-2."""

    REPORTED = "reported", "待分派"
    ASSIGNED = "assigned", "待核实"
    VISITED = "visited", "已核实"
    SENT = "sent", "已送诊"
    WATCHED = "watched", "观察"
    DECLINED = "declined", "拒绝诊断"
    CONFIRMED = "confirmed", "确诊"
    REGISTERED = "registered", "已建档"
    OTHER = "other", "其他精神障碍"
    EXCLUDED = "excluded", "排除"
    DUPLICATE = "duplicate", "重复，已合并"


class CardState(TextChoices):
    """患者报告卡 on its way from the hospital to the register."""

    DRAFT = "draft", "未填完"
    SENT = "sent", "待乡镇接收"
    AT_COUNTY = "at_county", "待县级处理"
    ACCEPTED = "accepted", "已接收"
    CORRECTING = "correcting", "更正待办理"
    WITHDRAWN = "withdrawn", "已撤销"
    ELSEWHERE = "elsewhere", "外县在册"


class DischargeState(TextChoices):
    """出院信息单 on its way from the hospital to the first visit."""

    SENT = "sent", "待乡镇接收"
    AT_COUNTY = "at_county", "待县级处理"
    NEEDS_CARD = "needs_card", "待医院报卡"
    ACCEPTED = "accepted", "已接收"
    ELSEWHERE = "elsewhere", "外县在册"


class Held(TextChoices):
    """Why a card or notice lies with the county."""

    ADDRESS = "address", "地址不详或有误"
    KNOWN = "known", "证件号需县级核对"
    UNSETTLED = "unsettled", "没有写明乡镇"
    NOTHING = "", "无"


class ScanKind(TextChoices):
    """What a kept picture of a paper is."""

    CONSENT = "consent", "知情同意书"
    WITHDRAWAL = "withdrawal", "撤回或拒绝的书面意见"
    IDENTITY = "identity", "证件"
    DIAGNOSIS = "diagnosis", "诊断证明"
    REFERRAL = "referral", "转诊单"
    DISCHARGE = "discharge", "出院材料"
    INCIDENT = "incident", "应急或事件材料"
    STATUS = "status", "状态依据"
    TRANSFER = "transfer", "迁移材料"
    CERTIFICATE = "certificate", "证书或认定材料"
    OTHER = "other", "其他"


class DeathCause(TextChoices):
    """死亡原因. Source: 表1-8."""

    ILLNESS = "1", "躯体疾病"
    SUICIDE = "2", "自杀"
    HOMICIDE = "3", "他杀"
    ACCIDENT = "4", "意外"
    COMPLICATION = "5", "精神疾病相关并发症"
    OTHER = "6", "其他"


class CareStatus(TextChoices):
    """管理状态. Source: 管理治疗工作规范 2018; 羁押或强制医疗 is a status of its own here."""

    MANAGED = "managed", "在管"
    ADMITTED = "admitted", "住院"
    AWAY = "away", "外出"
    LOST = "lost", "失访"
    REFUSED = "refused", "拒访或不同意"
    DETAINED = "detained", "羁押或强制医疗"
    MOVED_OUT = "moved_out", "迁出"
    DEAD = "dead", "死亡"
    EXCLUDED = "excluded", "排除"


class MergeState(TextChoices):
    """合并两份档案: one person proposes, another confirms."""

    PROPOSED = "proposed", "待另一人确认"
    MERGED = "merged", "已合并"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    UNDONE = "undone", "已撤销合并"
    DIFFERENT = "different", "不是同一人"


class IdCheckState(TextChoices):
    """身份证号县级核对: the number is on file, and nobody below the county learns where."""

    WAITING = "waiting", "待核对"
    SETTLED = "settled", "已答复"


class ParkedState(TextChoices):
    """导入的不同内容: parked until somebody looks."""

    WAITING = "waiting", "待核对"
    ACCEPTED = "accepted", "已采用"
    REFUSED = "refused", "不采用"


class ExportKind(TextChoices):
    ROSTER = "roster", "花名册"
    WHOLE = "whole", "全部资料（可再导入）"


class ExportState(TextChoices):
    """导出名册: asked by one, allowed by another, fetched by the first."""

    ASKED = "asked", "待另一人同意"
    ALLOWED = "allowed", "可以下载"
    REFUSED = "refused", "未同意"
    DONE = "done", "已下载完"
    EXPIRED = "expired", "已过期"


# From its date on such a person is not on the register. Source: indicators, "Registered".
ABSENT = frozenset({CareStatus.AWAY, CareStatus.LOST})
ENDING = frozenset({CareStatus.MOVED_OUT, CareStatus.DEAD, CareStatus.EXCLUDED})


class NoticeKind(TextChoices):
    """What an office is told of by another."""

    TRANSFER = "transfer", "档案移交"
    AWAY = "away", "外出与临时档案"
    HOUSEHOLD = "household", "告知户籍地"
    STATUS = "status", "状态变化"
    CLUE = "clue", "线索"
    CARD = "card", "报告卡"
    DISCHARGE = "discharge", "出院信息"
    REFERRAL = "referral", "转诊"
    ESCORT = "escort", "协助入院出院"
    IDENTITY = "identity", "身份核对"
    CARE = "care", "随访与管理"
    INCIDENT = "incident", "事件与应急"
    OTHER = "other", "其他"


class StatusReason(TextChoices):
    """Why a status began. 失访原因: 表1-8 of 2018; the others are this system's own."""

    LOST_WORK = "lost_work", "外出打工"
    LOST_MOVED = "lost_moved", "迁居他处"
    LOST_RAN = "lost_ran", "走失"
    LOST_MISSED = "lost_missed", "连续 3 次未访到"
    LOST_OTHER = "lost_other", "其他"
    REFUSED_CARE = "ref_care", "不同意参加社区管理"
    REFUSED_SELF = "ref_self", "患者拒绝访视"
    REFUSED_KIN = "ref_kin", "家属拒绝访视或告知"
    HELD_POLICE = "held_pol", "拘留或逮捕羁押"
    HELD_PRISON = "held_pri", "服刑"
    HELD_ORDER = "held_ord", "强制医疗"
    HELD_OTHER = "held_oth", "其他监管场所"


class TransferState(TextChoices):
    """档案移交. 提出 → 已看到 → 接收或退回 → 首次随访; 退回两次由县里决定."""

    PROPOSED = "proposed", "已提出"
    SEEN = "seen", "接收方已看到"
    REFUSED = "refused", "已退回"
    COUNTY = "county", "待县级决定"
    ACCEPTED = "accepted", "已接收，待首次随访"
    DONE = "done", "已完成首次随访"
    CANCELLED = "cancelled", "已撤回"
    LEFT = "left", "已迁出本县系统"
    CLOSED = "closed", "档案结案，移交终止"


# One of these at a time for a person; the duty is still the proposer's.
OPEN_TRANSFER = frozenset({TransferState.PROPOSED, TransferState.SEEN, TransferState.REFUSED, TransferState.COUNTY})


class TransferReason(TextChoices):
    MOVED = "moved", "迁居"
    FAMILY = "family", "投靠亲属"
    WORK = "work", "长期务工或就学"
    INSTITUTION = "institution", "入住康复或照料机构"
    BOUNDARY = "boundary", "区划调整"
    OTHER = "other", "其他"


class AwayState(TextChoices):
    """临时档案. 流入地 sees it while it runs; it never counts there."""

    OPEN = "open", "已告知流入地"
    TAKEN = "taken", "流入地已建立"
    ENDED = "ended", "已结束"


# 民族名称: GB/T 3304, plus the two entries of the household register.
_ETHNICITIES = """
汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族
黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族
撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族
京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族 其他 外国血统中国籍人士
"""
ETHNICITIES = tuple(_ETHNICITIES.split())

# What people write for a code; keys are as typed, without the official ending.
EDUCATION_ALIASES = {
    "研究生": "10", "硕士": "10", "博士": "10", "大学本科": "20", "本科": "20", "大学": "20", "大学专科": "30",
    "大学专科和专科学校": "30", "专科": "30", "大专": "30", "中等专业学校": "40", "中专": "40", "技工学校": "40",
    "技校": "40", "职高": "40", "高中": "60", "普通高中": "60", "初中": "70", "小学": "80", "文盲": "90",
    "文盲或半文盲": "90", "不识字": "90", "不详": "90",
}  # fmt: skip
