"""How far an address may be told to an office that must not know the door."""

import re

_TOWNSHIP = re.compile(r"^.*?(?:街道|镇|乡)(?!村|社区)")
_VILLAGE = re.compile(r"^.*?(?:社区|居委会|居民委员会|村民委员会|村委会|行政村|村|嘎查)")
_GROUP = re.compile(r"^\s*第?[0-9〇零一二三四五六七八九十百]+\s*(?:村民小组|居民小组|小组|组|社|队)")
_DOOR = re.compile(r"[〇零一二三四五六七八九十百]+\s*(?:号|栋|幢|单元|室|楼|层|户|弄|巷)|[0-9A-Za-z０-９]")


def without_door(address: str) -> str:
    """Cut an address after its village or community and the group; without a village, before the first door number.

    Source: decisions B20 (政法委与综治中心不给门牌). What cannot be told apart is cut: too short is safe, and an empty
    answer means that the caller names the village from the register instead.
    """
    text = address.strip()
    head = _end(_TOWNSHIP, text)
    village = _end(_VILLAGE, text[head:])
    door = _DOOR.search(text, head)
    if village and (door is None or door.start() >= head + village):  # a door before the village is still a door
        end = head + village
        return text[: end + _end(_GROUP, text[end:])].strip()
    return text[: door.start() if door else head].strip(" ，,、-")


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
