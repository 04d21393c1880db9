"""接收模板: to which kind of agency, on which occasion, which lists with which columns."""

from django.db.models import TextChoices


class Situation(TextChoices):
    """On which occasion. Source: issue 4, Build 1; practice notes B4."""

    QUARTERLY = "quarterly", "季度信息交换"
    STANDARD = "standard", "综治数据（GB/T 31000—2015）"
    STANDARD_FULL = "standard_full", "综治数据（含诊断、治疗）"
    HALF_YEARLY = "half_yearly", "半年信息交换"
    URGENT = "urgent", "单人紧急通报"
    DISCHARGE = "discharge", "出院告知"
    FLOW = "flow", "流动告知"
    SUDDEN_CHANGE = "sudden_change", "病情突变告知"
    LOST_REPORT = "lost_report", "失访（死亡）登记表"


# These tell what the platform of 综治 would otherwise not learn; they need a basis of their own.
CLINICAL_SITUATIONS = frozenset({Situation.STANDARD_FULL})


class ListKind(TextChoices):
    """Who stands in one list of a file. Source: practice notes B4."""

    HIGH_RISK = "high_risk", "三级及以上人员"
    INCIDENTS = "incidents", "肇事肇祸情况"
    AWAY = "away", "失访、拒访和外出人员"
    NEW = "new", "新增人员"
    ENDED = "ended", "结案人员"
    TOTALS = "totals", "分乡镇合计"
    STANDARD = "standard", "肇事肇祸等严重精神障碍患者"
    ASSISTED = "assisted", "救助对象"
    CERTIFIED = "certified", "残疾人证持证人员"
    INSURED = "insured", "参保人员"
    PERSON = "person", "本人情况"


class Rhythm(TextChoices):
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half_yearly", "每半年"
    AT_ONCE = "at_once", "随时"


class TemplateState(TextChoices):
    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "待启用"
    ACTIVE = "active", "启用"
    REPLACED = "replaced", "已被新版替换"
    ENDED = "ended", "已停用"
    DROPPED = "dropped", "已作废"
