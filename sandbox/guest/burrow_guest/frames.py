"""Frames as sandbox/host/protocol.h defines them, and the JSON and text they are made of."""
from burrow_guest import __builtins__

from _codecs import register_error

from burrow_guest.interrupts import held
from burrow_guest.system import _exit, getpid, read, set_blocking, write

READS_FROM = 3
WRITES_TO = 4
MAX_HEADER_BYTES = 4 << 20  # this and what follows: of one frame
MAX_PARTS = 200_000
MAX_CONTEXTS = 20_000
MAX_PARTS_BYTES = 250_000_000  # the host bears a little more

_CHUNK = 1 << 18  # bytes gathered for one write
_READ = 1 << 16  # bytes asked for by one read: a buffer that malloc keeps at hand
_PREFIX = 8  # bytes that tell how long the header is, and how many parts follow


def _to_replacement_character(error):
    return b"\xef\xbf\xbd" * (error.end - error.start), error.end


register_error("burrow.replace", _to_replacement_character)


def utf8(text):
    """UTF-8, each lone surrogate as U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "burrow.replace")


def _not_json(value):
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _c_json():
    """The C halves of the json module, without the module: importing that takes longer than all of the guest."""
    from _json import encode_basestring_ascii, make_encoder, make_scanner

    class Options:
        strict = False
        object_hook = object_pairs_hook = None
        parse_float = float
        parse_int = int
        parse_constant = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}.__getitem__

    scan = make_scanner(Options)

    def dumps(value):
        encode = make_encoder({}, _not_json, encode_basestring_ascii, None, ":", ",", False, False, True)
        return "".join(encode(value, 0))

    def loads(text):
        return scan(text.strip(), 0)[0]

    if loads(dumps({"a": ["é", 1, None]})) != {"a": ["é", 1, None]}:
        raise ImportError
    return dumps, loads


try:
    dumps, loads = _c_json()
except Exception:  # another interpreter than the ones this was written for
    from json import dumps, loads


def _size(part):
    if type(part) is bytes or part.isascii():
        return len(part)
    return len(utf8(part))


class Channel:
    """The two pipes. Any thread may send; who may receive is settled by host_calls.py."""

    def __init__(self):
        self._buffer = bytearray()
        self._needed = _PREFIX  # bytes from the start of the buffer, until more can be told
        self.adopt()
        # The read end is the guest's alone; waiting is done with select, which SIGINT can interrupt safely.
        set_blocking(READS_FROM, False)

    def adopt(self):
        """The calling process speaks for the REPL from now on."""
        self._owner = getpid()

    def is_own(self):
        """Whether the calling process speaks for the REPL: one that a cell forked does not."""
        return getpid() == self._owner

    def send(self, header, parts=()):
        """Writes one frame. A part is bytes, or str: that is encoded while it is written, so that a batch of
        large prompts never exists a second time."""
        if not self.is_own():
            return
        head = dumps(header).encode()
        if len(parts) > MAX_PARTS:
            raise ValueError(
                f"one call can carry {MAX_PARTS:,} prompts and contexts and this one has {len(parts):,}: "
                "make several calls"
            )
        contexts = len(header.get("contexts", ()))
        if contexts > MAX_CONTEXTS:
            raise ValueError(
                f"one call can carry {MAX_CONTEXTS:,} contexts and this one has {contexts:,}: make several calls"
            )
        if len(head) > MAX_HEADER_BYTES:
            raise ValueError("a model cannot have so long a name: leave `model` out")
        sizes = [_size(part) for part in parts]
        if sum(sizes) > MAX_PARTS_BYTES:
            raise ValueError(
                f"one call can carry {MAX_PARTS_BYTES:,} bytes of text and this one has {sum(sizes):,}: "
                "make several calls"
            )
        pending = [(len(head) | len(sizes) << 32).to_bytes(_PREFIX, "little"), head]
        pending += [size.to_bytes(8, "little") for size in sizes]
        gathered = 0
        with held:
            for part, size in zip(parts, sizes):
                data = part if type(part) is bytes else utf8(part)
                if gathered + size > _CHUNK:
                    _write_all(b"".join(pending))
                    pending.clear()
                    gathered = 0
                if size > _CHUNK:
                    _write_all(data)
                else:
                    pending.append(data)
                    gathered += size
            if pending:
                _write_all(b"".join(pending))

    def receive(self):
        """Reads what has arrived, without waiting, and returns the complete frames as (header, parts).

        Call it held, from one thread at a time."""
        frames = []
        while True:
            try:
                data = read(READS_FROM, _READ)
            except BlockingIOError:
                return frames
            if not data:
                _exit(0)  # The host has gone.
            self._take(data, frames)
            if frames and len(data) < _READ:
                return frames

    def discard(self):
        """Drops whatever has arrived, complete or not."""
        self._buffer = bytearray()
        self._needed = _PREFIX
        try:
            while read(READS_FROM, _READ):
                pass
        except BlockingIOError:
            pass

    def _take(self, data, frames):
        """Adds to `frames` what is complete with `data`, and keeps the rest."""
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._needed:
                return
            data = self._buffer
        at = 0
        while at < len(data):
            frame, end = _parse(data, at)
            if frame is None:
                self._buffer = bytearray(data[at:])
                self._needed = end - at
                return
            frames.append(frame)
            at = end
        if self._buffer:
            self._buffer = bytearray()
        self._needed = _PREFIX


def _parse(data, start):
    """Returns the frame at `start` and where it ends; or None and up to where bytes are needed to know more."""
    begin = start + _PREFIX
    if len(data) < begin:
        return None, begin
    prefix = int.from_bytes(data[start:begin], "little")
    head = begin + (prefix & 0xFFFFFFFF)
    at = head + 8 * (prefix >> 32)
    if len(data) < at:
        return None, at
    sizes = [int.from_bytes(data[size : size + 8], "little") for size in range(head, at, 8)]
    end = at + sum(sizes)
    if len(data) < end:
        return None, end
    parts = []
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return (loads(data[begin:head].decode()), parts), end


def _write_all(data):
    written = write(WRITES_TO, data)
    if written < len(data):
        view = memoryview(data)
        while written < len(data):
            written += write(WRITES_TO, view[written:])
