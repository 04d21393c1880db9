"""Vocabulary of an application and of the quarterly word on duty."""

from django.db.models import TextChoices


class ApplicationState(TextChoices):
    """From the village to the county and back to the family. Source: practice.md A1 (北京, 石泉, 肥西, 顺德), A2."""

    DRAFT = "draft", "草稿"
    TAKEN_IN = "taken_in", "村（居）已受理"
    FIRST_PASSED = "first_passed", "初审通过"
    TOWNSHIP_PASSED = "township_passed", "镇街复审通过"
    COUNTY_PASSED = "county_passed", "县级联审通过"
    PUBLISHED = "published", "公示中"
    APPROVED = "approved", "已批准"
    RETURNED = "returned", "退回补正"
    REFUSED = "refused", "不予批准"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已终止"


class OpinionOffice(TextChoices):
    """Whose opinion the township's review needs. Source: practice.md A2; 邹城 二(七)."""

    CIVIL_AFFAIRS = "civil_affairs", "民政"
    POLICE = "police", "派出所"
    HEALTH = "health", "卫生院"


class DutyResult(TextChoices):
    """履责认定 of a quarter. Source: 河北 2016 (every three months), 北京 (年度认定、即时认定)."""

    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"
