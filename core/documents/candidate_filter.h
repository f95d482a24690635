#pragma once

#include "documents/bytes.h"
#include "documents/search_pattern.h"

#include <memory>
#include <optional>
#include <vector>

namespace burrow {

/// Says in which places of a text a match may end, at the speed of memory, so that PCRE2 need look at few
/// lines. It may name too many places and never one too few. By Vectorscan, where the build has it.
/// Immutable; each thread brings a CandidateFilter::Scratch of its own.
class CandidateFilter {
public:
    struct Scratch;
    struct DeleteScratch {
        void operator()(Scratch* scratch) const;
    };
    using ScratchPointer = std::unique_ptr<Scratch, DeleteScratch>;

    /// Null where it cannot be sure to miss nothing.
    static std::unique_ptr<const CandidateFilter> make(const SearchPattern& pattern);
    ~CandidateFilter();

    ScratchPointer makeScratch() const;

    /// The ends of what may be matches in @p text, which is UTF-8, in order. Nothing where every line has to
    /// be looked at: since so many may match, or since @p text holds what the filter does not know.
    std::optional<std::vector<size_t>> candidates(Bytes text, Scratch& scratch) const;

private:
    struct Database;
    explicit CandidateFilter(std::unique_ptr<Database> database);

    std::unique_ptr<Database> m_database;
};

} // namespace burrow
