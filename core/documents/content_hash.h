#pragma once

#include "documents/corpus.h"

namespace burrow {

/// The SHA-256 of each document's bytes, in order, computed on one thread of the pool while a run goes on.
/// Errors: DocumentChanged, NotFound, PermissionDenied, Io, Cancelled.
Task<Result<std::vector<QByteArray>>> hashDocuments(std::vector<Document> documents, StopToken stop);

} // namespace burrow
