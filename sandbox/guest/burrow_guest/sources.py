"""The text of cells, for tracebacks and for `inspect.getsource`."""
from burrow_guest import __builtins__

from burrow_guest.imports import after_import

_cache = None
_entries = {}


def add(filename, source):
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # No modification time: linecache never checks such an entry against a file.
    _entries[filename] = (len(source), None, [line + "\n" for line in lines], filename)
    give_to_linecache()


def has(filename):
    return filename in _entries


def give_to_linecache():
    """Again, in case a cell has cleared the cache."""
    if _cache is not None:
        _cache.update(_entries)


def _on_import(linecache):
    global _cache
    _cache = linecache.cache
    give_to_linecache()


after_import("linecache", _on_import)
