"""Vocabulary of the subsidy: kinds of scheme, what must be true, when and how much. Codes stay; labels may be reworded."""

from django.db.models import IntegerChoices, TextChoices

from .agreements import AgreementEnd, DutyFailure, NamedBy
from .applications import ApplicationState, DutyResult, OpinionOffice
from .ledger import Account, OverpaymentState
from .payments import BankFailure, BatchState, PaymentState
from .waterfall import BillChannel, EmergencyPayer, Payer

__all__ = [
    "Account", "AgreementEnd", "ApplicationState", "BankFailure", "BatchState", "BillChannel", "DutyFailure", "DutyResult",
    "EmergencyPayer", "NamedBy", "OpinionOffice", "OverpaymentState", "Payer", "PaymentState",
]  # fmt: skip


class SchemeKind(TextChoices):
    """What a family may be given. Source: 邹城 二(六)(七), 酉阳 十五, 滕州 三(一)3, 中原 二(一)3."""

    GUARDIAN_AWARD = "guardian_award", "监护以奖代补"
    CARE_ALLOWANCE = "care_allowance", "看护补贴"
    FREE_MEDICINE = "free_medicine", "免费服药"
    LONG_ACTING_INJECTION = "long_acting_injection", "长效针剂治疗"
    COST_WATERFALL = "cost_waterfall", "医疗费用兜底"
    PREMIUM_SUPPORT = "premium_support", "资助参保"
    LIVING_ALLOWANCE = "living_allowance", "生活补贴"
    NURSING_ALLOWANCE = "nursing_allowance", "重度残疾人护理补贴"
    TEMPORARY_RELIEF = "temporary_relief", "临时救助"
    EMERGENCY_FUND = "emergency_fund", "疾病应急救助"


class Cycle(IntegerChoices):
    """How many months are settled at once. OWN_TERM: the whole care year, which begins on a day of the scheme's own."""

    MONTH = 1, "按月"
    QUARTER = 3, "按季"
    HALF_YEAR = 6, "按半年"
    YEAR = 12, "按年"
    OWN_TERM = 0, "按自定的监护年度"


class Per(TextChoices):
    """What a rate is for."""

    MONTH = "month", "元/月"
    YEAR = "year", "元/年"


class PartMonth(TextChoices):
    """How part of a month is reckoned. Source: 北京细则 第十一条 (按实际天数); the other two are settings (本系统)."""

    DAYS_OF_MONTH = "days_of_month", "按当月实际天数折算"
    DAYS_30 = "days_30", "每月按 30 天折算"
    DAYS_OF_YEAR = "days_of_year", "按全年天数折算"


class Join(TextChoices):
    """肇事肇祸行为“及”危险性三级以上: read as and, or as or. Source: 邹城 二(七); 浙江 2021 writes 或; default or."""

    OR = "or", "有其一即可"
    AND = "and", "两项都要"


class Need(TextChoices):
    """A thing that must be true of a family; a scheme names those it asks for. Source: practice.md A1, A5."""

    REGISTERED = "registered", "在册登记的严重精神障碍患者"
    POLICE_LIST = "police_list", "列入公安机关名册"
    LOCAL_HOUSEHOLD = "local_household", "患者有本地户籍"
    OWN_OR_SPOUSE_HOUSEHOLD = "own_or_spouse_household", "患者本人或配偶有本地户籍"
    LIVES_HERE = "lives_here", "患者在本地居住"
    LIVES_TOGETHER = "lives_together", "监护人与患者共同居住"
    GUARDIAN_ABLE = "guardian_able", "监护人有能力并实际履行监护"
    AGREEMENT = "agreement", "签订监护协议（责任书）"
    NO_INCIDENT = "no_incident", "监护年度内没有肇事肇祸"
    POOR = "poor", "低保、特困或当地认定的困难家庭"
    HARDSHIP = "hardship", "不符合低保但确有困难，或享受低保后仍有困难"
    DISABLED = "disabled", "持有残疾人证"
    SEVERELY_DISABLED = "severely_disabled", "残疾人证一级或二级"
    INSURED = "insured", "参加基本医疗保险"
    IRREGULAR = "irregular", "治疗依从性差或不能落实规律服药"
    WEAK_GUARDIAN = "weak_guardian", "家庭监护能力弱或无监护"
    LIKELY_INCIDENT = "likely_incident", "有肇事肇祸风险"
    UNIDENTIFIED = "unidentified", "无法查明身份"
    UNABLE_TO_PAY = "unable_to_pay", "身份明确但无力缴费"


class Assessor(TextChoices):
    """Who says of a quarter that the guardian did the duty."""

    NONE = "none", "不认定"
    CASE_TEAM = "case_team", "社区个案管理小组"
    VILLAGE = "village", "村（居）委会"
    TOWNSHIP_TEAM = "township_team", "镇街综合管理小组"
    COUNTY_TEAM = "county_team", "县级联合审批小组"


class FailedDuty(TextChoices):
    """What a quarter of failed duty costs."""

    NOTHING = "nothing", "不影响"
    QUARTER = "quarter", "该季度不发"
    YEAR = "year", "该监护年度不发"


class IncidentEffect(TextChoices):
    """What an incident costs, after the group has decided. Source: 北京细则 第十一条; 渭城、铜梁、始兴 (no incident in the term)."""

    NOTHING = "nothing", "不影响"
    YEAR_IF_FAILED = "year_if_failed", "未履行监护责任造成的，该监护年度不发"
    YEAR = "year", "该监护年度不发"


class StopReason(TextChoices):
    """Why duty ends or rests. Source: practice.md A1 (design), 衡阳 (from the next month)."""

    DIED = "died", "患者死亡"
    MOVED = "moved", "患者迁出"
    CUSTODY = "custody", "羁押或服刑"
    COMPULSORY = "compulsory", "强制医疗"
    LOST = "lost", "失访"
    LONG_STAY = "long_stay", "长期住院"
    GUARDIAN_DIED = "guardian_died", "监护人死亡"
    FALSE_PAPERS = "false_papers", "提供虚假材料"
    WITHDRAWN = "withdrawn", "自愿放弃"


class StopFrom(TextChoices):
    """From which day a stop counts."""

    THAT_DAY = "that_day", "从当天起"
    NEXT_MONTH = "next_month", "从下个月起"
    NOT = "not", "不停发"


class Unpaid(TextChoices):
    """Why days of a period bring nothing. The order is the order in which they are named when several apply."""

    STOPPED = "stopped", "停发"
    NO_GUARDIAN = "no_guardian", "没有生效的监护协议"
    NO_SCHEME = "no_scheme", "办法尚未施行"
    UNKNOWN = "unknown", "是否符合条件还没有查清"
    NOT_ELIGIBLE = "not_eligible", "不符合条件"
    INCIDENT = "incident", "肇事肇祸，该监护年度不发"
    BARRED = "barred", "即时结清后发生肇事肇祸，在停止申请的期限内"
    FAILED_DUTY = "failed_duty", "履责认定不合格"


class Hold(TextChoices):
    """Why an amount that was reckoned waits."""

    INCIDENT = "incident", "有待小组认定的肇事肇祸"
    DUTY = "duty", "履责还没有认定"
    ELIGIBILITY = "eligibility", "条件还没有查清"


class Met(TextChoices):
    """A criterion. Unknown stays unknown: it asks for the paper."""

    YES = "yes", "符合"
    NO = "no", "不符合"
    UNKNOWN = "unknown", "待核实"


class Role(TextChoices):
    """Who is paid."""

    GUARDIAN = "guardian", "监护人"
    ASSISTANT = "assistant", "协助监护人"


class Severity(TextChoices):
    """What a finding before paying does."""

    BLOCKING = "blocking", "不能发放"
    WARNING = "warning", "请核实"
