#include "trajectory/recorded_host_calls.h"

#include "trajectory/json_codec.h"

#include <algorithm>

namespace burrow {

namespace {

size_t hashOf(const QueryBatch& batch)
{
    size_t hash = qHashMulti(
        0, int(batch.kind), batch.batched, batch.model.has_value(), batch.model.value_or(QByteArray()));
    for (const SubQuery& item : batch.items)
        hash = qHashMulti(
            hash, item.prompt, int(item.context.kind), item.context.document, item.context.bytes);
    return hash;
}

QByteArray nameOf(size_t place)
{
    return QByteArray::number(qulonglong(place));
}

} // namespace

Task<QueryOutcome> RecordedHostCalls::query(NodePath cell, QueryBatch batch, StopToken stop)
{
    if (cell != m_cell)
        enter(cell);
    const size_t question = hashOf(batch);
    if (m_serves)
        co_return co_await serve(cell, question, std::move(stop));
    m_overlaps = m_overlaps || batch.concurrent || m_open > 0;
    ++m_open;
    QueryOutcome outcome = co_await ask(cell, std::move(batch), std::move(stop));
    --m_open;
    keep(cell, question, outcome);
    co_return outcome;
}

void RecordedHostCalls::enter(const NodePath& cell)
{
    m_cell = cell;
    m_issued = 0;
    m_overlaps = false;
    std::vector<AnswerOrder::Answer> answers;
    if (!m_serves)
        answers
            = m_recorder.answerOrder(cell).value_or(answers); // a text that is missing fails the call itself
    else
        for (size_t place = 0, count = m_answers.value(cell).size(); place < count; ++place)
            answers.push_back({nameOf(place)});
    m_order.reset();
    if (!answers.empty())
        m_order.emplace(std::move(answers));
}

Task<QueryOutcome> RecordedHostCalls::ask(NodePath cell, QueryBatch batch, StopToken stop)
{
    const int ordinal = ++m_issued;
    const std::optional<BlobId> recorded = recordedCall(cell, ordinal);
    const auto begun = m_recorder.now();
    QueryOutcome outcome;
    std::optional<QueryRefusal> refusal = recordedRefusal(cell, recorded);
    if (!refusal)
        outcome = co_await m_inner.query(cell, batch, stop);
    else
        outcome = std::unexpected(std::move(*refusal));
    const QByteArray question = m_order || m_overlaps ? questionOf(batch) : QByteArray();
    if (m_order)
        co_await m_order->turn(question, stop);
    // A failed recording shows at the next model call or at the end of the cell, at the latest.
    if (!recorded || outcome.has_value() != (*recorded == BlobId::None))
        (void)m_recorder.hostCall(cell, ordinal, batch, outcome, m_recorder.now() - begun, question);
    co_return outcome;
}

void RecordedHostCalls::beginServing()
{
    for (std::vector<Answer>& answers : m_answers) {
        for (Answer& answer : answers)
            answer.served = false;
    }
    m_serves = true;
    m_missed = false;
    m_cell = {};
}

bool RecordedHostCalls::endServing()
{
    m_serves = false;
    m_cell = {};
    return !m_missed;
}

Task<QueryOutcome> RecordedHostCalls::serve(NodePath cell, size_t question, StopToken stop)
{
    std::vector<Answer>& answers = m_answers[cell];
    const auto answer = std::ranges::find_if(
        answers, [&](const Answer& one) { return !one.served && one.question == question; });
    if (answer == answers.end()) {
        m_missed = true;
        co_return std::unexpected(QueryRefusal{"RuntimeError", "the cell did not make this call before"});
    }
    answer->served = true;
    QueryOutcome outcome = outcomeOf(*answer);
    co_await m_order->turn(nameOf(size_t(answer - answers.begin())), stop);
    co_return outcome;
}

QueryOutcome RecordedHostCalls::outcomeOf(const Answer& answer)
{
    if (!answer.outcome)
        return std::unexpected(answer.outcome.error());
    std::vector<QueryResult> results;
    for (const auto& [ok, id] : *answer.outcome) {
        Result<QByteArray> text = m_recorder.file().text(id);
        m_missed = m_missed || !text;
        results.push_back({ok, std::move(text).value_or(QByteArray())});
    }
    return results;
}

/// The texts go to the run file, where most of them are: replies as the model gave them.
void RecordedHostCalls::keep(const NodePath& cell, size_t question, const QueryOutcome& outcome)
{
    Answer answer{question, {}, false};
    if (!outcome) {
        answer.outcome = std::unexpected(outcome.error());
    } else {
        answer.outcome->reserve(outcome->size());
        for (const QueryResult& result : *outcome) {
            const Result<BlobId> text = m_recorder.keep(result.text);
            if (!text)
                return; // the recorder fails with it, too
            answer.outcome->push_back({result.ok, *text});
        }
    }
    m_answers[cell].push_back(std::move(answer));
}

std::optional<BlobId> RecordedHostCalls::recordedCall(const NodePath& cell, int ordinal) const
{
    const NodeIndex index = m_recorder.tree().findPath(cell);
    if (index == noNode)
        return std::nullopt;
    return m_recorder.recording().hostCall(m_recorder.tree().node(index).id, ordinal);
}

/// Set where the refusal is part of what a model has read since.
std::optional<QueryRefusal> RecordedHostCalls::recordedRefusal(
    const NodePath& cell, std::optional<BlobId> recorded)
{
    const RunTree& tree = m_recorder.tree();
    if (!recorded || *recorded == BlobId::None
        || !(m_recorder.verifies() || Recording::wentPast(tree, tree.findPath(cell))))
        return std::nullopt;
    const Result<QByteArray> json = m_recorder.file().text(*recorded);
    return json ? decodeRefusal(*json) : std::nullopt;
}

} // namespace burrow
