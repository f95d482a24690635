"""Protocol: what the host hears may be a lie."""

# == ansi: Print control sequences
# seen by: host
# control: none: it is text, and whoever shows it makes it harmless
# contained when: ok
# contained by: it stays text
print("\x1b]0;title\x07\x1b[2J\x1b[6n\x9b6n" + "\x00\x08\x7f" * 1000)

# == exit: Leave with sys.exit
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: raised
# contained by: it ends the cell alone
sys.exit(0)

# == hard-exit: Leave with os._exit
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host starts another process
os._exit(0)

# == segfault: Crash
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host starts another process
ctypes.string_at(0)

# == trap: Run an illegal instruction
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host starts another process
machine_code("0f0b")

# == stop-itself: Stop itself
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, timed out
# contained by: the first process of a namespace is not stopped, and the host ends what does not react
syscall("tgkill", os.getpid(), os.getpid(), signal.SIGSTOP)

# == close-all: Close every descriptor
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host starts another process
os.closerange(0, 1024)

# == close-reading: Close the pipe from the host
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host starts another process
os.close(3)

# == swap-pipes: Exchange its pipes
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed, timed out
# contained by: the host starts another process
os.dup2(3, 9), os.dup2(4, 3), os.dup2(9, 4)
print("lost")

# == packets: Turn its pipe into one of packets
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed, timed out
# contained by: the host reads what comes
fcntl.fcntl(4, fcntl.F_SETFL, fcntl.fcntl(4, fcntl.F_GETFL) | os.O_DIRECT)
print("x" * 100_000)

# == nonblocking: Make its pipe one that never waits
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, raised, crashed, timed out
# contained by: only its own end changes
os.set_blocking(4, False)
for _ in range(100):
    print("x" * 100_000)

# == steal-answer: Read the host's answer before the driver does
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, raised, crashed, timed out
# contained by: it robs itself alone
def steal():
    while True:
        try:
            os.read(3, 1 << 16)
        except BlockingIOError:
            time.sleep(0.001)


threading.Thread(target=steal, daemon=True).start()
print(llm_query("hello"))

# == wrong-cell: End another cell
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host knows which cell runs
# quick: yes
send_done(9999)
time.sleep(1)

# == next-cell: End the next cell in advance
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host knows which cell runs
send_done(3)
time.sleep(1)

# == twice-done: End its cell twice
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, crashed
# contained by: the host takes one end of a cell
send_done(2)
send_done(2)
time.sleep(1)

# == late-done: End the next cell from a thread that lives on
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, crashed
# contained by: it is its own cell
def later():
    for _ in range(200):
        time.sleep(0.001)
        send_done(3)


threading.Thread(target=later, daemon=True).start()

# == late-output: Print from a thread that lives on
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok
# contained by: nobody listens any more
def later():
    for _ in range(1000):
        send({"op": "out", "stream": "out"}, b"late")


threading.Thread(target=later, daemon=True).start()

# == late-query: Ask from a thread that lives on
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok
# contained by: the host refuses it
def later():
    time.sleep(0.05)
    send({"op": "query", "id": 77, "kind": "llm", "batched": False, "model": None}, b"late")


threading.Thread(target=later, daemon=True).start()

# == ready-again: Say again that it is ready
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host takes it once
send({"op": "ready", "v": 1, "python": "9", "zero_copy": True, "why": "", "no_exec": True})
time.sleep(1)

# == host-frame: Speak as the host does
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host ignores what it does not know
send({"op": "cell", "id": 5, "path": "root", "file": "x"}, b"print(1)")
send({"op": "result", "id": 5, "ok": [True]}, b"x")

# == unknown-frame: Say what nobody knows
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host ignores what it does not know
send({"op": mark}, b"x")

# == long-header: Announce a header of 4 GB
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: lengths are bounded before anything is kept
# quick: yes
raw(b"\xff" * 64)
time.sleep(1)

# == long-part: Announce a part of 2^63 bytes
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: lengths are bounded before anything is kept
raw(frame_head(1) + struct.pack("<Q", 1 << 63))
time.sleep(1)

# == overflowing-parts: Announce parts whose sum overflows
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: lengths are bounded before anything is kept
raw(frame_head(4) + struct.pack("<QQQQ", *[1 << 62] * 4))
time.sleep(1)

# == many-parts: Announce 4 billion parts
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: lengths are bounded before anything is kept
raw(frame_head(0xFFFFFFFF))
time.sleep(1)

# == half-frame: Send half a frame and wait
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed, timed out
# contained by: a limit on its time
raw(struct.pack("<II", 100, 0) + b"{")
time.sleep(600)

# == half-part: Announce 200 MB, and send a little
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed, timed out
# contained by: memory is taken as bytes arrive
raw(frame_head(1) + struct.pack("<Q", 200 << 20) + b"x" * 1000)
time.sleep(600)

# == noise: Send noise
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host checks every frame
import random

raw(random.Random(1).randbytes(100_000))
time.sleep(1)

# == no-json: Send a header that is no JSON
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host checks every frame
raw(frame(b"not json"))
time.sleep(1)

# == no-object: Send a header that is a list
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host checks every frame
raw(frame(b"[1,2,3]"))
time.sleep(1)

# == deep-json: Send a header of a million brackets
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: depth is bounded
raw(frame(b"[" * 1_000_000))
time.sleep(1)

# == deep-object: Send a header of objects in one another
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: depth is bounded
raw(frame(b'{"op":' * 100_000 + b"1" + b"}" * 100_000))
time.sleep(1)

# == bad-text: Send a header that is no UTF-8
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
raw(frame(b'{"op":"out","stream":"\xff\xfe"}', b"x"))
time.sleep(0.1)

# == bad-output: Send output that is no UTF-8
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host mends it
send({"op": "out", "stream": "out"}, b"\xff\xc0\x80\xed\xa0\x80")

# == wrong-types: Send numbers for words and words for numbers
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
for wrong in (None, 1, 1.5, [], {}, "x", True, 1e400):
    send({"op": "query", "id": wrong, "kind": wrong, "batched": wrong, "model": wrong, "contexts": wrong}, b"x")
time.sleep(0.1)

# == negative-number: End its cell with negative numbers
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
send_done(2, dropped_out=-1, dropped_err=-(2**63), dropped_value=-1)
time.sleep(1)

# == huge-number: End its cell with huge numbers
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
send_done(2, dropped_out=2**64 - 1, dropped_err=2**63 - 1, dropped_value=2**63)
time.sleep(1)

# == missing-parts: End its cell without what belongs to it
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
send({"op": "done", "id": 2, "status": "ok", "answer": True, "draft": True})
time.sleep(1)

# == strange-variables: Name variables that are none
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
send_done(2, variables=[["\x00\x1b[2J", 5, "x"], [], None, ["a", "b", -(2**63)], ["n" * 100_000, "t", 1]])
time.sleep(1)

# == same-query: Ask twice under one number
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: a number may be used again when it is answered
query = frame({"op": "query", "id": 5, "kind": "llm", "batched": False, "model": None}, b"x")
raw(query + query)
time.sleep(0.2)

# == no-document: Ask about a document that is not there
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed
# contained by: the host checks every frame
for index in (1, -1, 2**31, 2**63):
    send({"op": "query", "id": 5, "kind": "rlm", "batched": False, "model": None, "contexts": [{"document": index}]}, b"x")
time.sleep(0.2)

# == path-document: Ask about a file of the host's by its path
# seen by: secret
# control: none: there is no such frame
# contained when: ok, crashed
# contained by: documents have numbers alone
for context in ({"path": secret_file}, {"document": secret_file}, secret_file, {"copied": "file"}):
    send({"op": "query", "id": 5, "kind": "rlm", "batched": False, "model": None, "contexts": [context]}, b"x")
time.sleep(0.2)

# == many-queries: Ask a million times
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: ok, crashed, timed out
# contained by: a limit on the calls that are under way
for number in range(1_000_000):
    send({"op": "query", "id": number, "kind": "llm", "batched": False, "model": None}, b"x")

# == deaf: Ask for much and do not listen
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: timed out
# contained by: the host waits without holding anybody up
send({"op": "query", "id": 5, "kind": "llm", "batched": True, "model": None}, *[b"x" * 1_000_000] * 10)
time.sleep(600)

# == flood: Send output past the driver
# seen by: host
# control: none: the host is the same with and without a sandbox
# contained when: ok, timed out
# contained by: the host keeps the beginning and the end
piece = frame({"op": "out", "stream": "out"}, b"x" * 65536)
for _ in range(1 << 13):
    raw(piece)

# == long-output: Send output in a piece of 100 MB
# seen by: host
# control: none: the host is the same with and without a sandbox
# blocked with: MemoryError
# contained when: ok, crashed, timed out, out of memory
# contained by: frames are bounded
send({"op": "out", "stream": "out"}, b"x" * (30 << 20))

# == torn-frames: Send frames from threads, into one another
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: ok, crashed, timed out
# contained by: the host checks every frame
def tear():
    piece = frame({"op": "out", "stream": "out"}, b"x" * 65536)
    for _ in range(50):
        raw(piece)


threads = [threading.Thread(target=tear) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]

# == many-contexts: Have the host read 200,000 contexts, again and again
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: what a header holds is bounded before it is parsed
contexts = b'{"document":0}' + b',{"document":0}' * 199_999
for number in range(50):
    send(b'{"op":"query","id":%d,"kind":"rlm","batched":true,"model":"none","contexts":[%s]}' % (number, contexts),
         *[b""] * 200_000)

# == child-reads: Read in a child what the host tells the REPL
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# blocked with: PermissionError
# contained when: ok
# contained by: the next cell is ended when its time is up
if os.fork() == 0:
    while True:
        os.read(3, 65536)

# == child-tears: Tear frames apart in a child that outlives the cell
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# blocked with: PermissionError
# contained when: ok, crashed
# contained by: the host checks every frame, and all processes stand still between cells
if os.fork() == 0:
    while True:
        raw(b"\0" * 4096)

# == child-answers: End the cell in a child, again and again
# seen by: host
# control: none: how the cell ends shows that the host saw it
# blocked with: PermissionError
# contained when: crashed, ok
# contained by: the host knows which cell runs
if os.fork() == 0:
    while True:
        send_done(1)

# == forged-copy: Claim to be a copy that nobody asked for
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host knows what it has asked for
for process in (1, 2, 2**31 - 1):
    send({"op": "kept", "id": 1, "pid": process, "why": None})

# == forged-restore: Claim to have taken the REPL's place
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host knows what it has asked for
send({"op": "restored", "id": 1, "pid": 1, "why": None})

# == overridden-builtins: Replace what the driver uses
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, raised, crashed
# contained by: the driver has its own, and gets them back
# quick: yes
import builtins
import json

json.dumps = os.write = os.read = lambda *_: b""
for name in ("len", "print", "isinstance", "type", "compile", "eval", "exec", "open", "repr", "str", "dict", "__import__"):
    setattr(builtins, name, None)

# == overridden-driver: Replace the driver's own functions
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, raised, crashed, timed out
# contained by: it robs itself alone
for name, module in list(sys.modules.items()):
    if name.startswith("burrow_guest"):
        vars(module).clear()

# == overridden-streams: Replace its streams
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# contained when: ok, raised, crashed
# contained by: every cell gets new ones
sys.stdout = sys.stderr = sys.__stdout__ = None
sys.exit = sys.excepthook = None

# == hostile-value: End a cell with a value that bites
# seen by: host
# control: none: the next cell always runs, or is told of its process' end
# blocked with: SystemExit
# contained when: ok, raised, crashed, timed out
# contained by: how a value looks is asked within the cell
class Bite:
    def __repr__(self):
        os.set_blocking(3, False)
        raise SystemExit(1)

    __str__ = __len__ = __class__ = property(lambda self: sys.exit(1))


answer = {"content": Bite(), "ready": True}
Bite()

# == surrogates: Print what is no text
# seen by: host
# control: none: it is text, and the driver mends it
# contained when: ok
# contained by: the driver mends it
print("\ud800\udfff", float("nan"), "\x00")
print(llm_query("\ud800"))

# == forged-answer: Answer in another cell's name
# seen by: host
# control: none: how the cell ends shows that the host saw it
# contained when: crashed
# contained by: the host knows which cell runs
send_done(1, answer=True)
time.sleep(1)
