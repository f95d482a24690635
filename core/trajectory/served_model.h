#pragma once

#include "trajectory/recorder.h"

namespace burrow {

/// Serves what earlier sessions of the run recorded, and passes on what they did not: a reply is durable
/// before anyone uses it. Stands outside the decorators that retry and that keep the budget: what is served
/// is not sent and costs nothing. A failure is served only where a model has already read of it, or where its
/// node was answered in another way. Engine thread only.
class ServedModel final : public LanguageModel {
public:
    /// @p inner and @p recorder must outlive it.
    ServedModel(LanguageModel& inner, Recorder& recorder);

    /// Errors also: those of the recorder; then nothing was sent.
    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

    /// Whether @p request would be served.
    bool holds(const ChatRequest& request);

private:
    LanguageModel& m_inner;
    Recorder& m_recorder;
};

} // namespace burrow
