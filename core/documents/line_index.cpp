#include "documents/line_index.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/line_breaks.h"

namespace burrow {

namespace {

constexpr qint64 blockBytes = qint64(64) << 10;
// A batch is known at once; of them, each core counts several blocks at a time.
constexpr size_t batchBlocks = 1024, blocksAtATime = 16;

} // namespace

LineIndex::LineIndex(std::shared_ptr<const OpenText> text) : m_text(std::move(text))
{
    const qint64 bytes = (m_text->end() - m_text->begin()).value;
    m_before.resize(static_cast<size_t>((bytes + blockBytes - 1) / blockBytes) + 1);
}

ByteOffset LineIndex::blockBegin(size_t block) const
{
    return std::min(m_text->begin() + ByteOffset{static_cast<qint64>(block) * blockBytes}, m_text->end());
}

ByteOffset LineIndex::known() const
{
    return blockBegin(m_counted.load(std::memory_order_acquire));
}

qint64 LineIndex::lineCount() const
{
    return 1 + m_before[m_counted.load(std::memory_order_acquire)];
}

Result<void> LineIndex::build(const StopToken& stop)
{
    const size_t blocks = m_before.size() - 1;
    while (m_counted < blocks) {
        const size_t first = m_counted, end = std::min(first + batchBlocks, blocks);
        countBatch(first, end, stop);
        if (stop.stop_requested())
            return errors::cancelled();
        for (size_t block = first; block < end; ++block)
            m_before[block + 1] += m_before[block];
        m_counted.store(end, std::memory_order_release);
    }
    return m_text->check();
}

/// Leaves the lines of each block by itself behind it.
void LineIndex::countBatch(size_t first, size_t end, const StopToken& stop)
{
    const LineBreaks breaks(m_text->bytes(), m_text->encoding());
    const size_t steps = (end - first + blocksAtATime - 1) / blocksAtATime;
    parallelFor(
        static_cast<qsizetype>(steps),
        [&](qsizetype step) {
            const size_t from = first + static_cast<size_t>(step) * blocksAtATime;
            for (size_t block = from; block < std::min(from + blocksAtATime, end); ++block)
                m_before[block + 1] = breaks.count(blockBegin(block), blockBegin(block + 1));
        },
        stop);
}

std::optional<LineNumber> LineIndex::lineAt(ByteOffset offset) const
{
    const ByteOffset at = std::clamp(offset, m_text->begin(), m_text->end());
    if (at > known())
        return std::nullopt;
    const auto block = static_cast<size_t>((at - m_text->begin()).value / blockBytes);
    const LineBreaks breaks(m_text->bytes(), m_text->encoding());
    return LineNumber{m_before[block] + breaks.count(blockBegin(block), at)};
}

std::optional<ByteOffset> LineIndex::startOf(LineNumber line) const
{
    if (line.value <= 0)
        return m_text->begin();
    const auto counted = m_before.begin() + static_cast<qint64>(m_counted.load(std::memory_order_acquire));
    const auto behind = std::lower_bound(m_before.begin(), counted + 1, line.value);
    if (behind == counted + 1)
        return std::nullopt;
    const auto block = static_cast<size_t>(behind - m_before.begin()) - 1;
    const LineBreaks breaks(m_text->bytes(), m_text->encoding());
    ByteOffset at = blockBegin(block);
    for (qint64 left = line.value - m_before[block]; left > 0; --left) {
        const std::optional<ByteOffset> next = breaks.firstStart(at, blockBegin(block + 1));
        if (!next)
            break; // the document changed since
        at = *next;
    }
    return at;
}

} // namespace burrow
