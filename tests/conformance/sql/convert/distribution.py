"""Importing from an unpacked source distribution, and stand-ins for what its tests import besides.

The tests are imported to record what they call their helpers with. They never need the libraries that
they compare with, so these are not installed.
"""

import sys
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def distribution(folder):
    """Its packages can be imported inside; both distributions call one of theirs `tests`."""
    sys.path.insert(0, str(folder))
    before = set(sys.modules)
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if name.split(".")[0] == "tests":
                del sys.modules[name]


def stand_in(name, **attributes):
    """Makes `import name` give a module that has these attributes and nothing else."""
    parts = name.split(".")
    for count in range(1, len(parts)):
        sys.modules.setdefault(".".join(parts[:count]), ModuleType(".".join(parts[:count])))
    module = ModuleType(name)
    vars(module).update(attributes)
    sys.modules[name] = module
