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

/// A name for all that @p batch asks.
QByteArray questionOf(const QueryBatch& batch);
/// What was asked and, for a refusal, how it was refused. @p question: of a call that others were open
/// beside.
QByteArray encodeHostCall(
    const QueryBatch& batch, const QueryOutcome& outcome, const QByteArray& question = {});
/// Empty where no other call was open at the time.
QByteArray decodeQuestion(const QByteArray& json);
/// Nothing where the call was not refused.
std::optional<QueryRefusal> decodeRefusal(const QByteArray& json);

} // namespace burrow
