#pragma once

#include <QByteArray>

#include <chrono>

namespace burrow {

/// What the REPLs of a run may use. Each holds for one REPL, but for runMemoryBytes.
struct ReplLimits {
    std::chrono::milliseconds cellTimeout{std::chrono::seconds(300)}; ///< while no host call is open
    std::chrono::milliseconds cellCpu{std::chrono::seconds(600)}; ///< of processors, all threads together
    qint64 memoryBytes = qint64(2) << 30; ///< beside the mapped documents; scratch files count
    qint64 runMemoryBytes = qint64(8) << 30; ///< of all REPLs together, their checkpoints included
    qint64 scratchBytes = qint64(1) << 30;
    qint64 scratchFiles = 16384;
    qint64 openFiles = 256;
    qint64 threads = 512; ///< processes count as threads

    friend bool operator==(const ReplLimits&, const ReplLimits&) = default;
};

/// With less, Python itself does not start.
inline constexpr qint64 leastReplMemory = qint64(64) << 20;

/// The limits that a cell can run into. The values are part of the file format of runs; new ones go to the
/// end.
enum class CellLimit : quint8 {
    WallTime = 1,
    CpuTime = 2,
    Memory = 3,
    RunMemory = 4,
    ScratchBytes = 5,
    ScratchFiles = 6,
    OpenFiles = 7,
    Threads = 8,
    Output = 9, ///< the middle of what it printed was dropped
};
inline constexpr CellLimit lastCellLimit = CellLimit::Output;

/// A limit that a cell ran into, as it was set: never what was measured, since a model reads of it.
struct LimitHit {
    CellLimit limit = CellLimit::WallTime;
    qint64 value = 0; ///< milliseconds, bytes or a number, as the limit is counted

    friend bool operator==(const LimitHit&, const LimitHit&) = default;
};

/// The limit of that kind as @p limits set it.
LimitHit hitOf(CellLimit limit, const ReplLimits& limits);

/// `2 GiB of memory`, `300 seconds`, `512 threads`.
QByteArray amountOf(const LimitHit& hit);
/// What a model is told: `The cell used more than 2 GiB of memory.`
QByteArray describe(const LimitHit& hit);
/// What a person is told: the same, and what they can do about it.
QByteArray describeForPerson(const LimitHit& hit);
/// What that ends with: `To allow more, resume with a higher limit on the memory of a cell.`
QByteArray remedyFor(CellLimit limit);

/// A number with commas between its thousands, as in 1,204.
QByteArray grouped(qint64 number);

} // namespace burrow
