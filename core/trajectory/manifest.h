#pragma once

#include "trajectory/run_file.h"
#include "trajectory/sqlite.h"

namespace burrow {

/// The facts of a run as a whole, and its documents. Rarely used: statements are prepared for each call.
/// Private to core/trajectory.
namespace manifest {

Result<void> setDocuments(Database& database, const std::vector<DocumentRecord>& documents);
Result<void> setDocumentHash(Database& database, int index, const Sha256& hash);
Result<std::vector<DocumentRecord>> documents(Database& database);
/// Errors: RunFileInvalid where they are no tree.
Result<std::vector<Branch>> branches(Database& database);
Result<void> addBranch(Database& database, const Branch& branch);
Result<void> setValue(Database& database, const char* key, const QByteArray& value);
Result<QByteArray> value(Database& database, const char* key);

} // namespace manifest

} // namespace burrow
