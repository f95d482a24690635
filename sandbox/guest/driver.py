"""The program inside the sandbox: `python3 -s -S driver.py`. It runs cells and keeps their variables.

Frames come on descriptor 3 and leave on descriptor 4 (sandbox/host/protocol.h). Standard library only, CPython 3.9
to 3.14. Start-up is paid for every child RLM, so the package imports C modules and, of Python ones, what a bare
interpreter has loaded anyway; the rest (traceback, asyncio, ctypes) is imported when first needed.
"""
import sys

folder = sys.path.pop(0)  # Cells must not find the driver's modules by accident.
sys.path.insert(0, folder)
from burrow_guest import repl  # noqa: E402

sys.path.remove(folder)
repl.main()
