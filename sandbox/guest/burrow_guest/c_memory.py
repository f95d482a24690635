"""C functions and raw memory, from the C half of ctypes alone: the Python half takes 5 ms to import."""
from burrow_guest import __builtins__

import sys
from _ctypes import FUNCFLAG_CDECL, FUNCFLAG_USE_ERRNO, CFuncPtr, PyObj_FromPtr, _SimpleCData, addressof
from _ctypes import get_errno, sizeof  # noqa: F401: for the users of this module

object_at = PyObj_FromPtr


class Word(_SimpleCData):
    """An unsigned machine word; also a pointer."""

    _type_ = "Q" if sys.platform == "win32" else "L"


class Int(_SimpleCData):
    _type_ = "i"


class _Char(_SimpleCData):
    _type_ = "c"


WORD = sizeof(Word)


class _SystemLibrary:
    """libc; on Windows kernel32."""

    try:
        from _ctypes import dlopen

        _handle = dlopen(None, 0)
    except ImportError:
        from _ctypes import LoadLibrary

        _handle = LoadLibrary("kernel32.dll")


def function(name, result, *arguments):
    """A function of the system's own library, with the types above."""

    class Function(CFuncPtr):
        _flags_ = FUNCFLAG_CDECL | FUNCFLAG_USE_ERRNO
        _restype_ = result
        _argtypes_ = arguments

    return Function((name, _SystemLibrary))


def bytes_at(address, size):
    return (_Char * size).from_address(address).raw


def words_at(address, count):
    return list((Word * count).from_address(address))


class Block:
    """Memory of our own. Keep the object as long as the memory is used."""

    def __init__(self, content):
        self._memory = (_Char * len(content)).from_buffer_copy(content)
        self.address = addressof(self._memory)


class WordBlock(Block):
    def __init__(self, words):
        self._memory = (Word * len(words))(*words)
        self.address = addressof(self._memory)
