#pragma once

#include "base/task.h"
#include "documents/open_text.h"

#include <atomic>
#include <vector>

namespace burrow {

/// Which line begins where. It keeps how many lines begin before every block of 64 KiB and looks the rest up
/// in the document, so it takes 8 bytes for each block, however many lines there are.
class LineIndex {
public:
    explicit LineIndex(std::shared_ptr<const OpenText> text);

    /// Counts the lines with all cores; called once, on a thread of the pool. All else here may be asked
    /// meanwhile, from any thread. Errors: Cancelled, DocumentChanged.
    Result<void> build(const StopToken& stop);

    bool isComplete() const { return known() == m_text->end(); }
    /// How far the lines have been counted.
    ByteOffset known() const;
    /// Of the part that is known; the first is always there. A line break at the end begins an empty line.
    qint64 lineCount() const;

    /// The line that @p offset is in; nothing where that is not known yet.
    std::optional<LineNumber> lineAt(ByteOffset offset) const;
    /// Where @p line begins; nothing where that is not known yet or there are not so many.
    std::optional<ByteOffset> startOf(LineNumber line) const;

    qint64 memoryBytes() const { return std::ssize(m_before) * qint64(sizeof(qint64)); }

private:
    ByteOffset blockBegin(size_t block) const;
    void countBatch(size_t first, size_t end, const StopToken& stop);

    std::shared_ptr<const OpenText> m_text;
    std::vector<qint64> m_before; ///< lines that begin in (begin, start of block i]; one more for the end
    std::atomic<size_t> m_counted = 0; ///< blocks; m_before is right up to this index and changes behind it
};

} // namespace burrow
