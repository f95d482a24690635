#pragma once

#include "trajectory/recorder.h"

#include <QHash>

namespace burrow {

/// Records how each host call of a REPL's cells was answered, in the order of the answers, gives cells that
/// run again in the same session what they got, and keeps to that order whenever they run again. Private to
/// core/trajectory. Engine thread only.
class RecordedHostCalls final : public HostCalls {
public:
    RecordedHostCalls(HostCalls& inner, Recorder& recorder) : m_inner(inner), m_recorder(recorder) { }

    Task<QueryOutcome> query(NodePath cell, QueryBatch batch, StopToken stop) override;
    bool wereStopped() const override { return m_inner.wereStopped(); }

    /// From now on nothing is asked of anybody: calls are answered as they were before, or refused.
    void beginServing();
    /// Whether no call was refused since beginServing().
    bool endServing();
    /// No answer to a call of @p cell will be served.
    void forget(const NodePath& cell) { m_answers.remove(cell); }
    void forgetAll() { m_answers.clear(); }

    struct Text {
        bool ok;
        BlobId text;
    };
    struct Answer {
        size_t question; ///< a hash of all that was asked
        std::expected<std::vector<Text>, QueryRefusal> outcome;
        bool served = false;
    };
    using Answers = QHash<NodePath, std::vector<Answer>>; ///< by cell, in the order of the answers
    /// What cells that run again in the same process get, to be handed on with it.
    Answers takeAnswers() { return std::exchange(m_answers, {}); }
    void setAnswers(Answers answers) { m_answers = std::move(answers); }

private:
    Task<QueryOutcome> ask(NodePath cell, QueryBatch batch, StopToken stop);
    Task<QueryOutcome> serve(NodePath cell, size_t question, StopToken stop);
    QueryOutcome outcomeOf(const Answer& answer);
    void enter(const NodePath& cell);
    void keep(const NodePath& cell, size_t question, const QueryOutcome& outcome);
    std::optional<BlobId> recordedCall(const NodePath& cell, int ordinal) const;
    std::optional<QueryRefusal> recordedRefusal(const NodePath& cell, std::optional<BlobId> recorded);

    HostCalls& m_inner;
    Recorder& m_recorder;
    Answers m_answers;
    NodePath m_cell;
    int m_issued = 0;
    int m_open = 0;
    bool m_overlaps = false; ///< calls of the cell were open at the same time, or might have been
    std::optional<AnswerOrder> m_order; ///< of the cell
    bool m_serves = false;
    bool m_missed = false;
};

} // namespace burrow
