#include "trajectory/answer_order.h"

#include "trajectory/json_codec.h"

namespace burrow {

namespace {

using namespace std::chrono_literals;

// Far longer than a guest takes to ask its next question, far shorter than a person's patience.
constexpr auto patience = 1s;

} // namespace

Result<AnswerOrder> AnswerOrder::of(const Recording& recording, RunFile& file, qint64 cell)
{
    AnswerOrder order;
    for (const Recording::HostCall& call : recording.hostCalls(cell)) {
        const Result<QByteArray> json = file.text(call.body);
        if (!json)
            return std::unexpected(json.error());
        order.m_calls.push_back(
            {{call.ordinal, call.refused ? decodeRefusal(*json) : std::nullopt, order.m_calls.size()},
                decodeAsked(*json)});
    }
    return order;
}

std::optional<AnswerOrder::Call> AnswerOrder::take(const QByteArray& asked)
{
    // Of equal calls, the one that was asked first.
    Recorded* best = nullptr;
    for (Recorded& recorded : m_calls)
        if (!recorded.taken && recorded.asked == asked
            && (!best || recorded.call.ordinal < best->call.ordinal))
            best = &recorded;
    if (!best)
        return std::nullopt;
    best->taken = true;
    return best->call;
}

Task<void> AnswerOrder::wait(size_t rank, StopToken stop)
{
    if (rank <= m_next)
        co_return;
    Completion<bool> turn = m_waiting[rank];
    const std::stop_callback onStop(stop, [turn]() mutable { turn.resolve(false); });
    QTimer::singleShot(patience, m_context.get(), [turn]() mutable { turn.resolve(false); });
    co_await turn;
    m_waiting.erase(rank);
}

void AnswerOrder::answered(size_t rank)
{
    m_calls[rank].answered = true;
    while (m_next < m_calls.size() && m_calls[m_next].answered)
        ++m_next;
    if (!m_waiting.contains(m_next))
        return;
    // Behind whoever resumes now, and sends this answer.
    QMetaObject::invokeMethod(
        m_context.get(), [turn = m_waiting[m_next]]() mutable { turn.resolve(true); }, Qt::QueuedConnection);
}

} // namespace burrow
