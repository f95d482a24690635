#pragma once

#include "engine/budget.h"
#include "engine/gate.h"
#include "engine/limits.h"
#include "engine/prompts.h"
#include "lm/language_model.h"
#include "repl/repl.h"
#include "trajectory/edit.h"

#include <functional>
#include <map>
#include <set>

namespace burrow {

struct RlmTask;

/// Which models a run may call, and how much they take.
struct ModelSettings {
    QByteArray root;
    QByteArray sub;
    std::set<QByteArray> allowed; ///< names that cells may give as `model=`; holds root and sub
    qint64 rootWindow = 128'000; ///< tokens
    qint64 subWindow = 128'000; ///< tokens

    qint64 windowOf(const QByteArray& model) const
    {
        return model == sub && model != root ? subWindow : rootWindow;
    }
};

/// Admits the child RLMs of a run. Each level has slots of its own: a parent holds its slot while its
/// children work.
class ChildSlots {
public:
    explicit ChildSlots(int perLevel) : m_perLevel(perLevel) { }
    Semaphore& at(int depth) { return m_levels.try_emplace(depth, m_perLevel).first->second; }

private:
    int m_perLevel;
    std::map<int, Semaphore> m_levels;
};

/// The parts that all calls of one run share. Owned by the run; engine thread only.
struct RunParts {
    const RunLimits& limits;
    const RunLimits& told; ///< those that models read of: as the run began, whatever holds now
    const ModelSettings& models;
    const Prompts& prompts;
    LanguageModel& model; ///< the whole chain: replayed, retried, admitted, budgeted, recorded
    Budget& budget;
    Gate& gate;
    ReplFactory& repls; ///< recorded, and watching the documents
    ChildSlots& children;
    const Edits& edits; ///< what a person changed
    quint64 seed;
    bool hasScratch; ///< whether cells can write files
    /// Plays a child call and records how it went. Errors: as RlmCall::run().
    std::function<Task<Result<QByteArray>>(RlmTask, StopToken)> playChild;
    /// Whether a reply to the request is on record, so that it will not be sent.
    std::function<bool(const ChatRequest&)> isRecorded;
    /// Whether what stands at the path has a result on record: a request its reply, a cell its output, a call
    /// its answer.
    std::function<bool(const NodePath&)> hasResult;
};

} // namespace burrow
