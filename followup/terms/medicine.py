"""Words of medication: the dictionary, prescriptions, injections, free dispensing, examinations."""

from django.db.models import TextChoices


class DrugClass(TextChoices):
    """药物类别. 第一代, 第二代 are the two generations of antipsychotics."""

    FIRST = "first", "第一代抗精神病药"
    SECOND = "second", "第二代抗精神病药"
    MOOD = "mood", "心境稳定剂"
    DEPRESSION = "depression", "抗抑郁药"
    CALMING = "calming", "镇静催眠、抗焦虑药"
    OTHER = "other", "其他"


class DoseForm(TextChoices):
    """剂型."""

    ORAL = "oral", "口服"
    INJECTION = "injection", "注射剂"


class DoseUnit(TextChoices):
    """剂量单位. The paper counts in mg; g is turned into mg when it is written down."""

    MG = "mg", "mg"
    G = "g", "g"
    ML = "ml", "ml"
    PIECE = "piece", "片（粒）"


class StopReason(TextChoices):
    """Why a prescription no longer holds."""

    CHANGED = "changed", "调整"
    STOPPED = "stopped", "停药"
    VISIT = "visit", "随访时调整"
    WRONG = "wrong", "登记有误"


class InjectionSite(TextChoices):
    """注射部位."""

    LEFT_BUTTOCK = "1", "左臀部"
    RIGHT_BUTTOCK = "2", "右臀部"
    LEFT_ARM = "3", "左三角肌"
    RIGHT_ARM = "4", "右三角肌"


class DueState(TextChoices):
    """An injection of the calendar."""

    DUE = "due", "该打"
    GIVEN = "given", "已打"
    MISSED = "missed", "漏打"


class Receiver(TextChoices):
    """领药人."""

    SELF = "1", "本人"
    GUARDIAN = "2", "监护人"
    RELATIVE = "3", "其他家属"
    HELPER = "4", "帮扶人员"


class PackUnit(TextChoices):
    """发放数量的单位."""

    BOX = "1", "盒"
    BOTTLE = "2", "瓶"
    PIECE = "3", "片（粒）"
    AMPOULE = "4", "支"


class CheckupKind(TextChoices):
    """检查."""

    LAB = "lab", "化验和检查"
    YEARLY = "yearly", "年度健康体检"


class CheckupOutcome(TextChoices):
    """What came of it. Source: 规范2018 健康体检 (病情许可，征得监护人与患者本人同意)."""

    DONE = "done", "已检查"
    UNFIT = "unfit", "病情不许可"
    REFUSED = "refused", "监护人或本人不同意"


class Ecg(TextChoices):
    """心电图."""

    NORMAL = "1", "正常"
    ABNORMAL = "2", "异常"


class ExamState(TextChoices):
    """Where a person stands with this year's examination."""

    DONE = "done", "今年已体检"
    DUE = "due", "今年待体检"
    LATE = "late", "去年也没有体检"
    EXCUSED = "excused", "今年不能体检"
    NOT_ASKED = "not_asked", "未同意参加管理"
