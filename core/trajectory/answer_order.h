#pragma once

#include "base/task.h"

#include <QByteArray>

#include <chrono>
#include <vector>

namespace burrow {

/// The order in which calls of one cell were answered that were open at the same time. When the cell runs
/// again, each answer is held back until it is its turn, or threads and coroutines would see them come in
/// another order. Private to core/trajectory. Engine thread only.
class AnswerOrder {
public:
    struct Answer {
        QByteArray question; ///< a name for what was asked; empty: anything
        std::chrono::microseconds took{0};
    };

    /// @p answers in the order in which they came.
    explicit AnswerOrder(std::vector<Answer> answers);

    /// Waits until all that came before the answer to @p question have been given. A cell that does not ask
    /// what it asked then gets its answers late, but does get them. Calls that it did not make wait for none,
    /// where all that it made have names.
    Task<void> turn(QByteArray question, StopToken stop);

private:
    struct Place {
        Answer answer;
        bool isTaken = false;
        bool isGiven = false;
        std::optional<Completion<bool>> turn; ///< of who waits
    };

    std::optional<size_t> find(const QByteArray& question) const;
    void give(size_t place);
    void wakeNext();

    std::vector<Place> m_places;
    size_t m_given = 0; ///< all before this one are
    size_t m_taken = 0; ///< all before this one are
    QObject m_context;
};

} // namespace burrow
