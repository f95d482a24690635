#pragma once

#include <QByteArray>

#include <map>

namespace burrow {

/// What a session of a run was made with, so that a replay uses the same or refuses by name. No secrets.
struct RunInfo {
    QByteArray program; ///< version of Burrow
    QByteArray renderer; ///< version of what turns templates and outputs into messages
    QByteArray guest; ///< version of the guest driver
    QByteArray python; ///< where it is known before a guest starts; else NoteKind::GuestStarted tells
    QByteArray machine; ///< MachineIdentity::mark() of all the rest
    quint64 seed = 0; ///< of `random` in cells
    QByteArray settings; ///< JSON object: models, limits, sandbox level
    std::map<QByteArray, QByteArray> prompts; ///< templates used, by name

    QByteArray toJson() const;
    /// Fields that are missing or of another type are left as they are by default.
    static RunInfo fromJson(const QByteArray& json);

    friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

} // namespace burrow
