#pragma once

#include "base/task.h"
#include "engine/run_settings.h"
#include "trajectory/run_file.h"
#include "trajectory/run_tree.h"

#include <QStringList>

namespace burrow {

/// A run as its file tells it.
struct LoadedRun {
    QString path;
    int branch = 1;
    std::vector<Branch> branches;
    RunTree tree;
    std::vector<QByteArray> models; ///< by ModelId
    std::vector<DocumentRecord> documents;
    RunSettings settings;
    QList<QByteArray> questions;
    std::optional<QString> writer; ///< who plays it now, where that is somebody else
    qint64 lastSeq = 0; ///< of the events in the file, those that mark a killed run included
};

/// Reads a branch of the run at @p path. Takes a second or two for a million nodes. Errors: as
/// RunFile::open(), RunFileInvalid, InvalidArgument where there is no such branch; Cancelled. @p onProgress
/// hears, on this thread, what percentage of the events was read.
Result<LoadedRun> loadRun(const QString& path, int branch = 1, const StopToken& stop = {},
    const std::function<void(int)>& onProgress = {});

} // namespace burrow
