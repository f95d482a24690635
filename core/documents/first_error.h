#pragma once

#include "base/result.h"

#include <atomic>
#include <mutex>
#include <optional>

namespace burrow {

/// Keeps the first error of a parallel loop. From any thread.
class FirstError {
public:
    void note(Error error)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_error)
            m_error = std::move(error);
        m_failed = true;
    }
    bool failed() const { return m_failed; }
    Result<void> take()
    {
        const std::lock_guard lock(m_mutex);
        return m_error ? Result<void>(std::unexpected(*m_error)) : Result<void>();
    }

private:
    std::atomic<bool> m_failed = false;
    std::mutex m_mutex;
    std::optional<Error> m_error;
};

} // namespace burrow
