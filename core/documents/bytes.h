#pragma once

#include <QByteArrayView>

#include <span>

namespace burrow {

/// Bytes of a document that somebody else keeps.
using Bytes = std::span<const unsigned char>;

inline Bytes asBytes(QByteArrayView bytes)
{
    return {reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<size_t>(bytes.size())};
}

} // namespace burrow
