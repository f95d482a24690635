#pragma once

#include "base/result.h"

#include <QStringList>

namespace burrow {

/// How well cells are contained; in rising order.
enum class SandboxLevel {
    None, ///< not at all
    Limited, ///< some protections are missing
    Strong, ///< no namespaces: a cell can tell whether a file exists, and has no scratch folder
    Full,
};

/// `full`, `strong`, `limited`, `none`.
QByteArray nameOf(SandboxLevel level);
std::optional<SandboxLevel> sandboxLevelNamed(QByteArrayView name);

/// What a guest's launcher achieved. What a window or terminal says of the sandbox comes from here alone.
struct SandboxReport {
    SandboxLevel level = SandboxLevel::None;
    QStringList missing; ///< the protections that are not in force: `namespaces`, `landlock`, …
    QString reason; ///< why, as the system says it; empty at level Full
    QString remedy; ///< what the person can do about it, in a line; may be empty
    QString commands; ///< the same as commands for a shell, where there are any
    QStringList details; ///< further facts for `doctor`, one a line

    friend bool operator==(const SandboxReport&, const SandboxReport&) = default;
};

/// What a level means, in a sentence for people.
QString explanation(SandboxLevel level);

/// The error for a start that was refused at @p report's level.
Error tooWeak(const SandboxReport& report);

/// One line that the launcher wrote on its status descriptor.
struct LauncherReport {
    SandboxReport sandbox;
    qint64 pid = 0; ///< the guest's
    bool refused = false;
};
/// Nothing where @p line is another line, or no line of the launcher's at all.
std::optional<LauncherReport> parseLauncherReport(const QByteArray& line);

/// Adds what a person can do about the first protection that is missing. @p launcher is the path of the
/// sandbox program, @p systemSettings the folder of the kernel's settings. One file per system.
void addRemedy(SandboxReport& report, const QString& launcher,
    const QString& systemSettings = QStringLiteral("/proc/sys"));

} // namespace burrow
