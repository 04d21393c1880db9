from functools import partial

from followup.services.visit_import import import_visits
from registry.services.import_command import ImportCommand
from registry.services.lanes import LANES


class Command(ImportCommand):
    help = "Import a visits file (.xlsx or .csv); the same file again creates nothing."
    work = staticmethod(partial(import_visits, lanes=LANES))
