"""Vocabulary of 动态分色 in follow-up: what speaks for a colour, and how tables and falls stand. Codes of our own."""

from django.db.models import TextChoices


class Criterion(TextChoices):
    """What may speak for a colour. Source: 酉阳 十四 (现实状况、病情变化、治疗服药、监管看护); the list is ours."""

    LEVEL_5 = "level_5", "最近评估 5 级"
    LEVEL_4 = "level_4", "最近评估 4 级"
    LEVEL_3 = "level_3", "最近评估 3 级"
    LEVEL_2 = "level_2", "最近评估 2 级"
    LEVEL_1 = "level_1", "最近评估 1 级"
    OPEN_INCIDENT = "open_incident", "有已确认、还没了结的事件"
    RECENT_INCIDENT = "recent_incident", "近几个月内有已确认的事件"
    PAST_INCIDENT = "past_incident", "有过已确认的事件"
    UNSTABLE = "unstable", "最近分类不稳定"
    FAIR = "fair", "最近分类基本稳定"
    NOT_TAKEN = "not_taken", "不用药"
    INTERRUPTED = "interrupted", "间断用药"
    NO_GUARD = "no_guard", "无监护，或没有登记监护人"
    WEAK_GUARD = "weak_guard", "弱监护，或监护人外出"
    REFUSING = "refusing", "拒访或不同意管理"


class Aside(TextChoices):
    """Why somebody is not at home in the community just now. Source: 本系统."""

    IN_HOSPITAL = "in_hospital", "住院"
    AWAY = "away", "外出"
    LOST = "lost", "失访"
    DETAINED = "detained", "羁押或强制医疗"


class ColourTableState(TextChoices):
    """State of a county's colour table."""

    DRAFT = "draft", "拟定中"
    ACTIVE = "active", "已启用"
    STOPPED = "stopped", "已停用"
    DROPPED = "dropped", "已作废"


class FallState(TextChoices):
    """State of a proposal to lower a colour."""

    PROPOSED = "proposed", "待评估"
    ASSESSED = "assessed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不同意"
    KEPT = "kept", "评估后维持"
    LAPSED = "lapsed", "情况有变化，不再办理"


class ColourWay(TextChoices):
    """How a colour came to be what it is."""

    FIRST = "first", "首次分色"
    RISE = "rise", "升级"
    FALL = "fall", "批准降级"
    ASIDE = "aside", "离开社区"
    BACK = "back", "回到社区"
    TABLE = "table", "更换分色表"
    END = "end", "不再分色"
