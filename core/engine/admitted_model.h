#pragma once

#include "engine/gate.h"
#include "lm/language_model.h"

namespace burrow {

/// Lets only so many requests of a run be in flight at once, the others wait in order of arrival, and none
/// leave while the gate is held or closed. Stands inside the decorator that retries: each attempt asks.
/// Errors: Cancelled, before anything is sent.
class AdmittedModel final : public LanguageModel {
public:
    AdmittedModel(LanguageModel& inner, Gate& gate, int inFlight);

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    Gate& m_gate;
    Semaphore m_slots;
};

} // namespace burrow
