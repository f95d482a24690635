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
    std::optional<ModelResult> result;
    while (!result) {
        // Behind the wait for a slot: a stop must find a queued request still unsent.
        if (auto passed = co_await m_gate.pass(stopAt(StopPoint::BeforeRequest, request), stop); !passed)
            co_return std::unexpected(ModelError::unsent(std::move(passed.error())));
        result = co_await send(request, stop);
    }
    if (!*result)
        co_return std::move(*result);
    Stop after = stopAt(StopPoint::AfterReply, request);
    after.text = (*result)->text;
    // The reply is on record; who stops the run now finds it there.
    (void)co_await m_gate.pass(std::move(after), stop);
    co_return std::move(*result);
}

Task<std::optional<ModelResult>> AdmittedModel::send(ChatRequest request, StopToken stop)
{
    const auto self = m_inFlight.insert(m_inFlight.end(), {request.path, {}});
    const StopToken aborted = self->abort.get_token();
    std::optional<ModelResult> result;
    {
        // By a copy: what goes on then may end this coroutine.
        const std::stop_callback onStop(stop, [abort = self->abort]() mutable { abort.request_stop(); });
        result = co_await m_inner.complete(std::move(request), aborted);
    }
    m_inFlight.erase(self);
    const bool wasCalledBack = aborted.stop_requested() && !stop.stop_requested();
    if (wasCalledBack && !*result && result->error().code == ErrorCode::Cancelled)
        co_return std::nullopt;
    co_return result;
}

void AdmittedModel::callBack(const NodePath& scope)
{
    std::vector<std::stop_source> aborts; // those that end leave the list
    for (const InFlight& request : m_inFlight)
        if (isWithin(request.path, scope))
            aborts.push_back(request.abort);
    for (std::stop_source& abort : aborts)
        abort.request_stop();
}

} // namespace burrow
