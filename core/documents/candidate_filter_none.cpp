// Builds without Vectorscan: PCRE2 looks at every line.
#include "documents/candidate_filter.h"

namespace burrow {

struct CandidateFilter::Scratch { };
struct CandidateFilter::Database { };

CandidateFilter::CandidateFilter(std::unique_ptr<Database> database) : m_database(std::move(database)) { }
CandidateFilter::~CandidateFilter() = default;

void CandidateFilter::DeleteScratch::operator()(Scratch* scratch) const
{
    delete scratch;
}

std::unique_ptr<const CandidateFilter> CandidateFilter::make(const SearchPattern&)
{
    return nullptr;
}

CandidateFilter::ScratchPointer CandidateFilter::makeScratch() const
{
    return nullptr;
}

std::optional<std::vector<size_t>> CandidateFilter::candidates(Bytes, Scratch&) const
{
    return std::nullopt;
}

} // namespace burrow
