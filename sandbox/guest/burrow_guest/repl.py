"""The guest's main loop: start, then cell after cell until the host goes away."""
from burrow_guest import __builtins__

import builtins
import sys
from _io import StringIO

from burrow_guest import corpus, deterministic, event_loops, interrupts, no_exec, signals, threads  # noqa: F401
from burrow_guest.cells import Cell, Runner
from burrow_guest.frames import Channel
from burrow_guest.host_calls import HostCalls
from burrow_guest.names import Names, describe
from burrow_guest.queries import Queries
from burrow_guest.streams import Stream
from burrow_guest.system import _exit, alarm, write

PROTOCOL_VERSION = 1


class Repl:
    def __init__(self):
        interrupts.install()
        self._channel = Channel()
        self._host = HostCalls(self._channel)
        self._checkpoints = None
        self._streams = {"stdin": StringIO(), "stdout": Stream("out"), "stderr": Stream("err")}
        # Text that a cell writes to descriptor 1 itself is nobody's; what Python writes there as it dies is the
        # host's log.
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = self._streams.values()

    def serve(self):
        header, parts = self._host.next_frame()
        threads.install()
        deterministic.install(header["seed"], header["path"], header.get("time"))
        signals.install()
        context, documents, why = corpus.load(header, parts)
        self._names = Names(context, documents, Queries(self._host, context).functions())
        self._runner = Runner(self._names)
        builtins.exit = builtins.quit = sys.exit  # as `site` would have it
        # Restored after every cell. LimitReached is among them.
        self._builtins = dict(vars(builtins))
        version = ".".join(map(str, sys.version_info[:3]))
        ready = {"op": "ready", "v": PROTOCOL_VERSION, "python": version, "zero_copy": not why, "why": why or ""}
        ready["no_exec"] = no_exec.install()
        self._channel.send(ready)
        while True:
            header, parts = self._host.next_frame()
            if header["op"] == "cell":
                self._run_cell(Cell(header["id"], header["file"], self._channel), parts[0].decode("utf-8", "replace"))
            elif header["op"] == "checkpoint":
                self._take_checkpoint(header["id"])

    def _run_cell(self, cell, source):
        sys.stdin, sys.stdout, sys.stderr = self._streams.values()
        self._host.begin_cell(cell)
        status = self._runner.run(cell, source)
        answer, draft, trouble = self._runner.take_answer(cell)
        if trouble and status == "ok":
            status = trouble
        self._undo_damage()
        taken = self._names.put_back()
        if taken:
            cell.captures["err"].write(_put_back_note(taken))
        variables = describe(self._names.variables())
        threads.enter(None)
        cell.ended = True
        self._host.end_cell()
        out, err, value = cell.captures["out"], cell.captures["err"], cell.value
        tails = [value.finish(), out.finish(), err.finish()]
        self._channel.send(
            {
                "op": "done",
                "id": cell.number,
                "status": status,
                "limit": cell.limit,
                "answer": answer is not None,
                "draft": draft is not None,
                "variables": variables,
                "dropped_out": out.dropped,
                "dropped_err": err.dropped,
                "dropped_value": value.dropped,
            },
            [cell.value_head(), *tails, answer or "", draft or ""],
        )

    def _take_checkpoint(self, number):
        if self._checkpoints is None:
            from burrow_guest.checkpoints import Checkpoints  # needs a POSIX system, and few REPLs need it

            self._checkpoints = Checkpoints(self._channel, self._host)
        self._checkpoints.take(number)

    def _undo_damage(self):
        """What a cell may leave behind that would run its code inside the driver, or break the next cell."""
        interrupts.install()
        alarm(0)
        vars(builtins).update(self._builtins)


def _put_back_note(taken):
    names = ", ".join([f"`{name}`" for name in taken])
    return f"Note: {names}: this name is the REPL's own and has been put back. Use another name.\n"


def main():
    try:
        Repl().serve()
    except BaseException:
        sys.stderr = None
        import traceback

        text = traceback.format_exc()
        try:
            write(2, text.encode("utf-8", "replace"))
        finally:
            _exit(1)
