#include "documents/filterable_pattern.h"

#include <algorithm>

namespace burrow {

namespace {

bool isAscii(QStringView text)
{
    return std::ranges::all_of(text, [](QChar c) { return c < QChar(0x80); });
}

/// What may follow `(?`: groups that do not capture, and assertions.
bool isKnownGroup(QStringView after)
{
    static constexpr QStringView known[] = {u":", u"=", u"!", u"<=", u"<!", u">"};
    return std::ranges::any_of(known, [after](QStringView start) { return after.startsWith(start); });
}

/// Looks at the escape whose letter is @p letter. Returns whether it is known.
bool takeEscape(QChar letter, FilterableTexts& texts)
{
    if (QStringView(u"wWdDsSbB").contains(letter)) {
        texts.beyondAscii = false;
        return true;
    }
    const bool sign = letter < QChar(0x80) && !letter.isLetterOrNumber();
    return sign || QStringView(u"tx").contains(letter);
}

/// Whether `{` with @p after behind it is a repetition that only newer engines take for one.
bool isNewRepetition(QStringView after)
{
    const qsizetype close = after.indexOf(u'}');
    return close > 0 && (after.front() == u',' || after.first(close).contains(u' '));
}

} // namespace

std::optional<FilterableTexts> filterableTexts(const SearchPattern& pattern)
{
    const QString& text = pattern.text;
    FilterableTexts texts;
    if (pattern.letterCase == SearchPattern::Case::Insensitive)
        texts.beyondAscii = isAscii(text);
    if (pattern.syntax == SearchPattern::Syntax::Literal)
        return texts;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QStringView rest = QStringView(text).sliced(at + 1);
        switch (text[at].unicode()) {
        case u'\\':
            if (rest.isEmpty() || !takeEscape(rest.front(), texts))
                return std::nullopt;
            ++at;
            break;
        case u'(':
            if (rest.startsWith(u'*') || (rest.startsWith(u'?') && !isKnownGroup(rest.sliced(1))))
                return std::nullopt;
            break;
        case u'{':
            if (isNewRepetition(rest))
                return std::nullopt;
            break;
        case u'[':
            if (rest.startsWith(u':') || rest.startsWith(u'.') || rest.startsWith(u'='))
                texts.beyondAscii = false;
            break;
        case u'^':
        case u'$':
            texts.carriageReturns = false;
            break;
        default:
            break;
        }
    }
    return texts;
}

} // namespace burrow
