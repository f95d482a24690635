"""Host calls: a cell asks, the host answers. From any thread, and from coroutines.

No thread waits on the pipe between calls, so that a guest between two cells has a single thread. Of the threads that
wait for an answer one leads: it reads the pipe and hands every answer to whom it belongs. A leader that has its own
answer passes the lead on. An event loop that waits for answers watches the pipe beside the leader.

Answers go to threads, the main one apart, one by one: the next when the thread that got the last is at rest (threads.py)
or asks again, or after a while: it may compute for long, or wait for another one in a way that nobody sees.
"""
from burrow_guest import __builtins__

from _thread import allocate_lock, get_ident
from time import perf_counter

from burrow_guest import threads
from burrow_guest.frames import READS_FROM, WRITES_TO
from burrow_guest.interrupts import MAIN_THREAD, held, on_interrupt
from burrow_guest.system import _exit, load_select, pipe, read, sleep_on, write

_LONGEST_UNREST = 0.25  # seconds
_QUICK = 200e-6  # seconds: an answer that comes sooner costs less to look out for than to sleep for

class Refused(Exception):
    """Nothing was sent. `name` is that of the exception to raise in the cell."""

    def __init__(self, name, message):
        self.name = name
        self.message = message


class _Wait:
    """A thread that waits for an answer."""

    def __init__(self):
        self.id = 0  # until it is sent
        self.outcome = None
        self.thread = get_ident()
        self._wake = allocate_lock()
        self._wake.acquire()

    def settle(self, outcome):
        self.outcome = outcome
        self.wake()

    def wake(self):
        if self._wake.locked():
            self._wake.release()

    def sleep(self):
        sleep_on(self._wake)


class _AsyncWait:
    """A coroutine that waits for an answer."""

    def __init__(self, loop):
        self.id = 0
        self.outcome = None
        self.loop = loop
        self.future = loop.create_future()

    def settle(self, outcome):
        self.outcome = outcome
        try:
            self.loop.call_soon_threadsafe(self._finish)
        except RuntimeError:
            pass  # The loop was closed.

    def _finish(self):
        if not self.future.done():
            self.future.set_result(self.outcome)


class HostCalls:
    def __init__(self, channel):
        self._channel = channel
        self._cell = None
        self._next_id = 1
        self._waits = {}  # query id → _Wait or _AsyncWait
        self._answered = []  # those threads of them whose answer is here, but not their turn
        self._goes_on = None  # the thread that got the last answer, until it is at rest
        self._unrest_ends = 0.0
        self._watching = {}  # event loop → how many of its coroutines wait
        self._leader = None
        self._inbox = []  # frames that are not answers
        self._refusal = None
        self._select = None
        self._expects_quick = False
        self._wake_reading = self._wake_writing = -1  # a pipe that wakes the leader
        on_interrupt.append(self._interrupt)
        threads.on_rest.append(self._at_rest)

    # Between cells, the main thread alone reads.

    def next_frame(self):
        if not self._channel.is_own():
            _exit(0)  # A cell forked this process, and is over.
        while not self._inbox:
            self._wait_for(READS_FROM)
            with held:
                self._receive()
        return self._inbox.pop(0)

    def begin_cell(self, cell):
        with held:
            self._cell = cell
            self._refusal = None
            self._goes_on = None

    def end_cell(self):
        with held:
            self._cell = None
            self._refuse("RuntimeError", "the cell of this call has ended")
            if self._leader is not None and self._leader.thread == get_ident():
                self._leader = None  # An interrupt broke off what should have passed the lead on.

    # For checkpoints, between cells.

    def descriptors(self):
        woken = () if self._wake_reading < 0 else (self._wake_reading, self._wake_writing)
        return (READS_FROM, WRITES_TO, *woken)

    def renew_descriptors(self):
        if self._wake_reading >= 0:
            from burrow_guest.descriptors import renew_pipe

            renew_pipe(self._wake_reading, self._wake_writing, True)

    def forget(self):
        """Drops what was sent to another process than this one."""
        with held:
            self._channel.discard()
            self._inbox.clear()

    def _interrupt(self):
        # The threads of a pool, too, or the cell would wait for them.
        with held:
            self._refuse("KeyboardInterrupt", "the cell was interrupted")

    def _refuse(self, name, message):
        """From now on, and for whoever waits."""
        self._refusal = Refused(name, message)
        waits = list(self._waits.values())
        self._waits.clear()
        self._answered.clear()
        for wait in waits:
            self._settle(wait, self._refusal)

    def _settle(self, wait, outcome):
        wait.settle(outcome)
        if wait is self._leader and wait.thread != get_ident():
            write(self._wake_writing, b".")  # It sleeps on the pipe, and leads on until it has woken.

    # Within a cell, any thread.

    def ask(self, header, parts):
        """Sends a query and waits. Returns [(ok, text)] in order, or raises Refused."""
        wait = _Wait()
        try:
            self._send(wait, header, parts)
            while wait.outcome is None:
                self._await_turn(wait)
        finally:
            self._leave(wait)
        return _result(wait.outcome)

    async def ask_async(self, header, parts):
        """The same for a coroutine."""
        from asyncio import get_running_loop

        loop = get_running_loop()
        wait = _AsyncWait(loop)
        self._watch(loop, +1)
        try:
            self._send(wait, header, parts)
            return _result(await wait.future)
        finally:
            self._leave(wait)
            self._watch(loop, -1)

    def _send(self, wait, header, parts):
        cell = threads.current_cell()
        if cell is None or cell.ended or cell is not self._cell:
            raise Refused("RuntimeError", "the cell that started this thread has ended: call from the running cell")
        if held.is_mine():
            raise Refused("RuntimeError", "a finalizer cannot make host calls")
        if not self._channel.is_own():
            raise Refused("RuntimeError", "a process that a cell has forked cannot make host calls")
        for capture in cell.captures.values():
            capture.flush()
        with held:
            if self._refusal is not None:
                raise self._refusal
            wait.id = header["id"] = self._next_id
            self._next_id += 1
            if type(wait) is _AsyncWait or wait.thread != MAIN_THREAD:
                header["concurrent"] = True
            self._channel.send(header, parts)
            self._waits[wait.id] = wait
            self._at_rest()

    def _await_turn(self, wait):
        """Leads for a while, or sleeps until there is an answer or the lead to take."""
        with held:
            if wait.outcome is not None:
                return
            leads = self._leader is None or self._leader is wait
            if leads:
                self._leader = wait
                if self._wake_reading < 0:
                    self._wake_reading, self._wake_writing = pipe()
        if leads:
            if self._wake_reading in self._look_out_for(READS_FROM, self._wake_reading):
                read(self._wake_reading, 1)
            self._on_readable()
        else:
            wait.sleep()

    def _leave(self, wait):
        with held:
            if self._waits.pop(wait.id, None) is not None and wait in self._answered:
                self._answered.remove(wait)
            if self._leader is wait:
                self._leader = None
                for other in self._waits.values():
                    if type(other) is _Wait:
                        self._leader = other
                        other.wake()
                        break

    def _watch(self, loop, change):
        before = self._watching.get(loop, 0)
        self._watching[loop] = before + change
        if before == 0:
            loop.add_reader(READS_FROM, self._on_readable)
        elif before + change == 0:
            del self._watching[loop]
            if not loop.is_closed():
                loop.remove_reader(READS_FROM)

    def _on_readable(self):
        with held:
            if self._cell is not None:  # else what comes is for the main thread
                self._receive()

    def _receive(self):
        for header, parts in self._channel.receive():
            if header["op"] not in ("result", "refused"):
                self._inbox.append((header, parts))
                continue
            wait = self._waits.get(header["id"])
            if type(wait) is _Wait and wait.thread != MAIN_THREAD:
                wait.answer = _outcome(header, parts)
                self._answered.append(wait)
            elif wait is not None:  # else it was interrupted, or its cell has ended
                del self._waits[wait.id]
                self._settle(wait, _outcome(header, parts))
        self._hand_over()
        if self._answered and self._leader is not None and self._leader.thread != get_ident():
            write(self._wake_writing, b".")  # An event loop read this; the leader is to see when their turn comes.

    def _hand_over(self):
        if self._goes_on is not None and perf_counter() >= self._unrest_ends:
            self._goes_on = None
        while self._answered and self._goes_on is None:
            wait = self._answered.pop(0)
            del self._waits[wait.id]
            self._goes_on = wait.thread
            self._unrest_ends = perf_counter() + _LONGEST_UNREST
            self._settle(wait, wait.answer)

    def _at_rest(self):
        if self._goes_on == get_ident():
            with held:
                self._goes_on = None
                self._hand_over()

    def _look_out_for(self, *descriptors):
        """As _wait_for. Where the last answer came at once, it looks for a while before it sleeps: to be woken takes
        longer than such an answer."""
        started = perf_counter()
        readable = []
        quick = self._expects_quick and len(self._waits) == 1  # several answers come one by one, to a guest at rest
        while not readable and quick and perf_counter() - started < _QUICK:
            readable = self._select(descriptors, (), (), 0)[0]
        readable = readable or self._wait_for(*descriptors)
        self._expects_quick = perf_counter() - started < _QUICK
        return readable

    def _wait_for(self, *descriptors):
        """Sleeps until one of them can be read, or an answer is nobody's turn for too long. Returns those that can."""
        if self._select is None:
            self._select = load_select()
        longest = max(0, self._unrest_ends - perf_counter()) if self._answered else None
        return self._select(descriptors, (), (), longest)[0]


def _outcome(header, parts):
    texts = [part.decode("utf-8", "replace") for part in parts]
    if header["op"] == "refused":
        return Refused(header["exception"], texts[0])
    return list(zip(header["ok"], texts))


def _result(outcome):
    if isinstance(outcome, Refused):
        raise outcome
    return outcome
