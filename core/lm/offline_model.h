#pragma once

#include "lm/language_model.h"

namespace burrow {

/// A stand-in for a model, without network or weights: keyword search, and it says so. As root model it
/// writes cells that look, search, read and answer; as sub-model it quotes the sentence that fits the
/// question best. It knows nothing but the conversation: the same messages give the same reply.
/// Errors: Cancelled alone. Engine thread only; the reading happens in the thread pool.
class OfflineModel final : public LanguageModel {
public:
    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return "offline"; }
};

} // namespace burrow
