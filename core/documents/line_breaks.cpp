#include "documents/line_breaks.h"

#include "documents/also_for_avx2.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace burrow {

namespace {

// As many rounds as a byte can count.
constexpr size_t lanes = 32, rounds = 255;

/// Counts breaks in @p count bytes from @p bytes; reads one more. The inner loop becomes a few vector
/// instructions for 32 bytes at once.
BURROW_ALSO_FOR_AVX2 qint64 countInBytes(const unsigned char* bytes, size_t count)
{
    qint64 total = 0;
    while (count >= lanes) {
        const size_t block = std::min(count / lanes, rounds);
        unsigned char sums[lanes] = {};
        for (size_t round = 0; round < block; ++round) {
            const unsigned char* const at = bytes + round * lanes;
            for (size_t i = 0; i < lanes; ++i) {
                const unsigned char feed = at[i] == '\n', lone = (at[i] == '\r') & (at[i + 1] != '\n');
                sums[i] = static_cast<unsigned char>(sums[i] + (feed | lone));
            }
        }
        for (const unsigned char sum : sums)
            total += sum;
        bytes += block * lanes;
        count -= block * lanes;
    }
    for (size_t i = 0; i < count; ++i)
        total += bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n');
    return total;
}

/// The same for units of two bytes, as they lie in the file; @p feed and @p carriage likewise.
BURROW_ALSO_FOR_AVX2 qint64 countInPairs(
    const unsigned char* bytes, size_t count, char16_t feed, char16_t carriage)
{
    qint64 total = 0;
    char16_t units[lanes + 1];
    while (count >= lanes) {
        std::memcpy(units, bytes, sizeof units);
        unsigned sum = 0;
        for (size_t i = 0; i < lanes; ++i)
            sum += unsigned(units[i] == feed) | unsigned((units[i] == carriage) & (units[i + 1] != feed));
        total += sum;
        bytes += lanes * 2;
        count -= lanes;
    }
    for (size_t i = 0; i < count; ++i) {
        std::memcpy(units, bytes + i * 2, 4);
        total += units[0] == feed || (units[0] == carriage && units[1] != feed);
    }
    return total;
}

} // namespace

LineBreaks::LineBreaks(Bytes text, const TextEncoding& encoding)
    : m_text(text)
    , m_unit(encoding == TextEncoding::Kind::Utf16Le    ? Unit::Utf16Le
              : encoding == TextEncoding::Kind::Utf16Be ? Unit::Utf16Be
                                                        : Unit::Byte)
{
}

/// 0 beyond the end, which nothing takes for a character of a line break.
char16_t LineBreaks::unitAt(ByteOffset at) const
{
    const auto index = static_cast<size_t>(at.value);
    if (at.value < 0 || index + static_cast<size_t>(unitBytes()) > m_text.size())
        return 0;
    if (m_unit == Unit::Byte)
        return m_text[index];
    const unsigned first = m_text[index], second = m_text[index + 1];
    return static_cast<char16_t>(m_unit == Unit::Utf16Le ? first | second << 8 : first << 8 | second);
}

/// Whether the unit at @p at ends a line.
bool LineBreaks::breaksAfter(ByteOffset at) const
{
    const char16_t unit = unitAt(at);
    return unit == '\n' || (unit == '\r' && unitAt(at + ByteOffset{unitBytes()}) != '\n');
}

qint64 LineBreaks::count(ByteOffset from, ByteOffset to) const
{
    const ByteOffset unit{unitBytes()};
    const ByteOffset last = ByteOffset{std::ssize(m_text) / unit.value * unit.value} - unit;
    const ByteOffset quick = std::min(to, last); // the unit after the last one cannot be read
    qint64 total = 0;
    if (from < quick) {
        const unsigned char* const bytes = m_text.data() + from.value;
        const auto units = static_cast<size_t>((quick - from).value / unit.value);
        const bool swapped = (m_unit == Unit::Utf16Le) != (std::endian::native == std::endian::little);
        const auto stored = [swapped](char16_t c) { return swapped ? std::byteswap(c) : c; };
        total += m_unit == Unit::Byte ? countInBytes(bytes, units)
                                      : countInPairs(bytes, units, stored(u'\n'), stored(u'\r'));
        from = quick;
    }
    for (; from < to && from <= last; from += unit)
        total += breaksAfter(from);
    return total;
}

std::optional<ByteOffset> LineBreaks::firstByteStart(ByteOffset from, ByteOffset to) const
{
    const unsigned char* const bytes = m_text.data();
    const qint64 end = std::min<qint64>(to.value, std::ssize(m_text));
    if (from.value >= end)
        return std::nullopt;
    const auto find = [bytes, from](int c, qint64 limit) -> qint64 {
        const void* found = std::memchr(bytes + from.value, c, static_cast<size_t>(limit - from.value));
        return found ? static_cast<const unsigned char*>(found) - bytes : limit;
    };
    const qint64 feed = find('\n', end);
    const qint64 carriage = find('\r', feed);
    if (carriage < feed && breaksAfter({carriage}))
        return ByteOffset{carriage + 1};
    return feed < end ? std::optional(ByteOffset{feed + 1}) : std::nullopt;
}

std::optional<ByteOffset> LineBreaks::firstStart(ByteOffset from, ByteOffset to) const
{
    if (m_unit == Unit::Byte)
        return firstByteStart(from, to);
    const ByteOffset unit{unitBytes()};
    for (ByteOffset at = from; at < to && at.value < std::ssize(m_text); at += unit) {
        if (breaksAfter(at))
            return at + unit;
    }
    return std::nullopt;
}

std::optional<ByteOffset> LineBreaks::lastStart(ByteOffset from, ByteOffset to) const
{
    const ByteOffset unit{unitBytes()};
    const qint64 end = std::min<qint64>(to.value, std::ssize(m_text)) / unit.value * unit.value;
    for (ByteOffset at = ByteOffset{end} - unit; at >= from; at -= unit) {
        if (breaksAfter(at))
            return at + unit;
    }
    return std::nullopt;
}

ByteOffset LineBreaks::endBefore(ByteOffset next) const
{
    const ByteOffset unit{unitBytes()};
    const ByteOffset last = next - unit;
    const bool pair = unitAt(last) == '\n' && unitAt(last - unit) == '\r';
    return pair ? last - unit : last;
}

} // namespace burrow
