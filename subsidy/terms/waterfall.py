"""Who pays a bill, in the order of the policies."""

from django.db.models import TextChoices


class Payer(TextChoices):
    """The order is the order of payment. Source: 邹城 二(六)."""

    BASIC = "basic", "基本医保"
    SERIOUS = "serious", "大病保险"
    COMMERCIAL = "commercial", "商业保险"
    MEDICAL_AID = "medical_aid", "医疗救助"
    OTHER = "other", "其他渠道"
    CIVIL_AFFAIRS = "civil_affairs", "民政救助管理经费"
    TREASURY = "treasury", "财政兜底"
    PERSON = "person", "个人支付"


class BillChannel(TextChoices):
    """Which rule a bill follows. Source: 邹城 二(六)."""

    TREASURY = "treasury", "医保报销、民政救助、财政兜底"
    CIVIL_AFFAIRS = "civil_affairs", "民政部门救助管理经费渠道"
    ORDINARY = "ordinary", "按参保地普通政策"


class EmergencyPayer(TextChoices):
    """疾病应急救助: the fund comes last. The order is the order of payment. Source: 滕州 三(一)3."""

    LIABLE = "liable", "责任人"
    WORK_INJURY = "work_injury", "工伤保险"
    INSURANCE = "insurance", "基本医疗保险等各类保险"
    MEDICAL_AID = "medical_aid", "医疗救助基金"
    ROAD_FUND = "road_fund", "道路交通事故社会救助基金"
    FUND = "fund", "疾病应急救助基金"
