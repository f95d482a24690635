#pragma once

#include "documents/context_image.h"
#include "trajectory/run_file.h"

namespace burrow {

/// The manifest of what was opened: the documents in order, then what was skipped.
std::vector<DocumentRecord> recordsOf(const Corpus& corpus, const ContextImage& image);

/// A line for each document with bytes that are no text in its encoding.
QStringList replacedLines(const std::vector<DocumentRecord>& records);

/// Whether a session may go on that finds @p now where an earlier one found @p before: the same documents
/// with the same contents. One that was touched or moved on the disk is read and compared by its hash, where
/// that is on record. Returns what to keep: @p now, with the hashes that hold.
/// Errors: DocumentChanged, naming the document that was added, removed or changed; those of hashDocuments().
Task<Result<std::vector<DocumentRecord>>> sameDocuments(
    std::vector<DocumentRecord> before, std::vector<DocumentRecord> now, Corpus corpus, StopToken stop);

/// The hashes of documents are kept while the run goes on. Those that are on record are not computed again.
Task<Result<void>> recordHashes(RunFile& file, Corpus corpus, StopToken stop);

} // namespace burrow
