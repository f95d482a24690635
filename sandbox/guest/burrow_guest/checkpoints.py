"""Frozen copies of the whole process, made between two cells: each is a snapshot of every variable.

A copy is forked twice, so that it belongs to the namespace's first process (sandbox/launcher/init_linux.cpp), which
alone can wake or end it. It sleeps until then, and reads no frame. Woken, it forks what goes on in the guest's place,
and sleeps again: it can be woken any number of times.

The fork is libc's own. Python's would run what modules and cells have registered for it, and so seed `random` anew.
"""
from burrow_guest import __builtins__

from _signal import SIG_BLOCK, SIG_SETMASK, SIGUSR1, pthread_sigmask, sigwait, valid_signals
from _thread import _count as count_threads
from errno import EPERM
from posix import _exit, getpid, getppid, sched_yield, waitpid

from burrow_guest import event_loops, scratch
from burrow_guest.descriptors import open_descriptors

_INIT = 1  # the process id of the namespace's first process
_SIGNALS = valid_signals()


class Unavailable(Exception):
    """Its text is one of the reasons that protocol.h lists."""


class Checkpoints:
    def __init__(self, channel, host):
        self._channel = channel
        self._host = host
        self._fork = None

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
        if self._fork is None:
            try:
                from burrow_guest.c_memory import Int, function
            except ImportError:
                raise Unavailable("ctypes") from None
            self._fork = function("fork", Int)
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
        child = self._fork_once()
        if child:
            _, status = waitpid(child, 0)
            if status:
                raise Unavailable("processes")
            return False
        try:
            if self._fork_once():
                _exit(0)
        except Unavailable:
            _exit(1)
        while getppid() != _INIT:
            sched_yield()
        self._channel.adopt()
        return True

    def _fork_once(self):
        process = self._fork()
        if process < 0:
            from burrow_guest.c_memory import get_errno

            # Below level Full the sandbox forbids it.
            raise Unavailable("sandbox" if get_errno() == EPERM else "processes")
        return process
