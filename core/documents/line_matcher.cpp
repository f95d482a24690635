#include "documents/line_matcher.h"

#include "documents/document_errors.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>

namespace burrow {

namespace {

constexpr uint32_t mostSteps = 5'000'000; // a tenth of a second
constexpr double mostUncountedSteps = 1e8; // the same in compiled code

struct Deleter {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
    void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
    void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};
template <typename T> using Owned = std::unique_ptr<T, Deleter>;

uint32_t compileOptions(const SearchPattern& pattern)
{
    const bool literal = pattern.syntax == SearchPattern::Syntax::Literal;
    const bool anyCase = pattern.letterCase == SearchPattern::Case::Insensitive;
    return PCRE2_UTF | PCRE2_MATCH_INVALID_UTF
        | (literal ? PCRE2_LITERAL : PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C) | (anyCase ? PCRE2_CASELESS : 0);
}

/// How long a line may be for compiled code, which does not count what a repetition of a single character
/// tries: q repetitions in a row can try length^(q+1)/(q+1)! ways.
size_t longestCompiled(const SearchPattern& pattern)
{
    if (pattern.syntax == SearchPattern::Syntax::Literal)
        return SIZE_MAX;
    const auto repetitions = std::ranges::count_if(
        pattern.text, [](QChar c) { return c == u'*' || c == u'+' || c == u'{' || c == u'?'; });
    size_t length = 1;
    const auto steps = [repetitions](size_t n) {
        double ways = 1;
        for (qsizetype i = 1; i <= repetitions + 1; ++i)
            ways *= double(n) / double(i);
        return ways;
    };
    while (length < (size_t(1) << 20) && steps(length * 2) <= mostUncountedSteps)
        length *= 2;
    return length;
}

QString reason(int error)
{
    PCRE2_UCHAR text[256];
    pcre2_get_error_message(error, text, sizeof text);
    return QString::fromUtf8(reinterpret_cast<const char*>(text));
}

} // namespace

struct LineMatcher::Code {
    Owned<pcre2_code> compiled;
    size_t longestCompiled;
};

struct LineMatcher::Scratch {
    Owned<pcre2_match_data> data;
    Owned<pcre2_match_context> context;
    Owned<pcre2_jit_stack> stack;
};

void LineMatcher::DeleteScratch::operator()(Scratch* scratch) const
{
    delete scratch;
}

Result<LineMatcher> LineMatcher::compile(const SearchPattern& pattern)
{
    const Owned<pcre2_compile_context> context(pcre2_compile_context_create(nullptr));
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
    const QByteArray utf8 = pattern.text.toUtf8();
    int error = 0;
    PCRE2_SIZE offset = 0;
    Owned<pcre2_code> code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(utf8.constData()),
        static_cast<PCRE2_SIZE>(utf8.size()), compileOptions(pattern), &error, &offset, context.get()));
    if (!code) {
        const QString before = QString::fromUtf8(utf8.first(static_cast<qsizetype>(offset)));
        return errors::badPattern(before.size() + 1, reason(error));
    }
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE); // where it fails, matching is slower
    LineMatcher matcher;
    matcher.m_code = std::make_shared<const Code>(Code{std::move(code), burrow::longestCompiled(pattern)});
    return matcher;
}

std::unique_ptr<LineMatcher::Scratch, LineMatcher::DeleteScratch> LineMatcher::makeScratch() const
{
    constexpr size_t stackAtFirst = size_t(32) << 10, stackAtMost = size_t(8) << 20;
    std::unique_ptr<Scratch, DeleteScratch> scratch(new Scratch);
    scratch->data.reset(pcre2_match_data_create_from_pattern(m_code->compiled.get(), nullptr));
    scratch->context.reset(pcre2_match_context_create(nullptr));
    scratch->stack.reset(pcre2_jit_stack_create(stackAtFirst, stackAtMost, nullptr));
    pcre2_set_match_limit(scratch->context.get(), mostSteps);
    pcre2_jit_stack_assign(scratch->context.get(), nullptr, scratch->stack.get());
    return scratch;
}

Result<void> LineMatcher::match(const Subject& subject, Scratch& scratch, std::vector<Match>& out) const
{
    const auto* const bytes = subject.bytes.data();
    const uint32_t options = (subject.beginsLine ? 0 : PCRE2_NOTBOL) | (subject.endsLine ? 0 : PCRE2_NOTEOL)
        | (subject.bytes.size() > m_code->longestCompiled ? PCRE2_NO_JIT : 0);
    const size_t found = out.size();
    uint32_t mayBeEmpty = 0;
    for (size_t at = subject.from; at <= subject.to;) {
        const int count = pcre2_match(m_code->compiled.get(), bytes, subject.bytes.size(), at,
            options | mayBeEmpty, scratch.data.get(), scratch.context.get());
        if (count == PCRE2_ERROR_NOMATCH)
            break;
        if (count < 0)
            return errors::tooManySteps();
        const PCRE2_SIZE* const span = pcre2_get_ovector_pointer(scratch.data.get());
        // \K can set the start behind the end, or before where the search began.
        const Match match{std::min(span[0], span[1]), std::max(span[0], span[1])};
        if (match.begin > subject.to)
            break;
        if (match.begin == match.end) {
            if (out.size() == found)
                out.push_back(match);
            if (mayBeEmpty)
                break;
            mayBeEmpty = PCRE2_NOTEMPTY;
            continue;
        }
        if (out.size() == found + 1 && out.back().begin == out.back().end)
            out.pop_back();
        out.push_back(match);
        at = std::max(at + 1, match.end);
    }
    return {};
}

} // namespace burrow
