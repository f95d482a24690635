"""Tracebacks as a cell's author wants them: the cell's own lines, no frames of the driver, no machine paths."""
from burrow_guest import __builtins__

import sys

from burrow_guest import sources
from burrow_guest.imports import after_import

_DRIVER = __file__.rpartition("/")[0] + "/"
_LIBRARY = sys.modules["encodings"].__file__.rpartition("/encodings/")[0].rpartition("/")[0] + "/"
_NAME_OF = type.__dict__["__name__"].__get__


def format_error(error):
    """The text of `error`. May run code of the cell: __str__ and __repr__."""
    try:
        from traceback import TracebackException

        sources.give_to_linecache()
        report = TracebackException(type(error), error, error.__traceback__)
        _clean(report, set())
        return "".join(report.format())
    except Exception:  # no memory left, or a cell has changed what this needs
        return f"{_NAME_OF(type(error))}\n"


def _report_threads_so(threading):
    def excepthook(arguments):
        """Reports an exception that ended a thread."""
        if arguments.exc_type is not SystemExit:
            name = arguments.thread.name if arguments.thread is not None else "?"
            sys.stderr.write(f"Exception in thread {name}:\n" + format_error(arguments.exc_value))

    threading.excepthook = excepthook


after_import("threading", _report_threads_so)


def _clean(report, seen):
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    if report.stack is not None:
        report.stack[:] = _of_the_cell(report.stack)
    _clean(report.__cause__, seen)
    _clean(report.__context__, seen)
    for inner in getattr(report, "exceptions", None) or ():
        _clean(inner, seen)


def _of_the_cell(stack):
    frames = [frame for frame in stack if not frame.filename.startswith(_DRIVER)]
    # What stands before the cell's first line (an event loop, say) called the cell.
    first = next((index for index, frame in enumerate(frames) if sources.has(frame.filename)), 0)
    for frame in frames:
        # `python3.13/json/decoder.py`, wherever that is installed.
        if frame.filename.startswith(_LIBRARY):
            frame.filename = frame.filename[len(_LIBRARY) :]
    return frames[first:]
