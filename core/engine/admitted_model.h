#pragma once

#include "lm/language_model.h"

namespace burrow {

/// Lets only so many requests of a run be in flight at once; the others wait in order of arrival.
class AdmittedModel final : public LanguageModel {
public:
    AdmittedModel(LanguageModel& inner, int inFlight);

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    Semaphore m_slots;
};

} // namespace burrow
