"""Which cell a thread belongs to: the one that started it, or the one that gave its pool the task it runs."""
from burrow_guest import __builtins__

import _thread
from _thread import _local

from burrow_guest.imports import after_import

_here = _local()


def current_cell():
    """The cell that the calling thread works for, or None."""
    return getattr(_here, "cell", None)


def enter(cell):
    """The calling thread works for `cell` from now on; None: for no cell."""
    _here.cell = cell


def _belonging(function):
    """`function`, to be called in whatever thread on behalf of the caller's cell."""
    cell = current_cell()

    def run(*arguments, **keywords):
        before = current_cell()
        _here.cell = cell
        try:
            return function(*arguments, **keywords)
        finally:
            _here.cell = before

    return run


def _inheriting(start):
    def start_thread(function, *arguments, **keywords):
        if not callable(function):
            return start(function, *arguments, **keywords)  # raises
        return start(_belonging(function), *arguments, **keywords)

    return start_thread


def _bind_tasks_to_cells(module):
    # The threads of a pool live on; what they run belongs to the cell that submitted it.
    submit_as_is = module.ThreadPoolExecutor.submit

    def submit(self, function, /, *arguments, **keywords):
        return submit_as_is(self, _belonging(function), *arguments, **keywords)

    module.ThreadPoolExecutor.submit = submit


def install():
    """Call before `threading` is imported: that keeps references of its own."""
    for name in ("start_new_thread", "start_new", "start_joinable_thread"):
        if hasattr(_thread, name):
            setattr(_thread, name, _inheriting(getattr(_thread, name)))
    _thread.stack_size(1 << 20)
    after_import("concurrent.futures.thread", _bind_tasks_to_cells)
