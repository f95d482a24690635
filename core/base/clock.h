#pragma once

#include <chrono>

namespace burrow {

/// A door to the outside: the time, for people and limits only. Nothing that a model reads may depend on it.
class Clock {
public:
    virtual ~Clock() = default;
    /// Since 1970-01-01 00:00 UTC.
    virtual std::chrono::microseconds now() const = 0;
};

class SystemClock final : public Clock {
public:
    std::chrono::microseconds now() const override
    {
        return std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now().time_since_epoch());
    }
};

} // namespace burrow
