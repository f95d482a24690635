#include "repl/repl_limits.h"

namespace burrow {

namespace {

/// In the largest unit of which it is a whole number.
QByteArray bytesText(qint64 bytes)
{
    constexpr const char* units[] = {" bytes", " KiB", " MiB", " GiB", " TiB"};
    size_t unit = 0;
    while (unit + 1 < std::size(units) && bytes >= 1024 && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return grouped(bytes) + units[unit];
}

QByteArray secondsText(qint64 milliseconds)
{
    QByteArray text = grouped(milliseconds / 1000);
    if (const qint64 rest = milliseconds % 1000; rest != 0) {
        text += '.' + QByteArray::number(1000 + rest).sliced(1);
        while (text.endsWith('0'))
            text.chop(1);
    }
    return text + (milliseconds == 1000 ? " second" : " seconds");
}

/// What a person calls it; empty where nothing sets it.
QByteArray nameOf(CellLimit limit)
{
    switch (limit) {
    case CellLimit::WallTime:
        return "the time of a cell";
    case CellLimit::CpuTime:
        return "the processor time of a cell";
    case CellLimit::Memory:
        return "the memory of a cell";
    case CellLimit::RunMemory:
        return "the memory of all cells together";
    case CellLimit::ScratchBytes:
        return "the scratch files of a cell";
    default:
        return {};
    }
}

} // namespace

LimitHit hitOf(CellLimit limit, const ReplLimits& limits)
{
    constexpr qint64 outputBytes = qint64(1) << 20; // as sandbox/host/protocol.h has it
    switch (limit) {
    case CellLimit::WallTime:
        return {limit, limits.cellTimeout.count()};
    case CellLimit::CpuTime:
        return {limit, limits.cellCpu.count()};
    case CellLimit::Memory:
        return {limit, limits.memoryBytes};
    case CellLimit::RunMemory:
        return {limit, limits.runMemoryBytes};
    case CellLimit::ScratchBytes:
        return {limit, limits.scratchBytes};
    case CellLimit::ScratchFiles:
        return {limit, limits.scratchFiles};
    case CellLimit::OpenFiles:
        return {limit, limits.openFiles};
    case CellLimit::Threads:
        return {limit, limits.threads};
    case CellLimit::Output:
        return {limit, outputBytes};
    }
    return {limit, 0};
}

QByteArray amountOf(const LimitHit& hit)
{
    switch (hit.limit) {
    case CellLimit::WallTime:
        return secondsText(hit.value);
    case CellLimit::CpuTime:
        return secondsText(hit.value) + " of processor time";
    case CellLimit::Memory:
    case CellLimit::RunMemory:
        return bytesText(hit.value) + " of memory";
    case CellLimit::ScratchBytes:
        return bytesText(hit.value) + " of scratch files";
    case CellLimit::ScratchFiles:
        return grouped(hit.value) + " scratch files";
    case CellLimit::OpenFiles:
        return grouped(hit.value) + " open files";
    case CellLimit::Threads:
        return grouped(hit.value) + " threads";
    case CellLimit::Output:
        return bytesText(hit.value) + " of output";
    }
    return {};
}

QByteArray describe(const LimitHit& hit)
{
    const QByteArray amount = amountOf(hit);
    switch (hit.limit) {
    case CellLimit::WallTime:
        return "The cell ran longer than " + amount + '.';
    case CellLimit::RunMemory:
        return "All REPLs of this run together used more than " + amount + '.';
    case CellLimit::Output:
        return "The cell printed more than " + amount + '.';
    default:
        return "The cell used more than " + amount + '.';
    }
}

QByteArray remedyFor(CellLimit limit)
{
    const QByteArray name = nameOf(limit);
    return name.isEmpty() ? QByteArray("The model has been told.")
                          : "To allow more, resume with a higher limit on " + name + '.';
}

QByteArray describeForPerson(const LimitHit& hit)
{
    return describe(hit) + ' ' + remedyFor(hit.limit);
}

QByteArray grouped(qint64 number)
{
    QByteArray digits = QByteArray::number(number);
    for (qsizetype at = digits.size() - 3; at > (number < 0 ? 1 : 0); at -= 3)
        digits.insert(at, ',');
    return digits;
}

} // namespace burrow
