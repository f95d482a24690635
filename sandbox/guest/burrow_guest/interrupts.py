"""What keeps the driver whole: SIGINT interrupts the running cell, never the driver and never half a frame.

    with held:      # one thread at a time; an interrupt that arrives inside is raised when the block ends
        write the frame

Python runs signal handlers in the main thread, between two bytecodes, so only that thread needs the delay. The
garbage collector, too, may run code of a cell (a finalizer) inside such a block: `held.is_mine()` tells.
"""
from burrow_guest import __builtins__

from _signal import SIGINT, signal
from _thread import RLock, get_ident
from sys import setprofile, settrace
from time import monotonic

MAIN_THREAD = get_ident()

# The driver needs a moment to catch the exception and disarm. The host may send the signal again and again, so one
# that comes sooner than this many seconds after the last is dropped.
_PAUSE = 0.02

on_interrupt = []  # called before KeyboardInterrupt is raised

_armed = False
_depth = 0
_pending = False
_raised_at = -1.0


def _on_sigint(number, frame):
    global _pending
    if not _armed:
        return
    if _depth:
        _pending = True
    else:
        _raise()


def _raise():
    global _pending, _raised_at
    _pending = False
    now = monotonic()
    if now - _raised_at > _PAUSE:
        _raised_at = now
        for action in on_interrupt:
            action()
        raise KeyboardInterrupt


class _Held:
    __slots__ = ("is_mine", "_lock")

    def __init__(self):
        self._lock = RLock()
        self.is_mine = self._lock._is_owned

    def __enter__(self):
        global _depth
        if get_ident() == MAIN_THREAD:
            _depth += 1
        self._lock.acquire()

    def __exit__(self, *exception):
        global _depth
        self._lock.release()
        if get_ident() == MAIN_THREAD:
            _depth -= 1
            if _pending and _armed and not _depth:
                _raise()


held = _Held()


def guarded(function, *arguments):
    """Calls `function` so that SIGINT interrupts it. Returns the exception that ended it, or None."""
    global _armed, _pending
    try:
        try:
            _pending = False
            _armed = True
            function(*arguments)
        finally:
            _armed = False
            settrace(None)  # or a tracer of the cell would run in the driver
            setprofile(None)
    except BaseException as error:
        _armed = False
        return error
    return None


def was_raised_since(moment):
    """Whether SIGINT raised KeyboardInterrupt after `moment`, a reading of the real time.monotonic()."""
    return _raised_at >= moment


def install():
    """Takes SIGINT (back: a cell may have set a handler of its own)."""
    signal(SIGINT, _on_sigint)
