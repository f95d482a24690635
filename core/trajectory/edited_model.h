#pragma once

#include "trajectory/recorder.h"

namespace burrow {

/// Asks what a person made of a request instead of the request itself, and marks its node. Stands outside the
/// decorator that serves what is on record. Engine thread only.
class EditedModel final : public LanguageModel {
public:
    /// @p inner and @p recorder must outlive it.
    EditedModel(LanguageModel& inner, Recorder& recorder) : m_inner(inner), m_recorder(recorder) { }

    /// Errors also: those of the recorder.
    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    Recorder& m_recorder;
};

} // namespace burrow
