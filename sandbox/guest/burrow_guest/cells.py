"""Runs one cell as a Python user expects of a notebook."""
from burrow_guest import __builtins__

from _ast import Expr, Expression, PyCF_ONLY_AST
from time import monotonic

from burrow_guest import echo, interrupts, sources, threads
from burrow_guest.imports import forget_orphans
from burrow_guest.limits import limit_behind
from burrow_guest.streams import Capture
from burrow_guest.tracebacks import format_error

_ALLOW_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_IS_COROUTINE = 0x80  # inspect.CO_COROUTINE

# A class of the cell's may hide these behind properties of its own.
_cause_of = BaseException.__cause__.__get__
_context_of = BaseException.__context__.__get__

# Bytes of address space that the driver gives up when a cell has used all there is, so as to report that.
_RESERVE = 16 << 20


class Cell:
    def __init__(self, number, filename, channel):
        self.number = number
        self.filename = filename
        self.ended = False
        self.limit = None  # the one that made it raise, by its name in protocol.h
        self.captures = {
            kind: Capture(lambda data, kind=kind: channel.send({"op": "out", "stream": kind}, [data]))
            for kind in ("out", "err")
        }
        self._value_head = []
        self.value = Capture(self._value_head.append)

    def value_head(self):
        return b"".join(self._value_head)


class Runner:
    def __init__(self, names):
        self._names = names
        self._future_flags = 0
        self._reserve = bytes(_RESERVE)  # as the system gives it: zeros that are never touched take no memory

    def run(self, cell, source):
        """Runs `source`. Returns the status of protocol.h; output and errors are in the cell's captures."""
        threads.enter(cell)
        started = monotonic()
        error = interrupts.guarded(self._execute, cell, source)
        if isinstance(error, MemoryError):
            self._reserve = None
        elif self._reserve is None:
            interrupts.guarded(self._take_reserve)
        status = self._report(cell, error, started)
        del error  # It holds the frames, and they hold what may fill the memory.
        return status

    def _take_reserve(self):
        self._reserve = bytes(_RESERVE)

    def take_answer(self, cell):
        """Returns (answer, draft), each a str or None, and whether str() of the content raised."""
        taken = []
        started = monotonic()
        error = interrupts.guarded(lambda: taken.extend(self._names.take_answer()))
        if error is None:
            return (*taken, None)
        return None, None, self._report(cell, error, started)

    def _execute(self, cell, source):
        sources.add(cell.filename, source)
        tree = self._compile(source, cell.filename, PyCF_ONLY_AST)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], Expr) else None
        self._evaluate(tree, cell.filename, "exec")
        if last is None:
            return
        value = self._evaluate(Expression(last.value), cell.filename, "eval")
        if value is not None and not _ends_with_semicolon(source, last):
            for piece in echo.pieces(value):
                cell.value.write(piece)

    def _compile(self, source, filename, flags=0, mode="exec"):
        return compile(source, filename, mode, flags | _ALLOW_TOP_LEVEL_AWAIT | self._future_flags, dont_inherit=True)

    def _evaluate(self, tree, filename, mode):
        code = self._compile(tree, filename, mode=mode)
        if "__future__" in code.co_names:
            self._future_flags |= code.co_flags & _future_flags_mask()
        value = eval(code, self._names.globals)
        if code.co_flags & _IS_COROUTINE:
            from burrow_guest import event_loops

            value = event_loops.run(value)
        return value

    def _report(self, cell, error, started):
        """Writes the traceback of `error` to the cell's stderr. Returns the status that it means."""
        if error is None:
            return "ok"
        interrupted = _comes_from_interrupt(error) and interrupts.was_raised_since(started)
        texts = []
        if interrupts.guarded(lambda: texts.append(format_error(error))) is not None:
            texts = [f"{type(error).__name__}\n"]
        cell.captures["err"].write(texts[0])
        if interrupted:
            interrupts.guarded(forget_orphans)
            return "interrupted"
        cell.limit = limit_behind(error)
        return "raised"


def _comes_from_interrupt(error):
    """Whether `error` is KeyboardInterrupt or was raised over one: where an import or a class statement is
    interrupted, Python may put an exception of its own in front."""
    seen = set()
    while error is not None and id(error) not in seen:
        if issubclass(type(error), KeyboardInterrupt):
            return True
        seen.add(id(error))
        error = _cause_of(error) or _context_of(error)
    return False


def _future_flags_mask():
    """The compiler flags of `from __future__ import …`; they hold for later cells, as in IPython."""
    import __future__

    mask = 0
    for name in __future__.all_feature_names:
        mask |= getattr(__future__, name).compiler_flag
    return mask


def _ends_with_semicolon(source, last):
    """Whether a `;` follows the cell's last expression."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")[last.end_lineno - 1 :]
    lines[0] = lines[0].encode("utf-8", "surrogatepass")[last.end_col_offset :].decode("utf-8", "replace")
    return any([";" in line.partition("#")[0] for line in lines])
