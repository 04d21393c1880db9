from registry.services import import_patients
from registry.services.import_command import ImportCommand


class Command(ImportCommand):
    help = "导入患者表。"
    work = staticmethod(import_patients)
    accepts = True
