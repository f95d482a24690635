"""Frozen copies of the whole process, made between two cells: each is a snapshot of every variable.

A copy is a child of the namespace's first process (sandbox/launcher/init_linux.cpp), which alone can wake or end it. It
sleeps until then, and reads no frame. Woken, it forks what goes on in the guest's place, and sleeps again: it can be
woken any number of times.

The fork is the system's own. Python's would run what modules and cells have registered for it, and so seed `random`
anew; the C library's makes only children, and a second fork to lose the parent would double the time. What the C
library does besides is for other threads, and there are none.
"""
from burrow_guest import __builtins__

from _signal import SIG_BLOCK, SIG_SETMASK, SIGCHLD, SIGUSR1, pthread_sigmask, sigwait, valid_signals
from _thread import _count as count_threads
from errno import EPERM
from posix import _exit, getpid, uname

from burrow_guest import event_loops, scratch
from burrow_guest.descriptors import open_descriptors

_SIGNALS = valid_signals()
_CLONE = {"x86_64": 56, "aarch64": 220}.get(uname().machine)  # the system call's number
_CLONE_PARENT = 0x8000


class Unavailable(Exception):
    """Its text is one of the reasons that protocol.h lists."""


class Checkpoints:
    def __init__(self, channel, host):
        self._channel = channel
        self._host = host
        self._system_call = None

    def take(self, number):
        """Leaves a frozen copy behind, which tells the host of itself. Returns in the guest, and in each process that
        is later restored from the copy."""
        try:
            files = self._prepare()
            if self._fork_apart():
                self._freeze(number, files)
        except Unavailable as error:
            self._channel.send({"op": "kept", "id": number, "pid": 0, "why": str(error)})
        except MemoryError:
            self._channel.send({"op": "kept", "id": number, "pid": 0, "why": "memory"})

    def _prepare(self):
        """Returns the content of the scratch folder. Raises Unavailable where a copy would not be whole."""
        if count_threads() > 0:
            raise Unavailable("threads")
        own = {0, 1, 2, *self._host.descriptors(), *event_loops.descriptors()}
        if open_descriptors() - own:
            raise Unavailable("files")
        if _CLONE is None:
            raise Unavailable("system")
        if self._system_call is None:
            try:
                from burrow_guest.c_memory import Int, Word, function
            except ImportError:
                raise Unavailable("ctypes") from None
            self._system_call = function("syscall", Int, *[Word] * 6)
        try:
            return scratch.read()
        except OSError:
            raise Unavailable("scratch") from None

    def _freeze(self, number, files):
        """Returns in a restored process alone."""
        before = pthread_sigmask(SIG_BLOCK, _SIGNALS)
        self._channel.send({"op": "kept", "id": number, "pid": getpid(), "why": None})
        while True:
            sigwait((SIGUSR1,))
            try:
                if self._fork_apart():
                    break
            except Unavailable as error:
                self._channel.send({"op": "restored", "id": number, "pid": 0, "why": str(error)})
        self._host.forget()
        self._host.renew_descriptors()
        event_loops.renew_descriptors()
        try:
            scratch.write(files)
        except OSError:
            self._channel.send({"op": "restored", "id": number, "pid": 0, "why": "scratch"})
            _exit(1)
        pthread_sigmask(SIG_SETMASK, before)
        self._channel.send({"op": "restored", "id": number, "pid": getpid(), "why": None})

    def _fork_apart(self):
        """Forks a process that is the first process' child. Returns whether this is it."""
        process = self._system_call(_CLONE, _CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)
        if process < 0:
            from burrow_guest.c_memory import get_errno

            # Below level Full the sandbox forbids it.
            raise Unavailable("sandbox" if get_errno() == EPERM else "processes")
        if process > 0:
            return False
        self._channel.adopt()
        return True
