#pragma once

#include "trajectory/event.h"

#include <mutex>
#include <vector>

namespace burrow {

/// Hands committed events from the engine to one reader: the window or the terminal, which drains it on a
/// timer. Any thread.
class RunFeed {
public:
    struct Batch {
        std::vector<Event> events;
        std::vector<QByteArray> models; ///< all names so far, by ModelId; empty where none is new
    };

    void append(std::span<const Event> events)
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.events.insert(m_waiting.events.end(), events.begin(), events.end());
    }
    void setModels(const std::vector<QByteArray>& models)
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.models = models;
    }
    /// All that came since the last drain, in order.
    Batch drain()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_waiting, {});
    }

private:
    std::mutex m_mutex;
    Batch m_waiting;
};

} // namespace burrow
