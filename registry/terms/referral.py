"""Vocabulary of stays in hospital, referrals and what is done around an admission."""

from django.db.models import TextChoices


class AdmissionKind(TextChoices):
    """How a stay in hospital began. Source: 精神卫生法 第二十八条、第三十条."""

    VOLUNTARY = "voluntary", "自愿住院"
    GUARDIAN = "guardian", "监护人、近亲属送诊"
    ITEM_1 = "item_1", "第三十条第二款第一项（伤害自身）"
    ITEM_2 = "item_2", "第三十条第二款第二项（危害他人安全）"
    UNSTATED = "", "未注明"


class AdmissionSource(TextChoices):
    """Which record said that the person was in hospital."""

    ENTERED = "entered", "工作人员登记"
    REFERRAL = "referral", "双向转诊单"
    NOTICE = "notice", "出院信息单"
    GREEN_CHANNEL = "green_channel", "绿色通道"


class DischargeKind(TextChoices):
    """Who ended a stay. Source: 精神卫生法 第四十四条."""

    DOCTOR = "doctor", "医师认为可以出院"
    PATIENT = "patient", "本人要求出院"
    GUARDIAN = "guardian", "监护人要求出院"
    TRANSFER = "transfer", "转往其他医院"
    FILE_ENDED = "file_ended", "死亡或结案"
    UNSTATED = "", "未注明"


class ReferralDirection(TextChoices):
    """双向转诊."""

    UP = "up", "上转（转往医院）"
    DOWN = "down", "下转（转回基层）"


class ReferralState(TextChoices):
    """One referral, from the slip to the return slip."""

    PROPOSED = "proposed", "已提出"
    RECEIVED = "received", "已收到"
    ACCEPTED = "accepted", "已接诊"
    DECLINED = "declined", "不收"
    RETURNED = "returned", "已回转"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已取消"


class ReferralReason(TextChoices):
    """转出主要原因. Source: 管理治疗工作规范 2018 双向转诊."""

    UNSTABLE = "unstable", "病情不稳定"
    REACTION = "reaction", "急性药物不良反应"
    ILLNESS = "illness", "严重躯体疾病"
    UNCLEAR = "unclear", "诊断不明"
    PREGNANCY = "pregnancy", "妊娠"
    STABLE = "stable", "病情稳定，转回基层"
    OTHER = "other", "其他"


class DestinationCategory(TextChoices):
    """Whom the county sends where. The order is the order of the rule. Source: 邹城 二(五)(六); county table."""

    COMPULSORY = "compulsory", "强制医疗"
    INFECTIOUS = "infectious", "合并传染病"
    VAGRANT = "vagrant", "流浪乞讨"
    DESTITUTE = "destitute", "特困（城市三无）"
    VETERAN = "veteran", "退役军人"
    GENERAL = "general", "其他患者"


class SentBy(TextChoices):
    """送诊主体. Source: 精神卫生法 第二十八条."""

    KIN = "kin", "近亲属或监护人"
    EMPLOYER = "employer", "所在单位"
    POLICE = "police", "公安机关"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门"
    COMMITTEE = "committee", "村（居）委会或镇街"
    MEDICAL = "medical", "医疗机构"
    SELF = "self", "本人"
    OTHER = "other", "其他"


class Ground(TextChoices):
    """Which part of 精神卫生法 第三十条 the hospital named. Recorded, never decided here."""

    VOLUNTARY = "voluntary", "自愿（第三十条第一款）"
    ITEM_1 = "item_1", "已经或有危险伤害自身（第二款第一项）"
    ITEM_2 = "item_2", "已经或有危险危害他人安全（第二款第二项）"


class OpinionResult(TextChoices):
    """再次诊断、鉴定的结论. Source: 精神卫生法 第三十五条."""

    NEEDED = "needed", "是严重精神障碍，需要住院治疗"
    NOT_NEEDED = "not_needed", "不是严重精神障碍，或不需要住院"


class HelpDirection(TextChoices):
    """协助办理."""

    IN = "in", "协助入院"
    OUT = "out", "协助出院"


class GuardianAble(TextChoices):
    """监护人的情况. Source: 邹城 二(五)."""

    ABLE = "able", "监护人能办理"
    UNABLE = "unable", "监护人无能力送医，提出协助要求"
    UNWILLING = "unwilling", "监护人不愿接收"
    NONE = "none", "无监护人、找不到，或无能力办手续"


class HelpSigner(TextChoices):
    """Who signs in or out."""

    GUARDIAN = "guardian", "监护人"
    TOWNSHIP = "township", "户籍所在地镇街"


class HelpState(TextChoices):
    """协助入出院的办理."""

    ASKED = "asked", "已提出"
    ARRANGED = "arranged", "已安排"
    DONE = "done", "已办结"
    CANCELLED = "cancelled", "已取消"
