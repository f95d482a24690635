#pragma once

#include "engine/gate.h"
#include "lm/language_model.h"

#include <list>

namespace burrow {

/// Lets only so many requests of a run be in flight at once, the others wait in order of arrival, and none
/// leave while the gate is held or closed. One that is called back is sent again once the gate lets it.
/// Stands inside the decorator that retries: each attempt asks. Errors: Cancelled, before anything is sent.
class AdmittedModel final : public LanguageModel {
public:
    AdmittedModel(LanguageModel& inner, Gate& gate, int inFlight);

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override;
    QByteArray endpoint() const override { return m_inner.endpoint(); }

    /// Aborts the requests that are in flight at @p scope or below it. What had arrived is recorded.
    void callBack(const NodePath& scope);

private:
    struct InFlight {
        NodePath path;
        std::stop_source abort;
    };
    /// Nothing where it was called back.
    Task<std::optional<ModelResult>> send(ChatRequest request, StopToken stop);

    LanguageModel& m_inner;
    Gate& m_gate;
    Semaphore m_slots;
    std::list<InFlight> m_inFlight;
};

} // namespace burrow
