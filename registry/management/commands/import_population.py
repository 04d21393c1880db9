from registry.management.importing import ImportCommand
from registry.services import import_population


class Command(ImportCommand):
    help = "导入常住人口表。"
    work = staticmethod(import_population)
