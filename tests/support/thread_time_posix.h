#pragma once

#include <chrono>

#include <time.h>

namespace burrow::test {

/// The processor's time that this thread has used.
inline std::chrono::nanoseconds threadTime()
{
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

} // namespace burrow::test
