#pragma once

#include <QByteArray>

#include <cstddef>
#include <cstdint>

/// The one function of each fuzz target. It may do anything with the bytes but crash, hang or break its own
/// checks
/// (`check`).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace burrow::fuzz {

inline QByteArray bytesOf(const std::uint8_t* data, std::size_t size)
{
    return QByteArray(reinterpret_cast<const char*>(data), qsizetype(size));
}

/// Unlike an assertion it stands in optimised builds, too.
inline void check(bool condition)
{
    if (!condition)
        __builtin_trap();
}

} // namespace burrow::fuzz
