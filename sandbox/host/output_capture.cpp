#include "host/output_capture.h"

#include "host/protocol.h"

#include <algorithm>

namespace burrow {

namespace {

bool startsCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

/// Cuts @p text to its last @p bytes or a little less, between characters. Returns how many characters went.
qint64 keepLast(QByteArray& text, qsizetype bytes)
{
    if (text.size() <= bytes)
        return 0;
    qsizetype cut = text.size() - bytes;
    while (cut < text.size() && !startsCharacter(text[cut]))
        ++cut;
    const qint64 dropped = std::count_if(text.cbegin(), text.cbegin() + cut, startsCharacter);
    text.remove(0, cut);
    return dropped;
}

} // namespace

void OutputCapture::add(const QByteArray& text)
{
    // Once something went to the tail, all that follows does.
    if (m_tail.isEmpty() && m_head.size() + text.size() <= protocol::maxStreamedBytes) {
        m_head += text;
        return;
    }
    m_tail += text;
    if (m_tail.size() > 2 * protocol::maxTailBytes)
        m_dropped += keepLast(m_tail, protocol::maxTailBytes);
}

CapturedText OutputCapture::finish(const CapturedText& tail)
{
    m_tail += tail.tail;
    m_dropped += keepLast(m_tail, protocol::maxTailBytes);
    return {std::move(m_head), std::move(m_tail), m_dropped + tail.droppedChars};
}

} // namespace burrow
