#pragma once

#include "base/task.h"
#include "repl/repl.h"
#include "trajectory/recording.h"
#include "trajectory/run_file.h"

#include <deque>
#include <map>

namespace burrow {

/// The host calls that a cell made when it was recorded. When it runs again, its threads and coroutines must
/// get their answers in the order in which they came then, or it may do something else. Engine thread only.
class AnswerOrder {
public:
    /// Of the calls that @p recording has of @p cell. Errors: RunFileInvalid.
    static Result<AnswerOrder> of(const Recording& recording, RunFile& file, qint64 cell);
    AnswerOrder() = default;

    struct Call {
        int ordinal = 0; ///< in the order in which the cell asked when it was recorded
        std::optional<QueryRefusal> refusal; ///< it was refused
        size_t rank = 0; ///< how many calls had been answered before
    };
    /// The recorded call that a call which asks @p asked repeats, each once; nothing where none is left.
    std::optional<Call> take(const QByteArray& asked);

    /// Waits until all calls that were answered before @p rank have been answered again; not for ever, since
    /// a cell that does something else may never make them.
    Task<void> wait(size_t rank, StopToken stop);
    /// The call of @p rank has its answer: once the guest got it, the next may follow.
    void answered(size_t rank);

private:
    struct Recorded {
        Call call;
        QByteArray asked;
        bool taken = false;
        bool answered = false;
    };
    std::vector<Recorded> m_calls; ///< by rank
    size_t m_next = 0; ///< the first rank without an answer
    std::map<size_t, Completion<bool>> m_waiting; ///< by rank
    std::unique_ptr<QObject> m_context = std::make_unique<QObject>();
};

} // namespace burrow
