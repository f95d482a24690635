"""Genuine `str` objects whose characters lie in a mapped file: `context` at any size without a copy.

CPython has a form of str whose header holds a pointer to the characters (it makes them for subclasses of str). A
header of that form is cloned from a live object and its type, reference count, length, hash and data pointers are
patched. Where those fields lie is found by looking at live objects; whatever looks unexpected raises, and the caller
reads the file instead. Each form is tried on a sample before it is used.

Such a str is immortal, and so is the mapping. The file must not shrink.
"""
from burrow_guest import __builtins__

import sys

from burrow_guest.c_memory import WORD, Block, WordBlock, bytes_at, object_at, words_at

if sys.platform == "win32":
    from burrow_guest.mapping_windows import map_file
else:
    from burrow_guest.mapping_posix import map_file

_COPY_BELOW = 1024  # characters: a header costs about 100 bytes, and short strings are better off compact
_PAGE = 4096  # the smallest there is

_ENCODINGS = {"ascii": ("a", "ascii"), 1: ("\xe9", "latin-1"), 2: ("\u4e2d", "utf-16-le"), 4: ("\U0001f600", "utf-32-le")}


class Unsupported(Exception):
    pass


class _Subclass(str):
    __slots__ = ()


def _immortal():
    """A reference count for ever. Since 3.12 (PEP 683) some objects have one: what None has in its low half."""
    if sys.version_info < (3, 12):
        return 1 << 60
    count = words_at(id(None), 1)[0] & 0xFFFF_FFFF
    if count < 1 << 31:
        raise Unsupported("this Python counts references in a way that is not known")
    return count


class _Form:
    """The header of one kind of str: "ascii", or 1, 2 or 4 bytes for a character."""

    def __init__(self, kind):
        self._sample, self._encoding = _ENCODINGS[kind]
        length = 1237  # no other field has this value
        text = self._sample * length
        model = _Subclass(text)
        words = words_at(id(model), str.__basicsize__ // WORD)
        data = words[-1]
        if words[1] != id(_Subclass) or words[2] != length or words[3] != (1 << 64) - 1:
            raise Unsupported("this Python lays str out in a way that is not known")
        if data < _PAGE or bytes_at(data, len(text.encode(self._encoding))) != text.encode(self._encoding):
            raise Unsupported("this Python keeps the characters of a str where they were not found")
        self._words = words
        self._words[0] = _immortal()
        self._words[1] = id(str)
        self._lengths = [i for i, word in enumerate(words) if word == length]
        self._pointers = [i for i, word in enumerate(words) if word == data]
        self._try_out()

    def make(self, length, address):
        """A str of `length` characters at `address`, where a NUL follows them."""
        words = self._words
        for i in self._lengths:
            words[i] = length
        for i in self._pointers:
            words[i] = address
        header = WordBlock(words)
        _kept.append(header)
        return object_at(header.address)

    def _try_out(self):
        expected = self._sample * 20 + "b" + self._sample * 20
        data = Block(expected.encode(self._encoding) + bytes(4))
        _kept.append(data)
        text = self.make(len(expected), data.address)
        before = sys.getrefcount(text)
        references = [text] * 100
        counted = sys.getrefcount(text) - before
        del references
        good = (
            type(text) is str
            and text == expected
            and hash(text) == hash(expected)
            and len(text) == 41
            and text.find("b") == 20
            and text[15:25] == expected[15:25]
            and text + "c" == expected + "c"
            and text.encode() == expected.encode()
            and text.isascii() == expected.isascii()
            and sys.getrefcount(text) == before
            and counted == (0 if sys.version_info >= (3, 12) else 100)
        )
        if not good:
            raise Unsupported("a mapped str did not behave as a str")


_kept = []  # headers and samples, for ever


def maker(descriptors, decode):
    """Maps the files. Returns a function that makes the str of a span, or raises Unsupported where that
    has to be read. Short ones are copied: `decode(data, width)`."""
    free_threaded = hasattr(sys, "_is_gil_enabled") and not sys._is_gil_enabled()
    if sys.implementation.name != "cpython" or hasattr(sys, "getobjects") or free_threaded:
        raise Unsupported("this is not a usual CPython")
    if sys.byteorder != "little" or sys.maxsize != (1 << 63) - 1:
        raise Unsupported("this is not a 64-bit little-endian machine")
    maps = {descriptor: map_file(descriptor) for descriptor in descriptors}
    forms = {}

    def make(span):
        if span["fd"] not in maps:
            raise Unsupported("the text is small")
        start, size, readable = maps[span["fd"]]
        width = span["width"]
        end = span["offset"] + span["length"] * width
        if end > size:
            raise OSError("a document is shorter than it was")
        if span["length"] < _COPY_BELOW:
            return decode(bytes_at(start + span["offset"], end - span["offset"]), width)
        if end + width > readable or any(bytes_at(start + end, width)):
            raise Unsupported("no NUL follows the text in its file")
        kind = "ascii" if span["ascii"] else width
        if kind not in forms:
            forms[kind] = _Form(kind)
        return forms[kind].make(span["length"], start + span["offset"])

    return make
