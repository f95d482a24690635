"""Maps a file with libc's mmap: Python's own keeps a hidden duplicate of the descriptor."""
from burrow_guest import __builtins__

import sys

from burrow_guest.c_memory import Int, Word, function, get_errno
from burrow_guest.system import fstat

_PAGE = 4096  # the smallest there is

_PROT_READ = 1
_MAP_PRIVATE = 2
_MAP_FIXED = 0x10
_MAP_ANONYMOUS = 0x20 if sys.platform == "linux" else 0x1000
_FAILED = (1 << 64) - 1


def map_file(descriptor):
    """Returns the address of the whole file, its size, and how many bytes can be read there: zeros follow it.

    A file may fill its last page, so it is mapped over the beginning of a larger range of zeros."""
    mmap = function("mmap", Word, Word, Word, Int, Int, Int, Word)
    size = fstat(descriptor).st_size
    address = mmap(0, size + _PAGE, _PROT_READ, _MAP_PRIVATE | _MAP_ANONYMOUS, -1, 0)
    if address != _FAILED:
        address = mmap(address, size, _PROT_READ, _MAP_PRIVATE | _MAP_FIXED, descriptor, 0)
    if address == _FAILED:
        raise OSError(f"the file could not be mapped (error {get_errno()})")
    return address, size, size + _PAGE
