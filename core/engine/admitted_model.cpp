#include "engine/admitted_model.h"

#include <QCoreApplication>

namespace burrow {

AdmittedModel::AdmittedModel(LanguageModel& inner, Gate& gate, int inFlight)
    : m_inner(inner), m_gate(gate), m_slots(inFlight)
{
}

Task<ModelResult> AdmittedModel::complete(ChatRequest request, StopToken stop)
{
    const Semaphore::Slot slot = co_await m_slots.acquire(stop);
    if (!slot)
        co_return std::unexpected(ModelError::unsent({ErrorCode::Cancelled,
            QCoreApplication::translate("Run", "The run was stopped before the request was sent.")}));
    // Behind the wait for a slot: a stop must find a queued request still unsent.
    if (auto passed = co_await m_gate.pass(StopPoint::BeforeRequest, stop); !passed)
        co_return std::unexpected(ModelError::unsent(std::move(passed.error())));
    co_return co_await m_inner.complete(std::move(request), stop);
}

} // namespace burrow
