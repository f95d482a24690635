#include "documents/candidate_filter.h"
#include "documents/filterable_pattern.h"
#include "documents/utf8_decoder.h"

#include <hs/hs.h>

#include <cstring>

namespace burrow {

namespace {

// Where there are more, running PCRE2 over all lines is the quicker way.
constexpr size_t bytesPerCandidate = 64, fewCandidates = 64;

hs_database_t* compileLiteral(const SearchPattern& pattern)
{
    const QByteArray utf8 = pattern.text.toUtf8();
    const bool anyCase = pattern.letterCase == SearchPattern::Case::Insensitive;
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    hs_compile_lit(utf8.constData(), anyCase ? HS_FLAG_CASELESS : 0, static_cast<size_t>(utf8.size()),
        HS_MODE_BLOCK, nullptr, &database, &error);
    hs_free_compile_error(error);
    return database;
}

hs_database_t* compileRegex(const SearchPattern& pattern, const QByteArray& utf8)
{
    const bool anyCase = pattern.letterCase == SearchPattern::Case::Insensitive;
    const unsigned flags = HS_FLAG_UTF8 | HS_FLAG_MULTILINE | HS_FLAG_ALLOWEMPTY | HS_FLAG_PREFILTER
        | (anyCase ? HS_FLAG_CASELESS : 0);
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    hs_compile(utf8.constData(), flags, HS_MODE_BLOCK, nullptr, &database, &error);
    hs_free_compile_error(error);
    return database;
}

/// What needs no knowledge of Unicode is looked for as bytes.
bool isBytewise(const SearchPattern& pattern)
{
    return pattern.syntax == SearchPattern::Syntax::Literal
        && pattern.letterCase == SearchPattern::Case::Sensitive;
}

/// A literal as a regular expression of PCRE2's.
QByteArray escaped(const QString& literal)
{
    QString text;
    for (const QChar c : literal) {
        if (c < QChar(0x80) && !c.isLetterOrNumber() && c != u' ')
            text += u'\\';
        text += c;
    }
    return text.toUtf8();
}

struct Ends {
    std::vector<size_t> all;
    size_t most;
};

int noteEnd(unsigned, unsigned long long, unsigned long long to, unsigned, void* context)
{
    auto* const ends = static_cast<Ends*>(context);
    ends->all.push_back(static_cast<size_t>(to));
    return ends->all.size() > ends->most;
}

} // namespace

struct CandidateFilter::Database {
    ~Database() { hs_free_database(database); }

    hs_database_t* database = nullptr;
    FilterableTexts texts;
    bool bytewise = false;
};

struct CandidateFilter::Scratch {
    ~Scratch() { hs_free_scratch(scratch); }

    hs_scratch_t* scratch = nullptr;
};

void CandidateFilter::DeleteScratch::operator()(Scratch* scratch) const
{
    delete scratch;
}

CandidateFilter::CandidateFilter(std::unique_ptr<Database> database) : m_database(std::move(database)) { }
CandidateFilter::~CandidateFilter() = default;

std::unique_ptr<const CandidateFilter> CandidateFilter::make(const SearchPattern& pattern)
{
    const std::optional<FilterableTexts> texts = filterableTexts(pattern);
    // Its interface takes strings that end with NUL.
    if (!texts || pattern.text.contains(QChar(0)) || hs_valid_platform() != HS_SUCCESS)
        return nullptr;
    auto database = std::make_unique<Database>();
    database->texts = *texts;
    database->bytewise = isBytewise(pattern);
    if (database->bytewise)
        database->database = compileLiteral(pattern);
    else if (pattern.syntax == SearchPattern::Syntax::Literal)
        database->database = compileRegex(pattern, escaped(pattern.text));
    else
        database->database = compileRegex(pattern, pattern.text.toUtf8());
    if (!database->database)
        return nullptr;
    return std::unique_ptr<const CandidateFilter>(new CandidateFilter(std::move(database)));
}

CandidateFilter::ScratchPointer CandidateFilter::makeScratch() const
{
    ScratchPointer scratch(new Scratch);
    if (hs_alloc_scratch(m_database->database, &scratch->scratch) != HS_SUCCESS)
        return nullptr;
    return scratch;
}

std::optional<std::vector<size_t>> CandidateFilter::candidates(Bytes text, Scratch& scratch) const
{
    if (!m_database->bytewise) {
        const size_t ascii = asciiPrefix(text);
        // Vectorscan says nothing certain about UTF-8 that is broken.
        if (ascii < text.size()
            && (!m_database->texts.beyondAscii || Utf8Decoder().measure(text.subspan(ascii)).replaced > 0))
            return std::nullopt;
    }
    if (!m_database->texts.carriageReturns && std::memchr(text.data(), '\r', text.size()))
        return std::nullopt;
    Ends ends{{}, std::max(fewCandidates, text.size() / bytesPerCandidate)};
    const hs_error_t result = hs_scan(m_database->database, reinterpret_cast<const char*>(text.data()),
        static_cast<unsigned>(text.size()), 0, scratch.scratch, noteEnd, &ends);
    if (result != HS_SUCCESS)
        return std::nullopt;
    return std::move(ends.all);
}

} // namespace burrow
