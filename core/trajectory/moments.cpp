#include "trajectory/moments.h"

#include "trajectory/run_file.h"
#include "trajectory/unfinished.h"

namespace burrow {

namespace {

// How far the moments that are kept lie apart. The closest is where the next step back begins; when that one
// is left, the next wider one is near.
constexpr size_t strides[] = {1 << 10, 1 << 13, 1 << 16};
constexpr size_t widest = 1 << 19; ///< at all of these, wherever the eye is

bool isKey(size_t count, size_t asked)
{
    return count % widest == 0
        || std::ranges::any_of(strides, [&](size_t stride) { return count == asked - asked % stride; });
}

} // namespace

Result<Moments> Moments::read(const QString& path, int branch)
{
    Result<RunFile> file = RunFile::open(path, RunFile::Access::Read);
    if (!file)
        return std::unexpected(file.error());
    Moments moments({});
    moments.m_events.reserve(size_t(file->nextSeq()));
    RunTree tree;
    const auto keep = [&](std::span<const Event> events) {
        moments.m_events.insert(moments.m_events.end(), events.begin(), events.end());
        // The fold that finds what was left open is not done twice.
        if (const size_t count = moments.m_events.size(); count > 0 && count % widest == 0)
            moments.m_keys.emplace(count, tree);
    };
    if (const Result<qint64> last = foldBranch(*file, branch, tree, keep); !last)
        return std::unexpected(last.error());
    return moments;
}

RunTree Moments::at(size_t count)
{
    const std::span<const Event> events(m_events);
    RunTree tree;
    size_t folded = 0;
    if (const auto behind = m_keys.upper_bound(count); behind != m_keys.begin())
        std::tie(folded, tree) = *std::prev(behind);
    std::erase_if(m_keys, [count](const auto& key) { return !isKey(key.first, count); });
    while (folded < count) {
        const size_t next = qMin(count, folded - folded % strides[0] + strides[0]);
        tree.apply(events.subspan(folded, next - folded));
        folded = next;
        if (isKey(folded, count))
            m_keys.try_emplace(folded, tree);
    }
    return tree;
}

} // namespace burrow
