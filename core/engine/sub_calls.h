#pragma once

#include "engine/run_parts.h"
#include "repl/repl.h"

#include <QHash>

namespace burrow {

struct RlmTask;

/// Answers the host calls of one RLM call's cells: plain completions and child RLMs, within the limits of the
/// run. Engine thread only.
class SubCalls final : public HostCalls {
public:
    SubCalls(RunParts& parts, const RlmTask& caller);

    Task<QueryOutcome> query(NodePath cell, QueryBatch batch, StopToken stop) override;
    bool wereStopped() const override { return m_stopped; }

private:
    /// Why @p batch may not be sent at all, if so.
    std::optional<QueryRefusal> refusal(const QueryBatch& batch) const;
    ChatRequest completionRequest(NodePath path, const QueryBatch& batch, const SubQuery& item) const;
    /// An entry for a call that failed.
    QueryResult failed(const Error& error);
    QueryRefusal refused(const Error& error);
    Task<QueryOutcome> complete(std::vector<ChatRequest> requests, bool batched, StopToken stop);
    Task<QueryOutcome> callChildren(NodePath cell, int firstOrdinal, QueryBatch batch, StopToken stop);
    Task<Result<QByteArray>> callChild(RlmTask child, StopToken stop);
    RlmTask childTask(NodePath path, const QueryBatch& batch, const SubQuery& item) const;

    RunParts& m_parts;
    const RlmTask& m_caller;
    QHash<NodePath, int> m_issued; ///< calls so far, by cell
    bool m_stopped = false;
};

} // namespace burrow
