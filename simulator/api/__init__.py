"""The endpoints of /cgi-bin, one module per noun; importing this package fills the table of routes."""

import importlib
import pkgutil

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")
