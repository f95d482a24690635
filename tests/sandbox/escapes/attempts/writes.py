"""Writes: what a cell may not change or leave behind."""

# == new-file: Make a file in the home
# seen by: files
open(home + "/" + mark, "w").write(mark)

# == new-unnamed-file: Make a file in the home without a name, then name it
# seen by: files
fd = os.open(home, os.O_TMPFILE | os.O_WRONLY)
call("linkat", -100, f"/proc/self/fd/{fd}".encode(), -100, (home + "/" + mark).encode(), 0x400)

# == append: Append to the person's notes
# seen by: files
open(home + "/notes.txt", "a").write(mark)

# == overwrite: Write into the document
# seen by: files
# quick: yes
with open(document, "r+") as file:
    file.write(mark)

# == truncate-on-open: Truncate the document by opening it
# seen by: files
os.open(document, os.O_WRONLY | os.O_TRUNC)

# == truncate: Truncate the document by name
# seen by: files
os.truncate(document, 10)

# == replace: Rename a file over the document
# seen by: files
open(scratch + "/" + mark, "w").close()
os.rename(scratch + "/" + mark, document)

# == exchange: Exchange the document and the notes
# seen by: files
call("renameat2", -100, document.encode(), -100, (home + "/notes.txt").encode(), 2)

# == unlink: Delete the document
# seen by: files
os.unlink(document)

# == rename: Rename the notes
# seen by: files
os.rename(home + "/notes.txt", home + "/gone.txt")

# == make-folder: Make a folder in the home
# seen by: files
os.mkdir(home + "/" + mark)

# == remove-folder: Remove a folder of the home
# seen by: files
os.rmdir(home + "/folder")
# -- control
os.mkdir(home + "/folder/empty")
os.rmdir(home + "/folder/empty")

# == plant-symlink: Plant a symbolic link in the home
# seen by: files
os.symlink("/etc/passwd", home + "/" + mark)

# == plant-hard-link: Give a file of the home a second name
# seen by: files
os.link(home + "/notes.txt", home + "/folder/" + mark)

# == plant-fifo: Plant a named pipe
# seen by: files
os.mkfifo(home + "/" + mark)

# == plant-node: Plant a file with mknod
# seen by: files
os.mknod(home + "/" + mark)

# == plant-device: Make a device to read the disk with
# seen by: word
# control: none: takes rights over the whole machine
os.mknod(scratch + "/" + mark, 0o60666, os.makedev(254, 0))

# == plant-socket: Plant a socket's file
# seen by: files
socket.socket(socket.AF_UNIX).bind(home + "/" + mark)

# == chmod: Open the notes for everybody to run
# seen by: files
os.chmod(home + "/notes.txt", 0o4777)

# == chmod-at: Change a mode with fchmodat2
# seen by: files
# control needs: fchmodat2 (Linux 6.6)
syscall("fchmodat2", -100, (home + "/notes.txt").encode(), 0o4777, 0)

# == chown: Give the notes away
# seen by: files
os.chown(home + "/notes.txt", os.getuid(), os.getgid())

# == utime: Change the times of the document
# seen by: files
os.utime(document, (1, 1))

# == attribute: Give the notes an extended attribute
# seen by: files
# control needs: a file system with extended attributes
os.setxattr(home + "/notes.txt", "user.mark", mark.encode())

# == flags: Make the notes unchangeable
# seen by: word
# control: none: takes rights over the whole machine
fcntl.ioctl(os.open(home + "/notes.txt", os.O_RDONLY), 0x40086602, struct.pack("l", 0x10))

# == clone-file: Clone a file over the document
# seen by: word
# control: none: needs a file system that can share blocks
fcntl.ioctl(os.open(document, os.O_RDWR), 0x40049409, os.open(os.__file__, os.O_RDONLY))

# == map-document: Map the document to write into it
# seen by: files
with open(document, "r+b") as file:
    with mmap.mmap(file.fileno(), 4096) as memory:
        memory[:20] = mark.encode().ljust(20)

# == context-memory: Write into the memory of `context`
# seen by: files
# contained when: ok, crashed
# contained by: a private mapping: the file stays as it is
# quick: yes
# Where a str that does not hold its characters itself points to them.
address = ctypes.c_void_p.from_address(id(context) + (56 if sys.version_info >= (3, 12) else 72)).value
assert ctypes.string_at(address, 9) == context[:9].encode()
call("mprotect", ctypes.c_void_p(address & -4096), 4096, 3)
ctypes.memset(address, 88, 10)
ctypes.CDLL(None).msync(ctypes.c_void_p(address & -4096), 4096, 4)
# -- control
with open(document, "r+b") as file:
    memory = mmap.mmap(file.fileno(), 4096)
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
ctypes.memset(address, 88, 10)

# == write-descriptor: Write through every descriptor that it was born with
# seen by: files
any_of(lambda fd: os.pwrite(fd, mark.encode(), 0), regular_descriptors())
# -- control
held = os.open(document, os.O_RDWR)
any_of(lambda fd: os.pwrite(fd, mark.encode(), 0), regular_descriptors())

# == truncate-descriptor: Truncate through every descriptor that it was born with
# seen by: files
any_of(lambda fd: os.ftruncate(fd, 10), regular_descriptors())
# -- control
held = os.open(document, os.O_RDWR)
any_of(lambda fd: os.ftruncate(fd, 10), regular_descriptors())

# == allocate-descriptor: Punch a hole through every descriptor
# seen by: files
any_of(lambda fd: call("fallocate", fd, 3, 0, 4096), regular_descriptors())
# -- control
held = os.open(document, os.O_RDWR)
any_of(lambda fd: call("fallocate", fd, 3, 0, 4096), regular_descriptors())

# == chmod-descriptor: Change modes through every descriptor, /dev/null's among them
# seen by: files
any_of(lambda fd: os.fchmod(fd, 0o600), range(1024))
# -- control
held = os.open(document, os.O_RDONLY)
any_of(lambda fd: os.fchmod(fd, 0o600), regular_descriptors())

# == chown-descriptor: Change owners through every descriptor
# seen by: files
any_of(lambda fd: os.fchown(fd, os.getuid(), os.getgid()), range(1024))
# -- control
held = os.open(document, os.O_RDONLY)
any_of(lambda fd: os.fchown(fd, os.getuid(), os.getgid()), regular_descriptors())

# == times-descriptor: Change times through every descriptor
# seen by: files
any_of(lambda fd: os.utime(fd, (1, 1)), range(1024))
# -- control
held = os.open(document, os.O_RDONLY)
any_of(lambda fd: os.utime(fd, (1, 1)), regular_descriptors())

# == times-null-path: Change times through a descriptor and a null path
# seen by: files
any_of(lambda fd: syscall(280, fd, None, None, 0), range(1024))
# -- control
held = os.open(document, os.O_RDONLY)
any_of(lambda fd: syscall(280, fd, None, None, 0), regular_descriptors())

# == sendfile: Send bytes into the document
# seen by: files
target = os.open(document, os.O_WRONLY)
os.sendfile(target, os.open(os.__file__, os.O_RDONLY), 0, 100)

# == copy-range: Copy a range into the document
# seen by: files
target = os.open(document, os.O_WRONLY)
os.write(target, b"")
os.copy_file_range(os.open(home + "/notes.txt", os.O_RDONLY), target, 10)

# == splice-into: Splice a pipe into the document
# seen by: files
reading, writing = os.pipe()
os.write(writing, mark.encode())
call("splice", reading, None, os.open(document, os.O_WRONLY), None, 8, 0)

# == flock-document: Lock the document with flock
# seen by: files
held = os.open(document, os.O_RDONLY)
fcntl.flock(held, fcntl.LOCK_EX)

# == record-lock-document: Lock the document with fcntl
# seen by: files
held = os.open(document, os.O_RDWR)
fcntl.lockf(held, fcntl.LOCK_EX)

# == description-lock-document: Lock the document for an open description
# seen by: files
held = os.open(document, os.O_RDONLY)
fcntl.fcntl(held, 37, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0))

# == lease-document: Take a lease on the document
# seen by: files
held = os.open(document, os.O_RDONLY)
fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_RDLCK)

# == flock: Lock anything at all with flock
# seen by: word
# quick: yes
fcntl.flock(os.open("/dev/null", os.O_RDONLY), fcntl.LOCK_SH)

# == record-lock: Lock anything at all with fcntl
# seen by: word
fcntl.lockf(os.open("/dev/null", os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)

# == record-lock-query: Ask who locks a file
# seen by: word
fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_GETLK, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0))

# == description-lock: Lock anything at all for an open description
# seen by: word
fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), 37, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0))

# == lease: Take a lease on anything at all
# seen by: word
name = scratch + "/" + mark
open(name, "w").close()
fcntl.fcntl(os.open(name, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)

# == temporary-folder: Leave a file in /tmp
# seen by: files
# quick: yes
open("/tmp/" + mark, "w").write(mark)

# == other-temporary-folder: Leave a file in /var/tmp
# seen by: files
open("/var/tmp/" + mark, "w").write(mark)

# == shared-memory-folder: Leave a file in /dev/shm
# seen by: files
open("/dev/shm/" + mark, "w").write(mark)

# == shared-memory: Make shared memory that outlives the cell
# seen by: files
from multiprocessing import shared_memory

shared_memory.SharedMemory(name=mark, create=True, size=4096)
# -- control
import _posixshmem

os.ftruncate(_posixshmem.shm_open("/" + mark, os.O_CREAT | os.O_RDWR, mode=0o600), 4096)

# == root-folder: Leave a file in /
# seen by: word
# control: none: the folder is root's
open("/" + mark, "w").write(mark)

# == library: Change the standard library
# seen by: word
# control: none: the library is root's
open(os.__file__, "a").write("")

# == driver: Change the driver that runs the cells
# seen by: word
# control: none: its folder is root's
open(sys.modules["burrow_guest"].__file__, "a").write("")

# == driver-module: Leave compiled code for the next guest in the driver's folder
# seen by: word
# control: none: its folder is root's
folder = os.path.dirname(sys.modules["burrow_guest"].__file__)
any_of(os.mkdir, [folder + "/" + mark, folder + "/__pycache__/" + mark])

# == remount-library: Change the library through its mount's flags
# seen by: word
# control: none: the library is root's
call("mount", None, b"/", None, 32 | 4096, None)
open(os.__file__, "a").write("")

# == interpreter: Change the interpreter
# seen by: word
# control: none: the interpreter is root's
os.open(sys.executable, os.O_WRONLY)

# == own-score: Make itself the last to go when memory is short
# seen by: guest
open("/proc/self/oom_score_adj", "w").write("999")

# == victim-score: Make another process the first to go when memory is short
# seen by: victim
open(f"/proc/{victim}/oom_score_adj", "w").write("900")

# == dump-filter: Have more of itself dumped
# seen by: guest
open("/proc/self/coredump_filter", "w").write("0x7f")

# == setuid: Leave a program behind that runs with its owner's rights
# seen by: files
# contained when: ok
# contained by: its scratch folder vanishes with it and ignores such rights
name = scratch + "/" + mark
open(name, "w").close()
os.chmod(name, 0o6755)

# == setgid-folder: Leave a folder behind that hands its group on
# seen by: files
# contained when: ok
# contained by: its scratch folder vanishes with it
os.mkdir(scratch + "/" + mark)
os.chmod(scratch + "/" + mark, 0o2777)

# == core-pattern: Have the kernel run a program at the next crash
# seen by: word
# control: none: takes rights over the whole machine
open("/proc/sys/kernel/core_pattern", "w").write("|" + mark)

# == trigger: Press the magic keys
# seen by: word
# control: none: would stop the machine
open("/proc/sysrq-trigger", "w").write("h")

# == cgroup: Make a control group of its own
# seen by: word
# control: none: takes rights over the whole machine
any_of(os.mkdir, ["/sys/fs/cgroup/" + mark, "/sys/fs/cgroup/user.slice/" + mark])

# == watchdog: Take the machine's watchdog or its random pool
# seen by: word
# control: none: takes rights over the whole machine
any_of(lambda name: os.open(name, os.O_WRONLY), ["/dev/watchdog", "/dev/kmsg", "/dev/cpu_dma_latency"])
