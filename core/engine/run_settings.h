#pragma once

#include "engine/run_parts.h"

#include <QStringList>

namespace burrow {

/// All that a run was asked with except its questions, as a run file keeps it: enough to take it up again. No
/// secrets.
struct RunSettings {
    QStringList paths; ///< absolute
    QString encoding; ///< empty: each document's is detected
    QString endpoint; ///< `offline`, or the base URL of a server
    ModelSettings models;
    /// Given by the person, or what recorded replies answer to: what a model reads depends on them. Otherwise
    /// the server may say others.
    bool windowsKnown = false;
    QStringList prices; ///< MODEL=IN/OUT
    RunLimits limits;
    RunLimits told; ///< those that the run began with, of which its models read

    QByteArray toJson() const;
    /// Fields that are missing or make no sense are as by default: a run file may come from somebody else.
    static RunSettings fromJson(const QByteArray& json);
};

/// Whether a limit on money can be kept: every model that may be called has a price. Errors: InvalidArgument.
Result<void> checkPrices(const RunSettings& settings);

} // namespace burrow
