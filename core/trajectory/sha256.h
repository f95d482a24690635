#pragma once

#include <QByteArray>

#include <array>

namespace burrow {

/// The SHA-256 of a text.
struct Sha256 {
    std::array<char, 32> bytes{};

    static Sha256 of(QByteArrayView text);
    QByteArrayView view() const { return {bytes.data(), 32}; }
    /// 64 lower-case digits.
    QByteArray hex() const { return view().toByteArray().toHex(); }

    friend bool operator==(const Sha256&, const Sha256&) = default;
};

} // namespace burrow
