from registry.services import import_population
from registry.services.import_command import ImportCommand


class Command(ImportCommand):
    help = "导入常住人口表。"
    work = staticmethod(import_population)
