#pragma once

#include "base/task.h"
#include "documents/bytes.h"

#include <QByteArray>

namespace burrow {

/// 32 random bytes that a cache of images keeps to itself.
using FingerprintKey = QByteArray;

/// Tells contents apart at the speed of memory (1 GB in 60 ms on two cores; SHA-256 takes five times as
/// long). Nobody who does not know @p key can make two contents with one fingerprint: a Poly1305 tag for each
/// piece, and SHA-256 over the tags. Meaningless after a stop.
QByteArray fingerprint(Bytes bytes, const FingerprintKey& key, const StopToken& stop);

/// The same for a few small things: SHA-256 over the key and @p parts, each with its length.
QByteArray fingerprint(const std::vector<QByteArray>& parts, const FingerprintKey& key);

} // namespace burrow
