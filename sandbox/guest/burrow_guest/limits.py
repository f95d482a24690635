"""Which limit of the sandbox made a cell raise."""
from burrow_guest import __builtins__

from errno import EAGAIN, EFBIG, EMFILE, ENOSPC

from burrow_guest.system import native

_BY_ERRNO = {EFBIG: "scratch_bytes", EMFILE: "open_files", EAGAIN: "threads"}


def limit_behind(error):
    """The name of protocol.h for the limit that `error` tells of, or None."""
    if isinstance(error, MemoryError):
        return "memory"
    if type(error) is RuntimeError and error.args == ("can't start new thread",):
        return "threads"
    if not isinstance(error, OSError):
        return None
    if error.errno == ENOSPC:
        return "scratch_bytes" if _has_free_inodes() else "scratch_files"
    return _BY_ERRNO.get(error.errno)


def _has_free_inodes():
    try:
        return native.statvfs("/scratch").f_ffree > 0
    except (AttributeError, OSError):
        return True
