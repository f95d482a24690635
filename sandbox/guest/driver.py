"""The program inside the sandbox: `python3 -s -S driver.py`. It runs cells and keeps their variables.

Frames come on descriptor 3 and leave on descriptor 4 (sandbox/host/protocol.h). Standard library only, CPython 3.9
to 3.14. Start-up is paid for every child RLM, so the package imports C modules and, of Python ones, what a bare
interpreter has loaded anyway; the rest (traceback, asyncio, ctypes) is imported when first needed. What it imports at
once comes from an image (make_image.py), where there is one for this interpreter.
"""
import sys
from _frozen_importlib_external import MAGIC_NUMBER
from _imp import _fix_co_filename
from marshal import loads

folder = sys.path.pop(0)  # Cells must not find the driver's modules by accident.


def load(image):
    for name, file, code in loads(image):
        module = sys.modules[name] = type(sys)(name)
        module.__file__ = f"{folder}/{file}"
        package, _, own = name.rpartition(".")
        if package:
            setattr(sys.modules[package], own, module)
        else:
            module.__path__ = [f"{folder}/{name}"]
        _fix_co_filename(code, module.__file__)
        exec(code, module.__dict__)


try:
    with open(f"{folder}/{MAGIC_NUMBER.hex()}.image", "rb") as file:
        load(file.read())
except FileNotFoundError:
    sys.path.insert(0, folder)
    import burrow_guest.repl  # noqa: F401

    sys.path.remove(folder)
sys.modules["burrow_guest.repl"].main()
