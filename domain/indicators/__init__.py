"""One formula per file; importing the package registers them all."""

from importlib import import_module
from pkgutil import iter_modules

for _sibling in iter_modules(__path__):
    import_module(f"{__name__}.{_sibling.name}")
