#pragma once

#include "repl/repl.h"

namespace burrow {

/// What a model is told about the `context` of its REPL: type, length, the first documents and a prefix.
QByteArray describeContext(const ReplContext& context);

/// One phrase for the system prompt: what `context` is.
QByteArray kindOfContext(const ReplContext& context);

/// The first @p characters of @p span as UTF-8, lone surrogates as U+FFFD; less where the file is shorter
/// now.
QByteArray headOf(const TextSpan& span, qint64 characters);

} // namespace burrow
