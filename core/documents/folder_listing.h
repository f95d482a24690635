#pragma once

#include "documents/corpus.h"

namespace burrow {

/// What a folder means as a set of documents.
struct FolderListing {
    std::vector<QByteArray> files; ///< paths inside the folder with `/`, in the order of their bytes
    std::vector<SkippedFile> skipped; ///< links, special files and subfolders that cannot be read
};

/// Lists the regular files of @p folder and its subfolders, without hidden and version-control entries.
/// Errors: PermissionDenied, Io, Cancelled.
Result<FolderListing> listFolder(const QString& folder, const StopToken& stop);

} // namespace burrow
