#include "engine/admitted_model.h"

#include <QCoreApplication>

namespace burrow {

namespace {

Stop stopAt(StopPoint point, const ChatRequest& request)
{
    return {point, request.path, request.model, request.messages.back().text};
}

} // namespace

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
    if (auto passed = co_await m_gate.pass(stopAt(StopPoint::BeforeRequest, request), stop); !passed)
        co_return std::unexpected(ModelError::unsent(std::move(passed.error())));
    Stop after = stopAt(StopPoint::AfterReply, request);
    ModelResult result = co_await m_inner.complete(std::move(request), stop);
    if (!result)
        co_return result;
    after.text = result->text;
    // The reply is on record; who stops the run now finds it there.
    (void)co_await m_gate.pass(std::move(after), stop);
    co_return result;
}

} // namespace burrow
