#include "base/columns.h"

#include <algorithm>
#include <array>

namespace burrow {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// East Asian Wide and Fullwidth (UAX #11), in order, taken together where what lies between is unassigned or
// rare: a line is better a column too short than one too long.
constexpr std::array wide = {
    Range{0x1100, 0x115F}, // Hangul initials
    Range{0x231A, 0x231B}, // watch, hourglass
    Range{0x23E9, 0x23F3}, // media and clock symbols
    Range{0x2614, 0x2615}, // umbrella, hot beverage
    Range{0x2648, 0x2653}, // zodiac
    Range{0x26A1, 0x26FD}, // pictographs
    Range{0x2705, 0x2705}, // check mark
    Range{0x270A, 0x270B}, // hands
    Range{0x2728, 0x2728}, // sparkles
    Range{0x274C, 0x2757}, // cross, question and exclamation marks
    Range{0x2795, 0x27BF}, // heavy signs
    Range{0x2B1B, 0x2B55}, // squares, star, circle
    Range{0x2E80, 0x303E}, // radicals, CJK punctuation
    Range{0x3041, 0xA4CF}, // kana, CJK ideographs, Yi
    Range{0xA960, 0xA97F}, // Hangul initials
    Range{0xAC00, 0xD7A3}, // Hangul syllables
    Range{0xF900, 0xFAFF}, // CJK compatibility
    Range{0xFE10, 0xFE19}, // vertical forms
    Range{0xFE30, 0xFE6F}, // compatibility and small forms
    Range{0xFF01, 0xFF60}, // fullwidth forms
    Range{0xFFE0, 0xFFE6}, // fullwidth signs
    Range{0x16FE0, 0x1B2FF}, // Tangut, kana supplements
    Range{0x1F004, 0x1FAFF}, // emoji
    Range{0x20000, 0x3FFFD}, // further CJK ideographs
};

int columnsOf(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing
        || category == QChar::Other_Format)
        return 0;
    const auto range = std::ranges::lower_bound(wide, c, {}, &Range::last);
    return range != wide.end() && c >= range->first ? 2 : 1;
}

} // namespace

int columnsOf(const QString& text)
{
    int columns = 0;
    for (const char32_t c : text.toStdU32String())
        columns += columnsOf(c);
    return columns;
}

QString cutToColumns(const QString& text, int columns)
{
    if (columnsOf(text) <= columns)
        return text;
    std::u32string characters = text.toStdU32String();
    size_t kept = 0;
    for (int room = columns - 1; kept < characters.size(); ++kept) {
        room -= columnsOf(characters[kept]);
        if (room < 0)
            break;
    }
    characters.resize(kept);
    return QString::fromStdU32String(characters) + u'…';
}

} // namespace burrow
