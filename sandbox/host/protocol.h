#pragma once

#include <QtTypes>

/// The frames between the host and a guest, over two inherited pipes: descriptor 3 (host → guest) and 4
/// (guest → host). On Windows these are handles, which the launcher names to the driver, and so is every
/// `fd`.
///
/// A frame, all integers unsigned little-endian:
///
///     u32 header length | u32 number of parts | header: JSON object, UTF-8 | u64 length of each part | parts
///
/// Bulky text (code, prompts, replies, outputs) travels as parts: raw UTF-8, never escaped. The header names
/// the frame in "op" and refers to parts by position. The guest is hostile: the host bounds every length
/// before it allocates, ignores what it does not know, and ends a guest that breaks the format
/// (CellStatus::Crashed).
///
/// Host → guest
///
///     start   {"v":1, "seed":N, "path":"root", "list":bool, "names":[…],
///              "spans":[{"fd":N, "width":1|2|4, "ascii":bool, "offset":N, "length":N}…],
///              "value":"text"|"json"|null, "memory":bytes}
///             First frame. `spans` is the corpus; each span's file is handed over as an inherited descriptor
///             `fd` that the guest closes before the first cell. Where "value" is set, part 0 is the copied
///             context instead. "time" (seconds since 1970, optional) is where the guest's own clock starts.
///     cell    {"id":N, "path":"root/turn3/cell1", "file":"<cell 7>"}   part 0: the code
///     result  {"id":N, "ok":[bool…]}   parts: one text for each item, in order. `id` is the query's.
///     refused {"id":N, "exception":"LimitReached"}   part 0: the message
///     checkpoint {"id":N}
///             Between two cells, at level Full: leave a frozen copy of the process behind.
///
/// Guest → host
///
///     ready   {"v":1, "python":"3.13.5", "zero_copy":bool, "why":"…", "no_exec":bool}
///             `zero_copy` false: the text was read instead, and `why` says for what reason. `no_exec`: the
///             driver's own system call filter, which forbids execve, is in place.
///     out     {"stream":"out"|"err"}   part 0: text as it is written, in pieces of at most 64 KiB
///     query   {"id":N, "kind":"llm"|"rlm", "batched":bool, "model":"…"|null, "contexts":[…],
///              "concurrent":true where a thread or coroutine asks beside which others may ask}
///             parts: the prompts, then the copied contexts. For rlm, "contexts" has one entry for each
///             prompt: "corpus", {"document":N}, or {"copied":"text"|"json"} which takes the next part after
///             the prompts.
///     done    {"id":N, "status":"ok"|"raised"|"interrupted", "limit":null|"memory"|"scratch_bytes"|
///              "scratch_files"|"open_files"|"threads", "answer":bool, "draft":bool,
///              "variables":[["name","type",length|null]…], "dropped_out":N, "dropped_err":N,
///              "dropped_value":N}
///             parts: value head, value tail, out tail, err tail, answer text, draft text (each may be empty)
///
///     kept    {"id":N, "pid":N,
///     "why":null|"threads"|"files"|"scratch"|"memory"|"processes"|"ctypes"|"system"|"sandbox"}
///             The answer to `checkpoint`. It comes from the copy itself, which tells its process id
///             (inside); 0 where there is none, and `why` not: threads of cells are alive, a cell has files
///             open, the scratch folder cannot be read, there is no memory for its content or no room for a
///             process, a cell has set what no copy would inherit ("system"), …
///     restored {"id":N, "pid":N, "why":null|…}
///             The host has ended the guest and woken a copy (sandbox/launcher/init_linux.cpp): what that has
///             forked has dropped all that was still in the pipe, and takes cells from now on.
///
/// Stdout and stderr: the guest streams the first 1 MiB of each per cell as `out` frames, keeps the last 64
/// KiB for the tail in `done`, and counts the rest as dropped characters. The host enforces the same bounds
/// by itself.
///
/// Order: after `start` the guest sends `ready`; then, for each `cell`, any number of `out` and `query`, then
/// `done`. Queries may overlap (threads, asyncio); their results may come in any order. A query that arrives
/// after `done` of its cell is answered `refused`. SIGINT interrupts the running cell.
///
/// What the guest finds at level Full: its own root with `/python` (`bin`, `lib/python3.N`), `/guest` (the
/// driver's folder), `/usr/lib` (ELF libraries), `/dev/null` and the empty working folder `/scratch`, the one
/// place that can be written to. At level Strong the machine's own paths, of which it can read those alone,
/// the working folder `/` and no scratch. Descriptors 0 and 1 are /dev/null; what it writes to 2 before
/// `ready` explains a failed start. The main thread has a stack of 8 MiB, which is also the default for
/// threads, so the driver sets `threading.stack_size(1 << 20)`. The driver also adds a system call filter
/// that forbids `execve`, and any further one.
namespace burrow::protocol {

inline constexpr int version = 1;
inline constexpr int guestReadsFrom = 3;
inline constexpr int guestWritesTo = 4;

inline constexpr quint32 maxHeaderBytes = quint32(4) << 20;
inline constexpr int maxHeaderDepth = 8; ///< of arrays and objects in one another
inline constexpr int maxHeaderValues = 30'000; ///< counted by their commas: to parse them takes the engine
                                               ///< some hundredths of a second
inline constexpr quint32 maxParts = 200'000;
inline constexpr quint64 maxFrameBytes = quint64(256) << 20; ///< of its parts; the guest refuses more than
                                                             ///< 250 MB in words
inline constexpr qint64 maxStreamedBytes = qint64(1) << 20; ///< of each of stdout and stderr, per cell
inline constexpr qint64 maxTailBytes = qint64(64) << 10;
inline constexpr qint64 maxCopiedContextBytes = qint64(64) << 20;

} // namespace burrow::protocol
