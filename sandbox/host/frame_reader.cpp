#include "host/frame_reader.h"

#include "host/protocol.h"

#include <QtEndian>

#include <algorithm>
#include <cstring>

namespace burrow {

namespace {

/// From here on a part is read in place.
constexpr qsizetype bigPart = qsizetype(64) << 10;

std::unexpected<Error> violation(const char* what)
{
    return fail(ErrorCode::ProtocolViolation,
        QStringLiteral("The Python process broke the frame format: %1.").arg(QLatin1StringView(what)));
}

} // namespace

std::span<char> FrameReader::destination()
{
    if (m_stage != Stage::Parts)
        return {};
    QByteArray& part = m_frame.parts[m_part];
    const qsizetype missing = part.size() - m_partFilled;
    if (missing < bigPart)
        return {};
    return {part.data() + m_partFilled, std::size_t(missing)};
}

void FrameReader::filled(qsizetype count)
{
    m_partFilled += count;
    skipFullParts();
}

Result<void> FrameReader::feed(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qsizetype used = m_stage == Stage::Parts ? feedPart(bytes) : feedFront(bytes);
        bytes = bytes.sliced(used);
        if (const Result<void> advanced = advance(); !advanced)
            return advanced;
    }
    return {};
}

std::optional<Frame> FrameReader::take()
{
    if (m_complete.empty())
        return std::nullopt;
    Frame frame = std::move(m_complete.front());
    m_complete.pop_front();
    return frame;
}

qsizetype FrameReader::feedFront(QByteArrayView bytes)
{
    const qsizetype used = std::min(bytes.size(), qsizetype(m_expected) - m_front.size());
    m_front.append(bytes.first(used));
    return used;
}

qsizetype FrameReader::feedPart(QByteArrayView bytes)
{
    QByteArray& part = m_frame.parts[m_part];
    const qsizetype used = std::min(bytes.size(), part.size() - m_partFilled);
    std::memcpy(part.data() + m_partFilled, bytes.data(), std::size_t(used));
    filled(used);
    return used;
}

/// Goes on to the next stage, or through several that are empty, once the present one is complete.
Result<void> FrameReader::advance()
{
    while (m_stage != Stage::Parts && quint64(m_front.size()) == m_expected) {
        Result<void> read;
        switch (m_stage) {
        case Stage::Prefix:
            read = readPrefix();
            break;
        case Stage::Header:
            m_frame.header = std::exchange(m_front, {});
            expect(Stage::Lengths, quint64(m_partCount) * 8);
            break;
        case Stage::Lengths:
            read = readLengths();
            break;
        case Stage::Parts:
            break;
        }
        if (!read)
            return read;
    }
    return {};
}

Result<void> FrameReader::readPrefix()
{
    const quint32 header = qFromLittleEndian<quint32>(m_front.constData());
    m_partCount = qFromLittleEndian<quint32>(m_front.constData() + 4);
    if (header == 0 || header > protocol::maxHeaderBytes)
        return violation("a header is empty or too long");
    if (m_partCount > protocol::maxParts)
        return violation("a frame has too many parts");
    expect(Stage::Header, header);
    return {};
}

Result<void> FrameReader::readLengths()
{
    const Result<quint64> limit = m_limit(m_frame.header, m_partCount);
    if (!limit)
        return std::unexpected(limit.error());
    quint64 left = std::min(*limit, protocol::maxFrameBytes);
    std::vector<QByteArray> parts;
    parts.reserve(m_partCount);
    for (quint32 i = 0; i < m_partCount; ++i) {
        const quint64 length = qFromLittleEndian<quint64>(m_front.constData() + qsizetype(i) * 8);
        if (length > left)
            return violation("the parts of a frame are too long");
        left -= length;
        parts.emplace_back(qsizetype(length), Qt::Uninitialized);
    }
    m_frame.parts = std::move(parts);
    m_front.clear();
    m_stage = Stage::Parts;
    m_part = 0;
    m_partFilled = 0;
    skipFullParts();
    return {};
}

void FrameReader::expect(Stage stage, quint64 bytes)
{
    m_stage = stage;
    m_expected = bytes;
    m_front.clear();
}

/// Moves on to the next part that lacks bytes; without one the frame is complete.
void FrameReader::skipFullParts()
{
    while (m_part < m_frame.parts.size() && m_partFilled == m_frame.parts[m_part].size()) {
        ++m_part;
        m_partFilled = 0;
    }
    if (m_part < m_frame.parts.size())
        return;
    m_complete.push_back(std::exchange(m_frame, {}));
    expect(Stage::Prefix, 8);
}

} // namespace burrow
