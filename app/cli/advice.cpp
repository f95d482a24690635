#include "advice.h"

#include "repl/repl_limits.h"

#include <QCoreApplication>

namespace burrow {

namespace {

QString adviceFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::PriceUnknown:
        return QCoreApplication::translate("Advice", "That is --price MODEL=IN/OUT.");
    case ErrorCode::RunNotTrusted:
        return QCoreApplication::translate("Advice", "Then add --trust-run.");
    case ErrorCode::SandboxTooWeak:
        return QCoreApplication::translate("Advice",
            "That is --allow-unsafe-sandbox. `burrow-cli doctor` shows the commands that make it stronger.");
    case ErrorCode::PythonMissing:
        return QCoreApplication::translate("Advice", "Or name one with --python PATH.");
    case ErrorCode::ReplayDiverged:
        return QCoreApplication::translate(
            "Advice", "To go on from there with what is new, replay it with --hybrid.");
    case ErrorCode::NoAnswer:
        return QCoreApplication::translate(
            "Advice", "`burrow-cli show` lists what it did; --max-iterations allows more turns.");
    default:
        return {};
    }
}

} // namespace

QString messageWithAdvice(const Error& error)
{
    const QString advice = adviceFor(error.code);
    return advice.isEmpty() ? error.message : error.message + u' ' + advice;
}

QString lineWithAdvice(const QString& line)
{
    using enum CellLimit;
    for (const auto& [limit, option] : {std::pair(WallTime, "--cell-timeout"),
             std::pair(CpuTime, "--cell-cpu"), std::pair(Memory, "--cell-memory"),
             std::pair(RunMemory, "--max-memory"), std::pair(ScratchBytes, "--cell-scratch")}) {
        if (line.endsWith(QString::fromUtf8(remedyFor(limit))))
            return line + u' '
                + QCoreApplication::translate("Advice", "That is %1.").arg(QLatin1String(option));
    }
    return line;
}

} // namespace burrow
