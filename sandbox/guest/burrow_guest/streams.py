"""sys.stdout and sys.stderr of cells: text lands in the cell whose code, or whose thread, wrote it."""
from burrow_guest import __builtins__

from codecs import getincrementaldecoder
from io import TextIOBase, UnsupportedOperation
from time import monotonic

from burrow_guest import threads
from burrow_guest.frames import utf8
from burrow_guest.interrupts import held

HEAD_BYTES = 1 << 20
TAIL_BYTES = 64 << 10

_PIECE = 16 << 10  # characters; at most 64 KiB of UTF-8
_SHOW_AFTER = 0.05  # seconds until text that a person may be waiting for is sent


class Capture:
    """Text of one cell: the first 1 MiB is handed to `emit` piece by piece, the last 64 KiB is kept as the tail,
    what lies between is counted. All three depend on the text alone, not on how it was cut into writes."""

    def __init__(self, emit):
        self._emit = emit
        self._pending = []
        self._pending_chars = 0
        self._flushed_at = monotonic()
        self._has_flushed = False
        self._room = HEAD_BYTES
        self._tail = ""
        self.dropped = 0

    def write(self, text):
        # Appending to a list is atomic, so writers of several threads need no lock.
        self._pending.append(text)
        self._pending_chars += len(text)
        # The first line is sent at once: the cell may think for long after it.
        first_line = not self._has_flushed and text[-1:] == "\n"
        if first_line or self._pending_chars >= _PIECE or monotonic() - self._flushed_at > _SHOW_AFTER:
            self.flush()

    def flush(self):
        if not self._pending:
            return
        if held.is_mine():
            return  # A finalizer writes while the driver is at work. Its text is sent with what follows.
        with held:
            count = len(self._pending)
            texts = self._pending[:count]
            del self._pending[:count]
            self._pending_chars = 0
            self._flushed_at = monotonic()
            self._has_flushed = True
            self._take(texts[0] if count == 1 else "".join(texts))

    def _take(self, text):
        at = 0
        while at < len(text) and self._room:
            piece = text[at : at + _PIECE]
            data = utf8(piece)
            if len(data) > self._room:
                # Nothing is streamed after this, or the text would have a hole.
                data = data[: self._room].decode("utf-8", "ignore").encode()
                self._room = 0
                at += len(data.decode())
            else:
                self._room -= len(data)
                at += len(piece)
            if data:
                self._emit(data)
        if at < len(text):
            kept = self._tail + text[max(at, len(text) - TAIL_BYTES) :]
            self.dropped += len(self._tail) + len(text) - at - min(len(kept), TAIL_BYTES)
            self._tail = kept[-TAIL_BYTES:]

    def finish(self):
        """Returns the tail as UTF-8; `dropped` is final then."""
        self.flush()
        with held:
            data = utf8(self._tail)
            if len(data) > TAIL_BYTES:
                data = data[-TAIL_BYTES:].decode("utf-8", "ignore").encode()
                self.dropped += len(self._tail) - len(data.decode())
            return data


class Stream(TextIOBase):
    """What a cell finds as sys.stdout or sys.stderr."""

    encoding = "utf-8"
    errors = "replace"
    mode = "w"
    newlines = None
    line_buffering = True

    def __init__(self, kind):
        self._kind = kind  # "out" or "err"
        self.name = f"<std{kind}>"
        self.buffer = _Bytes(self)

    def write(self, text):
        if type(text) is not str:
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text).__name__}")
            text = str.__str__(text)
        cell = threads.current_cell()
        # A thread may outlive its cell, whose output has been reported: there is no place left for its text.
        if cell is not None and not cell.ended:
            cell.captures[self._kind].write(text)
        return len(text)

    def flush(self):
        cell = threads.current_cell()
        if cell is not None and not cell.ended:
            cell.captures[self._kind].flush()

    def writable(self):
        return True

    def close(self):
        self.flush()

    def reconfigure(self, **options):
        pass


class _Bytes:
    """sys.stdout.buffer: bytes are shown as the UTF-8 they should be."""

    mode = "wb"

    def __init__(self, stream):
        self.raw = self
        self._stream = stream
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def write(self, data):
        with memoryview(data) as view:
            self._stream.write(self._decode(view))
            return view.nbytes

    def flush(self):
        self._stream.flush()

    def writable(self):
        return True

    def readable(self):
        return False

    seekable = isatty = readable

    def fileno(self):
        raise UnsupportedOperation("fileno")
