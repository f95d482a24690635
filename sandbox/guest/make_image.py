"""Writes what the driver beside it imports when it starts into one file for the interpreter that runs this: code, in
the order in which the modules need each other. To find, check and read two dozen files takes nearly as long as all
else that the driver does until it is ready.
"""
import marshal
import os
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import MAGIC_NUMBER

folder = sys.path[0]
modules = []
exec_module = SourceFileLoader.exec_module


def record(loader, module):
    exec_module(loader, module)  # and what it imports, so that comes first
    if module.__name__.startswith("burrow_guest"):
        file = os.path.relpath(module.__file__, folder).replace(os.sep, "/")
        modules.append((module.__name__, file, loader.get_code(module.__name__)))


SourceFileLoader.exec_module = record
import burrow_guest.repl  # noqa: E402, F401

name = f"{folder}/{MAGIC_NUMBER.hex()}.image"
with open(name + ".part", "wb") as image:
    image.write(marshal.dumps(modules))
os.replace(name + ".part", name)  # whole, or not there
