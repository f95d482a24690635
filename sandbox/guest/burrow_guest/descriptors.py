"""Open descriptors of the process, and those that a forked process must not share with the one it came from."""
from burrow_guest import __builtins__

from posix import close, dup2, pipe, set_blocking, sysconf


def open_descriptors():
    from select import POLLNVAL, poll

    poller = poll()
    every = range(sysconf("SC_OPEN_MAX"))
    for descriptor in every:
        poller.register(descriptor, 0)
    return {*every}.difference([descriptor for descriptor, events in poller.poll(0) if events & POLLNVAL])


def renew_pipe(reading, writing, blocking):
    """Makes them the ends of a new pipe."""
    for old, new in zip((reading, writing), pipe()):
        dup2(new, old, False)
        close(new)
        set_blocking(old, blocking)
