import pytest

from exchange.rules.address import without_door


@pytest.mark.parametrize(
    ("address", "told"),
    [
        pytest.param("麻旺镇龙坝村3组18号", "麻旺镇龙坝村3组", id="village-group-door"),
        pytest.param("麻旺镇龙坝村 3 组 18 号", "麻旺镇龙坝村 3 组", id="with-spaces"),
        pytest.param("麻旺镇龙坝村第三村民小组18号", "麻旺镇龙坝村第三村民小组", id="group-in-words"),
        pytest.param("麻旺镇龙坝村18号", "麻旺镇龙坝村", id="no-group"),
        pytest.param("麻旺镇龙坝村陈家大院", "麻旺镇龙坝村", id="a-named-yard-is-a-door"),
        pytest.param("麻旺镇龙坝村", "麻旺镇龙坝村", id="already-short"),
        pytest.param("龙坝村3组18号", "龙坝村3组", id="no-township"),
        pytest.param("桃花源街道城北社区桃花源大道中路12号3单元502", "桃花源街道城北社区", id="community-and-street"),
        pytest.param("东一社区3组18号", "东一社区3组", id="community-group"),
        pytest.param("桃花源街道桃花源大道中路12号", "桃花源街道桃花源大道中路", id="street-without-village"),
        pytest.param("桃花源街道八一路一百二十号", "桃花源街道八一路", id="numerals-in-words"),
        pytest.param("阳光小区5栋2单元301", "阳光小区", id="estate-only"),
        pytest.param("桃花源街道阳光花园Ａ座", "桃花源街道", id="nothing-to-cut-at-is-cut-at-the-township"),
        pytest.param("麻旺镇正街理发店楼上", "麻旺镇", id="words-for-a-door"),
        pytest.param("古镇村2组7号", "古镇村2组", id="town-inside-a-village-name"),
        pytest.param("酉水镇古镇村2组7号", "酉水镇古镇村2组", id="town-before-such-a-village"),
        pytest.param("新村镇下村2组7号", "新村镇下村2组", id="village-inside-a-town-name"),
        pytest.param("中关村街道知春里社区5号楼", "中关村街道知春里社区", id="village-inside-a-street-name"),
        pytest.param("龙坝村委会旁边", "龙坝村委会", id="committee"),
        pytest.param("城东居委会7号", "城东居委会", id="residents-committee"),
        pytest.param("正街18号", "正街", id="street-only"),
        pytest.param("理发店楼上", "", id="nothing-known"),
        pytest.param("桃花源街道桃花源大道88号玉柱社区", "桃花源街道桃花源大道", id="door-before-the-community"),
        pytest.param("麻旺镇国道旁12号龙坝村3组", "麻旺镇国道旁", id="door-before-the-village"),
        pytest.param("", "", id="empty"),
    ],
)
def test_an_address_loses_its_door(address, told):
    assert without_door(address) == told
