from exchange.models.alert import Alert, AlertEntry, Feedback, Receipt
from exchange.models.county_ledger import CountyDisclosure
from exchange.models.delivery import Delivery, DeliveryEvent
from exchange.models.disclosure import Disclosure
from exchange.models.inbound import Difference, InboundContent, InboundLetter, InboundList, OwnInbound
from exchange.models.inbox import InboxCase, InboxEntry, InboxFeedback
from exchange.models.joint import JointMember, JointVisit
from exchange.models.keys import AgencyKey
from exchange.models.my_package import MyPackage, MyPackageRow
from exchange.models.notice import Notice, NoticeChannel
from exchange.models.package import Package, PackagePart
from exchange.models.package_delivery import PackageDownload, PackageLetter, PackageOffer, PackageRun
from exchange.models.package_receipt import PackageClosing, PackageReceipt, PackageReceiptRow, PackageRefusal
from exchange.models.person_notice import MyNotice, PersonNotice, PersonNoticeCopy
from exchange.models.platform import PlatformHeaders
from exchange.models.portal import EmergencyRequest, MyEmergency, PortalStop
from exchange.models.template import RecipientTemplate

__all__ = [
    "AgencyKey",
    "Alert",
    "AlertEntry",
    "CountyDisclosure",
    "Delivery",
    "DeliveryEvent",
    "Difference",
    "Disclosure",
    "EmergencyRequest",
    "Feedback",
    "InboundContent",
    "InboundLetter",
    "InboundList",
    "InboxCase",
    "InboxEntry",
    "InboxFeedback",
    "JointMember",
    "JointVisit",
    "MyEmergency",
    "MyNotice",
    "MyPackage",
    "MyPackageRow",
    "Notice",
    "NoticeChannel",
    "OwnInbound",
    "Package",
    "PackageClosing",
    "PackageDownload",
    "PackageLetter",
    "PackageOffer",
    "PackagePart",
    "PackageReceipt",
    "PackageReceiptRow",
    "PackageRefusal",
    "PackageRun",
    "PersonNotice",
    "PersonNoticeCopy",
    "PlatformHeaders",
    "PortalStop",
    "Receipt",
    "RecipientTemplate",
]
