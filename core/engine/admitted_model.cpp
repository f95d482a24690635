#include "engine/admitted_model.h"

#include <QCoreApplication>

namespace burrow {

AdmittedModel::AdmittedModel(LanguageModel& inner, int inFlight) : m_inner(inner), m_slots(inFlight) { }

Task<ModelResult> AdmittedModel::complete(ChatRequest request, StopToken stop)
{
    const Semaphore::Slot slot = co_await m_slots.acquire(stop);
    if (!slot)
        co_return std::unexpected(ModelError::unsent({ErrorCode::Cancelled,
            QCoreApplication::translate("Run", "The run was stopped before the request was sent.")}));
    co_return co_await m_inner.complete(std::move(request), stop);
}

} // namespace burrow
