"""Clock and chance as functions of the logical run, so that a cell that runs again does the same again.

The clock. It starts at `start["time"]` (seconds since 1970; midnight of 2025-01-01 UTC where the host gives none),
every reading advances it by a microsecond, and `time.sleep(s)`, which really sleeps, by s. Wall, monotonic and
processor clocks are one. So a duration that a cell measures says how often it looked and how long it slept. The zone
is UTC. What the standard library itself waits with (threading, queue, concurrent.futures, asyncio) keeps real time: a
timeout would never come otherwise.

Chance. Everything is drawn from one generator, seeded from the run's seed and the path of the RLM call: the module
`random`, unseeded `random.Random()`, os.urandom and with it SystemRandom, secrets and uuid4. The machine's address in
uuid1 is fixed. Not covered: /dev/urandom, ssl.RAND_bytes, times of files, process ids, and the order of threads that do
not wait for answers (threads.py).

The hash seed and the addresses behind id() are fixed by those who start the interpreter.
"""
from burrow_guest import __builtins__

import sys
import time

from burrow_guest import threads
from burrow_guest.imports import after_import
from burrow_guest.system import native, use_utc

_DEFAULT_START = 1_735_689_600  # 2025-01-01 00:00 UTC
_STEP = 1_000  # nanoseconds
_MONOTONIC_START = 1_000_000_000_000  # nanoseconds, as of a machine that has been up for a while

_real_time = type(time)("time")
_real_time.__dict__.update(vars(time))

_start = 0
_elapsed = 0  # nanoseconds


def install(seed, path, start=None):
    global _start
    _start = int((_DEFAULT_START if start is None else start) * 1_000_000_000)
    use_utc()
    _wrap_clock()
    _wrap_chance(seed << 8 * len(path.encode()) | int.from_bytes(path.encode(), "big"))


# ---- the clock


def _tick():
    global _elapsed
    _elapsed += _STEP
    return _elapsed


def _wall():
    return _start + _tick()


def _monotonic():
    return _MONOTONIC_START + _tick()


def _seconds(nanoseconds):
    def read():
        return nanoseconds() / 1_000_000_000

    return read


def _nanoseconds(nanoseconds):
    def read():
        return nanoseconds()

    return read


def _sleep(seconds):
    global _elapsed
    cell = threads.current_cell()
    if cell is not None:
        for capture in cell.captures.values():
            capture.flush()  # A person may be watching.
    threads.came_to_rest()
    _real_time.sleep(seconds)
    _elapsed += int(seconds * 1_000_000_000)


def _of_now(function):
    """localtime, gmtime and ctime: without an argument they mean now."""

    def of_now(seconds=None):
        return function(_wall() / 1_000_000_000 if seconds is None else seconds)

    return of_now


def _wrap_clock():
    def asctime(moment=None):
        return _real_time.asctime(time.localtime() if moment is None else moment)

    def strftime(form, moment=None):
        return _real_time.strftime(form, time.localtime() if moment is None else moment)

    def clock_gettime(clock):
        return clock_gettime_ns(clock) / 1_000_000_000

    def clock_gettime_ns(clock):
        return _wall() if clock == time.CLOCK_REALTIME else _monotonic()

    wrapped = {"sleep": _sleep, "asctime": asctime, "strftime": strftime}
    for name in ("localtime", "gmtime", "ctime"):
        wrapped[name] = _of_now(getattr(time, name))
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        clock = _wall if name == "time" else _monotonic
        wrapped[name] = _seconds(clock)
        wrapped[name + "_ns"] = _nanoseconds(clock)
    if hasattr(time, "clock_gettime"):
        wrapped["clock_gettime"] = clock_gettime
        wrapped["clock_gettime_ns"] = clock_gettime_ns
    for name, function in wrapped.items():
        function.__name__ = function.__qualname__ = name
        function.__module__ = "time"
        setattr(time, name, function)
    for name in ("threading", "queue", "concurrent.futures._base", "asyncio.base_events", "multiprocessing.connection"):
        after_import(name, _give_real_time)
    after_import("datetime", _wrap_datetime)


def _give_real_time(module):
    for name, value in list(vars(module).items()):
        if value is time:
            setattr(module, name, _real_time)
        elif value is time.monotonic:
            setattr(module, name, _real_time.monotonic)


def _wrap_datetime(module):
    """Puts subclasses that read the clock above in the place of `date` and `datetime`. Real ones still exist (what
    modules written in C make), and count as instances."""
    real_date, real_datetime, timedelta = module.date, module.datetime, module.timedelta

    class StandsFor(type):
        def __instancecheck__(cls, value):
            return isinstance(value, cls._real) if "_real" in cls.__dict__ else type.__instancecheck__(cls, value)

        def __subclasscheck__(cls, other):
            return issubclass(other, cls._real) if "_real" in cls.__dict__ else type.__subclasscheck__(cls, other)

    class date(real_date, metaclass=StandsFor):
        __slots__ = ()
        _real = real_date

        @classmethod
        def today(cls):
            return cls.fromtimestamp(_wall() // 1_000_000_000)

        def __repr__(self):
            return _module_prefix(self, date) + real_date.__repr__(self)

    class datetime(real_datetime, metaclass=StandsFor):
        __slots__ = ()
        _real = real_datetime

        @classmethod
        def now(cls, tz=None):
            nanoseconds = _wall()
            moment = cls.fromtimestamp(nanoseconds // 1_000_000_000, tz)
            return moment + timedelta(microseconds=nanoseconds // 1_000 % 1_000_000)

        @classmethod
        def utcnow(cls):
            return cls(1970, 1, 1) + timedelta(microseconds=_wall() // 1_000)

        @classmethod
        def today(cls):
            return cls.now()

        def date(self):
            return date(self.year, self.month, self.day)

        def __repr__(self):
            return _module_prefix(self, datetime) + real_datetime.__repr__(self)

    def _module_prefix(value, cls):
        return "datetime." if type(value) is cls else ""

    for cls, real in ((date, real_date), (datetime, real_datetime)):
        cls.__module__, cls.__qualname__, cls.__doc__ = "datetime", real.__name__, real.__doc__
    date.min, date.max = date(1, 1, 1), date(9999, 12, 31)
    datetime.min, datetime.max = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999_999)
    module.date, module.datetime = date, datetime


# ---- chance


def _wrap_chance(seed):
    generator = None

    def draw(bits):
        nonlocal generator
        if generator is None:
            from _random import Random

            generator = Random(seed)
        return generator.getrandbits(bits)

    def urandom(size):
        if size < 0:
            raise ValueError("negative argument not allowed")
        return draw(8 * size).to_bytes(size, "little") if size else b""

    def getrandom(size, flags=0):
        return urandom(size)

    def wrap_random(module):
        seed_as_is = module.Random.seed

        def seed(self, a=None, version=2):
            """Seeds from `a`; None: from the run's own generator."""
            seed_as_is(self, draw(256) if a is None else a, version)

        module.Random.seed = seed
        module.seed = module._inst.seed
        module.seed()

    def wrap_uuid(module):
        module._generate_time_safe = module._UuidCreate = None
        module._node = 0x0242AC110002  # the form that containers have

    for module in (native, sys.modules.get("os")):
        if module is not None:
            module.urandom = urandom
            if hasattr(module, "getrandom"):
                module.getrandom = getrandom
    after_import("random", wrap_random)
    after_import("uuid", wrap_uuid)
