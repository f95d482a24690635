#pragma once

#include "trajectory/recorder.h"

#include <functional>

namespace burrow {

/// At most what a request may use, for the case that its outcome is never seen.
using Estimator = std::function<Usage(const ChatRequest&)>;

/// Records what passes through to another model: a request, which is durable before it is sent, and its
/// reply, which is with the recorder's next commit: ServedModel waits for that. Stands inside the decorators
/// that retry and that keep the budget, so that each attempt that is really sent is recorded, and nothing
/// else. Engine thread only.
class RecordedModel final : public LanguageModel {
public:
    /// @p inner and @p recorder must outlive it.
    RecordedModel(LanguageModel& inner, Recorder& recorder, Estimator estimate);

    /// Errors also: those of the recorder; then nothing was sent, or its outcome is recorded as unknown.
    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    Recorder& m_recorder;
    Estimator m_estimate;
};

} // namespace burrow
