"""signal.raise_signal where the sandbox forbids what it is made of.

At level Full no process may send itself a signal: the rule would have to name its id, and a restored guest has another.
Where Python handles the signal, its handler runs as if the signal had come. What the system would do (end the process)
is refused.
"""
from burrow_guest import __builtins__

import _signal
import _thread
import sys

from burrow_guest.imports import after_import

_raise_as_is = _signal.raise_signal


def install():
    if sys.platform == "linux":
        _signal.raise_signal = raise_signal
        after_import("signal", _wrap)


def raise_signal(signalnum, /):
    """Send a signal to the executing process."""
    try:
        _raise_as_is(signalnum)
    except PermissionError:
        handler = _signal.getsignal(signalnum)
        if handler != _signal.SIG_IGN:
            if not callable(handler):
                raise
            if sys.version_info >= (3, 10):
                _thread.interrupt_main(signalnum)
            elif signalnum == _signal.SIGINT:
                _thread.interrupt_main()
            else:
                raise


def _wrap(module):
    module.raise_signal = raise_signal
