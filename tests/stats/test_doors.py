"""What stands at the door of `upturn.stats`, and what it costs to open it."""

import pkgutil
import subprocess
import sys

import upturn.stats


def test_every_exported_name_exists_and_every_public_name_is_exported():
    modules = {found.name for found in pkgutil.iter_modules(upturn.stats.__path__)}
    public = {name for name in vars(upturn.stats) if not name.startswith("_")} - modules
    assert public == set(upturn.stats.__all__)


def test_opening_the_door_loads_neither_numpy_nor_scipy():
    code = "import sys, upturn.stats; print({'numpy', 'scipy', 'django'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert run.stdout == "set()\n"
