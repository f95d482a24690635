"""Which cell a thread belongs to: the one that started it, or the one that gave its pool the task it runs.

And when a thread has come to rest: it has ended, a task that it ran has its result, or it sleeps or waits. Answers go
to threads one after the other, each when the thread before is at rest: a run that is played again then sees them go on
in the same order, whatever the scheduler does.
"""
from burrow_guest import __builtins__

import _thread
from _thread import _local

from burrow_guest.imports import after_import

_here = _local()

on_rest = []  # called in the thread


def current_cell():
    """The cell that the calling thread works for, or None."""
    return getattr(_here, "cell", None)


def enter(cell):
    """The calling thread works for `cell` from now on; None: for no cell."""
    _here.cell = cell


def came_to_rest():
    for action in on_rest:
        action()


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
        return start(_resting(_belonging(function)), *arguments, **keywords)

    return start_thread


def _resting(function):
    def run(*arguments, **keywords):
        try:
            return function(*arguments, **keywords)
        finally:
            came_to_rest()

    return run


def _rest_in_waits(module):
    def resting(wait_as_is):
        def wait(self, timeout=None):
            came_to_rest()
            return wait_as_is(self, timeout)

        return wait

    module.Condition.wait = resting(module.Condition.wait)  # events, barriers, queues and futures wait with it, too
    module.Thread.join = resting(module.Thread.join)


def _order_results(module):
    """`as_completed` takes futures in the order in which they got their results, those that had one before it was
    called too; as it is, it takes these in the order of a set."""
    from heapq import heappop, heappush
    from itertools import count
    from queue import Empty, SimpleQueue

    places = count(1)

    def numbered(settle_as_is):
        def settle(self, value):
            self._place = next(places)
            settle_as_is(self, value)
            came_to_rest()

        return settle

    def as_completed(fs, timeout=None):
        """An iterator over the given futures that yields each as it completes (finished or cancelled)."""
        end = None if timeout is None else module.time.monotonic() + timeout
        futures = set(fs)
        total = len(futures)
        completed = SimpleQueue()
        while futures:
            futures.pop().add_done_callback(completed.put)  # whoever iterates may let go of what it has had
        ready = []
        for number in range(total):
            while not ready or not completed.empty():
                left = None if ready or end is None else max(0, end - module.time.monotonic())
                if not ready:
                    came_to_rest()
                try:
                    future = completed.get(not ready, left)
                except Empty:
                    if ready:
                        break
                    raise module.TimeoutError("%d (of %d) futures unfinished" % (total - number, total)) from None
                heappush(ready, (getattr(future, "_place", 0), id(future), future))
            future = None
            yield heappop(ready)[2]

    module.Future.set_result = numbered(module.Future.set_result)
    module.Future.set_exception = numbered(module.Future.set_exception)
    module.as_completed = as_completed


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
    after_import("threading", _rest_in_waits)
    after_import("concurrent.futures._base", _order_results)
    after_import("concurrent.futures.thread", _bind_tasks_to_cells)
