"""Vocabulary of the follow-up record. Codes and labels: 随访服务记录表 表1-8 (2018), wording of its 填表说明."""

from django.db.models import IntegerChoices, TextChoices

from followup.terms.colours import Aside as Aside
from followup.terms.colours import ColourTableState as ColourTableState
from followup.terms.colours import ColourWay as ColourWay
from followup.terms.colours import Criterion as Criterion
from followup.terms.colours import FallState as FallState
from followup.terms.medicine import CheckupKind as CheckupKind
from followup.terms.medicine import CheckupOutcome as CheckupOutcome
from followup.terms.medicine import DoseForm as DoseForm
from followup.terms.medicine import DoseUnit as DoseUnit
from followup.terms.medicine import DrugClass as DrugClass
from followup.terms.medicine import DueState as DueState
from followup.terms.medicine import Ecg as Ecg
from followup.terms.medicine import ExamState as ExamState
from followup.terms.medicine import InjectionSite as InjectionSite
from followup.terms.medicine import PackUnit as PackUnit
from followup.terms.medicine import Receiver as Receiver
from followup.terms.medicine import StopReason as StopReason


class Contact(TextChoices):
    """本次随访形式."""

    CLINIC = "1", "门诊"
    HOME = "2", "家庭访视"
    PHONE = "3", "电话"


class Seen(TextChoices):
    """本次随访对象 (several). 面访 = 门诊 or 家庭访视 with the patient among them."""

    PATIENT = "1", "患者本人"
    FAMILY = "2", "患者家属、监护人"
    OTHER = "3", "其他知情人"


class LostReason(TextChoices):
    """失访原因."""

    WORKING_AWAY = "1", "外出打工"
    MOVED = "2", "迁居他处"
    MISSING = "3", "走失"
    NOT_REACHED = "4", "连续3次未访到"
    OTHER = "5", "其他"


class Illness(TextChoices):
    """死亡原因 1 躯体疾病: which."""

    INFECTION = "1", "传染病和寄生虫病"
    TUMOUR = "2", "肿瘤"
    HEART = "3", "心脏病"
    BRAIN = "4", "脑血管病"
    LUNG = "5", "呼吸系统疾病"
    GUT = "6", "消化系统疾病"
    OTHER = "7", "其他疾病"
    UNKNOWN = "8", "不详"


class Symptom(IntegerChoices):
    """目前症状 (several)."""

    HALLUCINATION = 1, "幻觉"
    CONTACT = 2, "交流困难"
    SUSPICION = 3, "猜疑"
    MOOD = 4, "喜怒无常"
    ODD = 5, "行为怪异"
    EXCITED = 6, "兴奋话多"
    VIOLENT = 7, "伤人毁物"
    HOPELESS = 8, "悲观厌世"
    WANDERING = 9, "无故外走"
    MUTTERING = 10, "自语自笑"
    WITHDRAWN = 11, "孤僻懒散"
    OTHER = 12, "其他"


class Insight(IntegerChoices):
    """自知力."""

    FULL = 1, "完全"
    PARTIAL = 2, "不全"
    ABSENT = 3, "缺失"


class State(IntegerChoices):
    """睡眠, 饮食 and four of the social functions."""

    GOOD = 1, "良好"
    FAIR = 2, "一般"
    POOR = 3, "较差"


class SocialState(IntegerChoices):
    """生产劳动及工作 alone knows 此项不适用."""

    GOOD = 1, "良好"
    FAIR = 2, "一般"
    POOR = 3, "较差"
    NOT_APPLICABLE = 9, "此项不适用"


class Hospital(IntegerChoices):
    """两次随访期间住院情况."""

    NONE = 0, "未住院"
    NOW = 1, "目前正在住院"
    BEFORE = 2, "曾住院，现未住院"


class Laboratory(IntegerChoices):
    NO = 1, "无"
    YES = 2, "有"


class Adherence(IntegerChoices):
    """用药依从性. 规律: as ordered; 间断: fewer times or less than ordered; 不用药: ordered, not taken."""

    REGULAR = 1, "按医嘱规律用药"
    INTERRUPTED = 2, "间断用药"
    NOT_TAKEN = 3, "不用药"
    NOT_NEEDED = 4, "医嘱勿需用药"


class SideEffect(IntegerChoices):
    NO = 1, "无"
    YES = 2, "有"
    NOT_APPLICABLE = 9, "此项不适用"


class Effect(IntegerChoices):
    """治疗效果."""

    RECOVERED = 1, "痊愈"
    BETTER = 2, "好转"
    UNCHANGED = 3, "无变化"
    WORSE = 4, "加重"
    NOT_APPLICABLE = 9, "此项不适用"


class Referral(IntegerChoices):
    NO = 1, "否"
    YES = 2, "是"


class Rehab(IntegerChoices):
    """康复措施 (several)."""

    DAILY_LIFE = 1, "生活劳动能力"
    VOCATION = 2, "职业训练"
    LEARNING = 3, "学习能力"
    SOCIAL = 4, "社会交往"
    OTHER = 5, "其他"


class Stability(IntegerChoices):
    """本次随访分类; a smaller number is a graver class."""

    UNSTABLE = 1, "不稳定"
    FAIR = 2, "基本稳定"
    STABLE = 3, "稳定"


class MissedReason(TextChoices):
    """未访到: why a try did not reach the patient. Our own codes; 失访 is decided on the visit form."""

    NOBODY_HOME = "1", "家中无人"
    NO_ANSWER = "2", "电话无人接听"
    REFUSED = "3", "家属拒绝"
    GONE = "4", "外出、迁居或走失"


class Source(TextChoices):
    FORM = "form", "填表"
    IMPORT = "import", "导入"
    API = "api", "接口"


class IncidentKind(TextChoices):
    """危险行为 of 表1-8: the codes are the names of the counts."""

    MINOR_TROUBLE = "minor_trouble", "轻度滋事"
    TROUBLE = "trouble", "肇事"
    CRIME = "crime", "肇祸"
    OTHER_HARM = "other_harm", "其他危害行为"
    SELF_HARM = "self_harm", "自伤"
    SUICIDE_ATTEMPT = "suicide_attempt", "自杀未遂"


class IncidentState(TextChoices):
    """State of an incident record (事件记录)."""

    REPORTED = "reported", "待确认"
    CONFIRMED = "confirmed", "已确认，处置中"
    CLOSED = "closed", "已了结"
    DISMISSED = "dismissed", "不属实"


class ConfirmedFrom(TextChoices):
    """What the confirmation of an incident rests on. Codes of our own."""

    POLICE = "1", "公安机关出警记录或书面材料"
    HOSPITAL = "2", "医院诊疗记录"
    SCENE = "3", "医务人员现场核实"
    COMMITTEE = "4", "村（居）委会书面材料"
    FAMILY = "5", "监护人或近亲属陈述"


class LegalResult(TextChoices):
    """Legal result of an incident. Codes of our own; the result itself is the police's or the court's."""

    NONE = "0", "没有进入法律程序"
    PENDING = "1", "办理中"
    PUBLIC_ORDER = "2", "治安处理"
    CRIMINAL = "3", "刑事处理"
    COMPULSORY = "4", "强制医疗"
    NOT_LIABLE = "5", "依法不追究责任"


class EmergencyState(TextChoices):
    """State of an emergency record (应急处置记录单 表1-9)."""

    OPENED = "opened", "待填写"
    WRITTEN = "written", "已填写"
    CANCELLED = "cancelled", "登记有误"


class EmergencyReason(TextChoices):
    """处置缘由 (several). Source: 表1-9; the four situations of 应急医疗处置."""

    SELF_HARM = "1", "伤害自身的行为"
    SELF_RISK = "2", "伤害自身的危险"
    OTHERS_HARM = "3", "危害公共安全或他人安全的行为"
    OTHERS_RISK = "4", "危害公共安全或他人安全的危险"
    RELAPSE = "5", "病情复发且精神状况明显恶化"
    DRUG_REACTION = "6", "与精神疾病药物相关的急性不良反应"
    OTHER = "9", "其他"


class EmergencyMeasure(TextChoices):
    """主要处置措施 (several). Source: 表1-9."""

    ON_SCENE = "1", "现场临时性处置"
    OBSERVED = "2", "精神科门急诊留观"
    ADMITTED = "3", "精神科紧急住院"
    CONSULTED = "4", "会诊"
    OTHER = "9", "其他"


class EmergencyEffect(TextChoices):
    """处置效果. The norm's own list could not be read: ours until the county says otherwise."""

    CALM = "1", "病情缓解"
    BETTER = "2", "部分缓解"
    UNCHANGED = "3", "没有变化"
    WORSE = "4", "加重"


class EmergencySubject(TextChoices):
    """处置对象来源. The norm's own list could not be read: ours until the county says otherwise."""

    MANAGED = "1", "在管患者"
    UNMANAGED = "2", "在册未管患者"
    UNREGISTERED = "3", "未建档的确诊患者"
    SUSPECTED = "4", "疑似患者"


class ReporterRole(TextChoices):
    """报告人身份."""

    FAMILY = "1", "患者家属、监护人"
    COMMITTEE = "2", "村（居）干部、网格员"
    POLICE = "3", "民警"
    NEIGHBOUR = "4", "邻居、群众"
    MEDICAL = "5", "医务人员"
    OTHER = "9", "其他"


class DiagnosisSure(TextChoices):
    CONFIRMED = "1", "确定诊断"
    SUSPECTED = "2", "疑似诊断"


class Opener(TextChoices):
    """What set the date until which the next record is due."""

    REGISTERED = "registered", "建档"
    RECORD = "record", "随访"
    DISCHARGED = "discharged", "出院"
    MOVED = "moved", "转入"
    RETURNED = "returned", "恢复在管"
    REOPENED = "reopened", "恢复档案"
    POSTPONED = "postponed", "移出后再约"


class Outcome(TextChoices):
    """What became of a due window; empty while it is open."""

    DONE = "done", "按期完成"
    LATE = "late", "两周内补上"
    MISSED = "missed", "未完成"
    EXCUSED = "excused", "有原因未访"


class Excuse(TextChoices):
    """Why no record could be made in a window: from the dated status, the end of the file, or a person's word."""

    ADMITTED = "admitted", "住院"
    AWAY = "away", "外出"
    DETAINED = "detained", "羁押或强制医疗"
    REFUSED = "refused", "拒访或不同意"
    LOST = "lost", "失访"
    DEAD = "dead", "死亡"
    MOVED_OUT = "moved_out", "迁出"
    EXCLUDED = "excluded", "排除"
    HANDED_ON = "handed_on", "转给另一乡镇"
    OTHER = "other", "其他"


# What a person may give as the reason for taking somebody off the list; the others are facts of the register.
GIVEN_EXCUSES = (
    Excuse.ADMITTED, Excuse.AWAY, Excuse.DETAINED, Excuse.REFUSED, Excuse.DEAD, Excuse.MOVED_OUT, Excuse.OTHER,
)  # fmt: skip


class PlanKind(TextChoices):
    """Which plan: 一人一方案 for the gravest, 个案管理 where it is kept."""

    INDIVIDUAL = "individual", "一人一方案"
    CASE = "case", "个案管理"


class PlanState(TextChoices):
    """State of a plan."""

    ACTIVE = "active", "执行中"
    FALLING = "falling", "等级已下降，待评估"
    ENDED = "ended", "已结束"


class TeamRole(TextChoices):
    """Who takes part in 个案管理. Source: 中原 二(一) 2 (个案管理团队); practice notes (收治小组)."""

    WORKER = "worker", "精防人员"
    NURSE = "nurse", "护士"
    DOCTOR = "doctor", "全科医师"
    PSYCHIATRIST = "psychiatrist", "精神科医师"
    COMMITTEE = "committee", "村（居）干部"
    POLICE = "police", "民警"
    CIVIL_AFFAIRS = "civil_affairs", "民政工作人员"
    REHAB = "rehab", "社区康复协调员"
    FEDERATION = "federation", "残疾人专职委员"
    VOLUNTEER = "volunteer", "志愿者"
    FAMILY = "family", "家属"
