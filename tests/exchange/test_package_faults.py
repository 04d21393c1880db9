"""Cut anywhere: who prepares, signs, corrects or hands out a package dies at every point, and it happens once or not.

Each point twice here, twenty times in the nightly run (NIGHTLY=1).
"""

from pathlib import Path

import pytest
from django.utils import timezone
from redis import Redis

from accounts.scope import scope
from accounts.terms import Role
from exchange.models import Disclosure, Package, PackageDownload, PackageLetter, PackageOffer, PackagePart
from exchange.services.agency_keys import confirm_key, enter_key
from exchange.services.delivery import renew_offer
from exchange.services.failpoints import CORRECTING, FETCHING, PREPARING, RELEASING
from exchange.services.packages import reopen_package, sign_package
from exchange.services.preparing import open_due
from registry.models import Patient
from tests import factories
from tests.exchange.stand import standing, wait_for
from tests.exchange.test_faults import ROUNDS
from tests.exchange.test_keys import new_pair
from tests.exchange.test_packages import house

__all__ = ["house"]
pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).resolve().parents[2]


def count(house, model, **what) -> int:
    with scope(counties=[house["county"].pk]):
        return model.objects.filter(**what).count()


def test_there_are_enough_points():
    assert len(PREPARING + RELEASING + FETCHING + CORRECTING) >= 8


def test_two_clocks_prepare_once_and_a_death_leaves_nothing_half(house, packers):
    open_due(timezone.localdate())
    for _ in range(ROUNDS):
        for point in PREPARING:
            packers[0].dies(point, "prepare")
            assert Package.objects.get().state == "opened"
            assert count(house, PackagePart) == 0
    for packer in packers:
        packer.begin("prepare")
    assert [packer.end() for packer in packers] == [0, 0]
    package = Package.objects.get()
    assert (package.state, package.rows, count(house, PackagePart)) == ("prepared", 3, 3)


@pytest.fixture
def waiting(house, packers):
    """Prepared, signed by the first; the recipient's key is confirmed."""
    open_due(timezone.localdate())
    assert packers[0].do("prepare") == 0
    package = Package.objects.select_related("agency", "county").get()
    clerk, privacy = house["who"][Role.EXCHANGE_CLERK], house["who"][Role.PRIVACY_OFFICER]
    confirm_key(key=enter_key(agency=package.agency, public_key=new_pair()[1], by=clerk), by=privacy)
    officer = factories.make_user(Role.COUNTY_POLICE, house["county"], package.agency)
    sign_package(package=package, seen=package.content_sha256, by=house["who"][Role.COMMISSION])
    return {**house, "package": package, "clerk": clerk, "privacy": privacy, "officer": officer}


def test_a_signature_and_a_fetch_that_die_anywhere_happen_once_or_not(waiting, packers):
    package, second = waiting["package"], {"package": str(waiting["package"].uuid), "by": waiting["privacy"].username}
    for _ in range(ROUNDS):
        for point in RELEASING:
            packers[0].dies(point, "sign", **second)
            package.refresh_from_db()
            assert (package.state, package.released_by) == ("prepared", None)
            left = [count(waiting, one) for one in (Disclosure, PackageLetter, PackageOffer)]
            assert left == [0, 0, 0]
    for packer in packers:  # the button pressed twice
        packer.begin("sign", **second)
    assert sorted(packer.end() for packer in packers) == [0, 1]
    package.refresh_from_db()
    assert package.state == "released"
    assert [count(waiting, one) for one in (Disclosure, PackageLetter, PackageOffer)] == [2, 1, 1]
    third = {"package": str(package.uuid), "by": waiting["officer"].username}
    begun = 0
    for _ in range(ROUNDS):
        renew_offer(package=package, by=waiting["clerk"])
        for point in FETCHING:
            packers[0].dies(point, "fetch", **third)
            begun += point == "file_sent"  # the file has gone: that is counted, but nobody knows whether it arrived
            package.refresh_from_db()
            assert package.state == "released"
            assert count(waiting, PackageDownload) == begun
            assert count(waiting, PackageDownload, finished_at__isnull=False) == 0
            assert count(waiting, Disclosure, act="collected") == 2 * begun
    assert packers[0].do("fetch", **third) == 0
    package.refresh_from_db()
    assert (package.state, count(waiting, PackageDownload, finished_at__isnull=False)) == ("collected", 1)


def test_a_correction_that_dies_anywhere_is_made_once(waiting, packers):
    package = waiting["package"]
    assert packers[0].do("sign", package=str(package.uuid), by=waiting["privacy"].username) == 0
    with scope(counties=[waiting["county"].pk]):
        Patient.objects.filter(pk=waiting["high"].pk).update(residence_address="甲村新址九号")
    for _ in range(ROUNDS):
        for point in (*CORRECTING, *PREPARING[1:]):
            packers[0].dies(point, "correct")
            assert Package.objects.count() == 1
    for packer in packers:
        packer.begin("correct")
    assert [packer.end() for packer in packers] == [0, 0]
    assert Package.objects.filter(corrects=package).count() == 1


def test_a_broker_that_is_emptied_holds_up_no_package(house, tmp_path):
    """Whatever lay in it is lost, its queues too; what must happen stands in the database and is asked for again."""
    with standing(tmp_path) as stand:
        broker = Redis(unix_socket_path=str(stand.broker.socket))
        for name, ready in (("open", "prepared"), ("again", "prepared")):
            if name == "open":
                open_due(timezone.localdate())
            else:
                reopen_package(package=Package.objects.get(), because="补录", by=house["who"][Role.EXCHANGE_CLERK])
            for _ in range(3):
                broker.flushall()
            wait_for(lambda state=ready: Package.objects.get().state == state, f"the package to be {ready}: {name}")
        broker.close()
    assert count(house, PackagePart) == 3
