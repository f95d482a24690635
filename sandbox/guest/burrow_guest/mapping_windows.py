"""Maps a file with kernel32: Python's own mmap keeps a hidden duplicate of the handle."""
from burrow_guest import __builtins__

from _winapi import CloseHandle

from burrow_guest.c_memory import Int, Word, function
from burrow_guest.system import fstat

_PAGE = 4096
_PAGE_READONLY = 2
_FILE_MAP_READ = 4


def map_file(handle):
    """Returns the address of the whole file, its size, and how many bytes can be read there: zeros fill its last page,
    and what follows that is not there."""
    create = function("CreateFileMappingW", Word, Word, Word, Int, Int, Int, Word)
    view = function("MapViewOfFile", Word, Word, Int, Int, Int, Word)
    size = fstat(handle).st_size
    mapping = create(handle, 0, _PAGE_READONLY, 0, 0, 0)
    address = view(mapping, _FILE_MAP_READ, 0, 0, 0) if mapping else 0
    if mapping:
        CloseHandle(mapping)  # The view keeps it.
    if not address:
        raise OSError("the file could not be mapped")
    return address, size, -(-size // _PAGE) * _PAGE
