#pragma once

#include "base/result.h"

#include <span>

namespace burrow {

class Database;

/// The tables of a run file, one NAME.burrow (SQLite):
///
///     run        key, value                    who made it where, settings without secrets
///     branches   id, parent, fork_seq, …       1 is the run as it was asked; forks add more
///     blobs      id, hash, data                every text, by its SHA-256
///     models     id, name
///     documents  id, name, path, size, …       the corpus manifest
///     events     seq, …                        the journal (event.h), append-only
///
/// Workload: one writer appends two small transactions for every model call; readers scan `events` once in
/// order, then fetch single blobs. The file may come from anybody: whoever opens it compares its schema with
/// this one, word for word.
///
/// Step N brings a file of version N to version N + 1, and is never changed once released. A new file is
/// made by all of them, so an older file that was migrated equals a new one.
std::span<const char* const> schemaSteps();

/// "Brrw": what marks an SQLite file as a run.
inline constexpr qint32 runFileApplicationId = 0x42727277;

inline int currentSchemaVersion()
{
    return int(schemaSteps().size());
}

/// A new, empty run file in memory.
Database emptyRunFile();

/// @p database as the bytes of a file.
QByteArray fileOf(Database& database);

/// Errors: RunFileInvalid where the schema of version @p version is not exactly ours.
Result<void> verifySchema(
    Database& database, int version, std::span<const char* const> steps = schemaSteps());

/// Brings a file of version @p version, already verified, through all further steps, in one transaction.
Result<void> migrateSchema(
    Database& database, int version, std::span<const char* const> steps = schemaSteps());

} // namespace burrow
