#pragma once

/// What the thread sanitizer cannot see: Qt is not built for it, so it does not know that whoever takes
/// something from a queue of Qt's comes after whoever put it there. In other builds these do nothing.
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace burrow {

/// All that the calling thread did is known to the thread that calls takeOver() with the same @p token later.
inline void handOver([[maybe_unused]] void* token)
{
#ifdef __SANITIZE_THREAD__
    __tsan_release(token);
#endif
}

inline void takeOver([[maybe_unused]] void* token)
{
#ifdef __SANITIZE_THREAD__
    __tsan_acquire(token);
#endif
}

} // namespace burrow
