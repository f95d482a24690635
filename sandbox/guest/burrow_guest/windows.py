"""What POSIX has and Windows lacks, as far as the guest needs it: pipes that can be waited for, SIGINT from outside.

The launcher names three handles behind the driver: the pipe to read, the pipe to write, the event that interrupts. A
thread reads the pipe all the time, since Windows cannot wait for one together with something else; what it has read
stands in for descriptor 3. Pipes within the process are made of the same stuff. The files of documents are named by
their handles.
"""
from burrow_guest import __builtins__

import sys
from _signal import SIGINT, raise_signal
from _thread import allocate_lock, start_new_thread
from nt import _exit, lseek
from nt import close as close_file
from nt import fstat as stat_file
from nt import read as read_file
from nt import write as write_file

from _winapi import INFINITE, WaitForSingleObject
from msvcrt import open_osfhandle

_READS_FROM = 3
_WRITES_TO = 4
_BINARY = 0x8000
_READ = 1 << 16  # bytes
_PATIENCE = 0.1  # seconds that a wait may keep SIGINT from being noticed


class _Stream:
    """Bytes on their way from one thread to another."""

    def __init__(self):
        self.data = bytearray()
        self.ended = False


_streams = {}  # by their reading descriptor
_sleepers = []  # locks of the threads that wait for any stream
_guard = allocate_lock()
_next_descriptor = 1 << 16  # far from real ones


def _add(stream, data, ended=False):
    with _guard:
        stream.data += data
        stream.ended |= ended
        sleepers = _sleepers[:]
        _sleepers.clear()
    for lock in sleepers:
        lock.release()


def pipe():
    """Within this process: the writing descriptor is the reading one plus one."""
    global _next_descriptor
    with _guard:
        reading = _next_descriptor
        _next_descriptor += 2
        _streams[reading] = _Stream()
    return reading, reading + 1


def read(descriptor, size):
    stream = _streams[descriptor]
    with _guard:
        data = bytes(stream.data[:size])
        del stream.data[:size]
        if not data and not stream.ended:
            raise BlockingIOError
    return data


def write(descriptor, data):
    stream = _streams.get(descriptor - 1)
    if stream is None or descriptor == _WRITES_TO:
        return write_file(_pipe if descriptor == _WRITES_TO else descriptor, data)
    _add(stream, bytes(data))
    return len(data)


def close(descriptor):
    if descriptor in _files:
        close_file(_files.pop(descriptor))
    else:
        _streams.pop(descriptor, None)


def set_blocking(descriptor, blocking):
    pass  # The reading end of a stream never blocks.


def sleep_on(lock):
    """A lock that is waited for without end keeps the main thread from noticing SIGINT."""
    while not lock.acquire(True, _PATIENCE):
        pass


def select(readers, writers=(), exceptional=(), timeout=None):
    """As select.select(), for streams. May return early, with nothing."""
    lock = allocate_lock()
    lock.acquire()
    with _guard:
        ready = _ready(readers)
        if not ready:
            _sleepers.append(lock)
    if not ready:
        if timeout is None:
            sleep_on(lock)
        else:
            lock.acquire(True, min(max(timeout, 0), _PATIENCE))
        with _guard:
            if lock in _sleepers:
                _sleepers.remove(lock)
            ready = _ready(readers)
    return ready, [], []


def _ready(readers):
    return [reader for reader in readers if _streams[reader].data or _streams[reader].ended]


def load_select():
    return select


# ---- documents

_files = {}  # handle → descriptor of the C runtime


def _file(handle):
    if handle not in _files:
        _files[handle] = open_osfhandle(handle, _BINARY)  # to be read only
    return _files[handle]


def pread(handle, size, at):
    lseek(_file(handle), at, 0)
    return read_file(_file(handle), size)


def fstat(handle):
    return stat_file(_file(handle))


# ---- what there is no need for


def alarm(seconds):
    """No cell can have set one."""


def uname():
    raise OSError("Windows has no such name")


def use_utc():
    """The launcher has set TZ."""


# ---- the two ends to the host


def _keep_reading(descriptor, stream):
    while True:
        try:
            data = read_file(descriptor, _READ)
        except OSError:
            data = b""
        _add(stream, data, not data)
        if not data:
            return


def _keep_listening(event):
    while True:
        WaitForSingleObject(event, INFINITE)
        raise_signal(SIGINT)  # Python's handler runs in the main thread, whoever raises it.


_reading, _writing, _interrupt = [int(word) for word in sys.argv[1:4]]
del sys.argv[1:]
_pipe = open_osfhandle(_writing, _BINARY)
_streams[_READS_FROM] = _Stream()
start_new_thread(_keep_reading, (open_osfhandle(_reading, _BINARY), _streams[_READS_FROM]))
start_new_thread(_keep_listening, (_interrupt,))
