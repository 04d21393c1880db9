"""Vocabulary of 动态分色: the colours a county may use, the gravest first. Codes of our own."""

from django.db.models import TextChoices


class Colour(TextChoices):
    """动态分色. Grey is for who is not at home in the community and takes no part in rising and falling. Source: 酉阳 十四."""

    RED = "red", "红色"
    ORANGE = "orange", "橙色"
    YELLOW = "yellow", "黄色"
    GREEN = "green", "绿色"
    GREY = "grey", "灰色"
