"""asyncio inside the sandbox, where there are no sockets; and `await` at the top level of a cell."""
from burrow_guest import __builtins__

from burrow_guest.imports import after_import
from burrow_guest.system import close, load_select, pipe, read, set_blocking, write

_loop = None


class _PipeEnd:
    """As much of a socket as the self-pipe of an event loop uses."""

    def __init__(self, descriptor):
        set_blocking(descriptor, False)
        self._descriptor = descriptor

    def fileno(self):
        return self._descriptor

    def recv(self, size):
        return read(self._descriptor, size)

    def send(self, data):
        return write(self._descriptor, data)

    def close(self):
        if self._descriptor >= 0:
            close(self._descriptor)
            self._descriptor = -1


def _use_pipes(module):
    def _make_self_pipe(self):
        reading, writing = pipe()
        self._ssock, self._csock = _PipeEnd(reading), _PipeEnd(writing)
        self._internal_fds += 1
        self._add_reader(reading, self._read_from_self)

    module.BaseSelectorEventLoop._make_self_pipe = _make_self_pipe


def _use_selectors(windows_events):
    """On Windows a loop would wait for sockets; here it waits for what stands in for pipes."""
    from selectors import EVENT_READ, _BaseSelectorImpl

    wait = load_select()

    class Selector(_BaseSelectorImpl):
        def select(self, timeout=None):
            return [(self._fd_to_key[reader], EVENT_READ) for reader in wait(list(self._fd_to_key), (), (), timeout)[0]]

    def new_loop():
        return windows_events.SelectorEventLoop(Selector())

    for policy in list(vars(windows_events).values()):
        if hasattr(policy, "_loop_factory"):
            policy._loop_factory = staticmethod(new_loop)


after_import("asyncio.selector_events", _use_pipes)
after_import("asyncio.windows_events", _use_selectors)


def run(coroutine):
    """Runs a cell's coroutine. The loop is kept, so tasks that one cell starts go on when another awaits."""
    global _loop
    import asyncio

    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
    asyncio.set_event_loop(_loop)
    task = _loop.create_task(coroutine)
    try:
        return _loop.run_until_complete(task)
    except BaseException:
        if not task.done():  # an interrupt ended the loop, not the task
            task.cancel()
            _loop.run_until_complete(asyncio.wait([task]))
        raise


def descriptors():
    """Those that the kept loop holds. What it waits with (poll) has none."""
    if _loop is None or _loop.is_closed():
        return ()
    return _loop._ssock.fileno(), _loop._csock.fileno()


def renew_descriptors():
    """In a forked process: whom the loop wakes is its own affair from now on."""
    held = descriptors()
    if held:
        from burrow_guest.descriptors import renew_pipe

        renew_pipe(*held, False)
