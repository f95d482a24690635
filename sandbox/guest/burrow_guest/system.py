"""The few calls of the operating system that the guest makes, under their POSIX names."""
from burrow_guest import __builtins__

try:
    import posix as native
    from _signal import alarm
    from posix import _exit, close, fstat, getpid, pipe, pread, read, set_blocking, uname, write
except ImportError:
    import nt as native  # noqa: F401
    from nt import getpid  # noqa: F401

    from burrow_guest.windows import (  # noqa: F401
        _exit,
        alarm,
        close,
        fstat,
        load_select,
        pipe,
        pread,
        read,
        set_blocking,
        sleep_on,
        uname,
        use_utc,
        write,
    )
else:

    def load_select():
        """The function `select`. Most cells never wait, so its module is loaded when first needed."""
        from select import select

        return select

    def sleep_on(lock):
        """Waits for `lock`; SIGINT interrupts it."""
        lock.acquire()

    def use_utc():
        from time import tzset

        native.putenv(b"TZ", b"UTC0")
        tzset()
