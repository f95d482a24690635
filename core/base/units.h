#pragma once

#include <QtTypes>

#include <compare>
#include <functional>

namespace burrow {

/// A number with a unit that cannot be mixed up with another. Two of a kind add and compare; different kinds
/// do not.
template <typename Tag> struct Quantity {
    qint64 value = 0;

    friend auto operator<=>(Quantity, Quantity) = default;
    friend Quantity operator+(Quantity a, Quantity b) { return {a.value + b.value}; }
    friend Quantity operator-(Quantity a, Quantity b) { return {a.value - b.value}; }
    Quantity& operator+=(Quantity other)
    {
        value += other.value;
        return *this;
    }
    Quantity& operator-=(Quantity other)
    {
        value -= other.value;
        return *this;
    }
};

/// Bytes from the start of a file.
using ByteOffset = Quantity<struct ByteOffsetTag>;
/// Code points from the start of a text, as Python counts them.
using CharOffset = Quantity<struct CharOffsetTag>;
/// Lines from the start of a text; the first is 0.
using LineNumber = Quantity<struct LineNumberTag>;
/// Millionths of a US dollar.
using MicroUsd = Quantity<struct MicroUsdTag>;

} // namespace burrow
