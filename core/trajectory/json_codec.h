#pragma once

#include "lm/language_model.h"
#include "repl/repl.h"

/// How errors, cells and host calls are written in a run file. Private to core/trajectory.
namespace burrow {

/// @p endpoint without `user:password@`.
QByteArray withoutCredentials(const QByteArray& endpoint);

/// All but the partial text.
QByteArray encodeError(const ModelError& error);
ModelError decodeError(const QByteArray& json, const QByteArray& partialText);

/// A cell's output in two parts: all its texts in a row, and JSON with their lengths and everything else.
struct EncodedOutput {
    QByteArray texts;
    QByteArray json;
};
EncodedOutput encodeOutput(const CellOutput& output);
/// Nothing where the parts do not fit together.
std::optional<CellOutput> decodeOutput(const EncodedOutput& encoded);

/// A reference as it is, a copied value by hash and length.
QByteArray encodeContext(const ContextValue& context);

/// What was asked and, for a refusal, how it was refused.
QByteArray encodeHostCall(const QueryBatch& batch, const QueryOutcome& outcome);
/// Nothing where the call was not refused.
std::optional<QueryRefusal> decodeRefusal(const QByteArray& json);

} // namespace burrow
