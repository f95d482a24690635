#include "repl/cell_parser.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace burrow {

namespace {

struct Fence {
    char mark;
    qsizetype length;
    qsizetype indent;
    QByteArrayView tag;
};

/// The fence that @p line is, if it is one.
std::optional<Fence> fenceOf(QByteArrayView line)
{
    qsizetype indent = 0;
    while (indent < line.size() && (line[indent] == ' ' || line[indent] == '\t'))
        ++indent;
    if (indent == line.size() || (line[indent] != '`' && line[indent] != '~'))
        return std::nullopt;
    const char mark = line[indent];
    qsizetype end = indent;
    while (end < line.size() && line[end] == mark)
        ++end;
    const QByteArrayView tag = line.sliced(end).trimmed();
    // "```code```" on one line is inline code, not a fence.
    if (end - indent < 3 || tag.contains('`'))
        return std::nullopt;
    return Fence{mark, end - indent, indent, tag};
}

bool isCellTag(QByteArrayView tag)
{
    const qsizetype end
        = std::find_if(tag.begin(), tag.end(), [](char c) { return c == ' ' || c == '{'; }) - tag.begin();
    const QByteArray word = tag.first(end).toByteArray().toLower();
    return word == "repl" || word == "python" || word == "py";
}

std::vector<QByteArrayView> linesOf(QByteArrayView text)
{
    std::vector<QByteArrayView> lines;
    qsizetype start = 0;
    while (start < text.size()) {
        const qsizetype end = text.indexOf('\n', start);
        const qsizetype next = end < 0 ? text.size() : end + 1;
        lines.push_back(text.sliced(start, next - start));
        start = next;
    }
    return lines;
}

QByteArrayView chomped(QByteArrayView line)
{
    while (!line.isEmpty() && (line.back() == '\n' || line.back() == '\r'))
        line.chop(1);
    return line;
}

/// The index of the line that closes the block opened by @p open at @p first; lines.size() where none does.
/// With @p nesting, a tagged fence of the same kind inside the block opens a block of its own.
size_t closingLine(const std::vector<QByteArrayView>& lines, size_t first, const Fence& open, bool nesting)
{
    int depth = 1;
    for (size_t i = first + 1; i < lines.size(); ++i) {
        const std::optional<Fence> fence = fenceOf(chomped(lines[i]));
        if (!fence || fence->mark != open.mark || fence->length < open.length)
            continue;
        if (fence->tag.isEmpty()) {
            if (--depth == 0)
                return i;
        } else if (nesting) {
            ++depth;
        }
    }
    return lines.size();
}

/// As closingLine(), taking fences to nest only where they balance: a string in a cell may hold a whole
/// fenced block, but a model that forgets to close one cell before the next must not lose both.
size_t blockEnd(const std::vector<QByteArrayView>& lines, size_t first, const Fence& open)
{
    const size_t nested = closingLine(lines, first, open, true);
    return nested < lines.size() ? nested : closingLine(lines, first, open, false);
}

QByteArray unindented(QByteArrayView line, qsizetype indent)
{
    qsizetype drop = 0;
    while (drop < indent && drop < line.size() && (line[drop] == ' ' || line[drop] == '\t'))
        ++drop;
    return line.sliced(drop).toByteArray();
}

/// Whether nothing but spaces and punctuation follows in the line of @p text that @p at stands in.
bool endsItsLine(QByteArrayView text, qsizetype at)
{
    while (++at < text.size() && text[at] != '\n')
        if (!QByteArrayView(" \t\r.,;!*`").contains(text[at]))
            return false;
    return true;
}

/// Where the parenthesis closes that opens at @p open; -1 where none does. A quoted argument ends behind its
/// quote. In prose one that ends its line goes before one that does not: `1)` numbers a list.
qsizetype closingParenthesis(QByteArrayView text, qsizetype open)
{
    qsizetype first = open + 1;
    while (first < text.size() && std::isspace(static_cast<unsigned char>(text[first])))
        ++first;
    if (first < text.size() && (text[first] == '"' || text[first] == '\'')) {
        for (qsizetype at = text.indexOf(text[first], first + 1); at >= 0;
            at = text.indexOf(text[first], at + 1)) {
            const QByteArrayView rest = text.sliced(at + 1).trimmed();
            if (rest.startsWith(')'))
                return rest.data() - text.data();
        }
    }
    qsizetype depth = 1, balanced = -1;
    for (qsizetype at = open + 1; at < text.size(); ++at) {
        if (text[at] == '(')
            ++depth;
        if (text[at] != ')')
            continue;
        if (depth > 1) {
            --depth;
            continue;
        }
        if (endsItsLine(text, at))
            return at;
        if (balanced < 0)
            balanced = at;
    }
    return balanced >= 0 ? balanced : text.lastIndexOf(')');
}

/// The text between the parentheses of `name(…)`, which @p text begins with.
std::optional<QByteArray> argumentOf(QByteArrayView text, QByteArrayView name)
{
    if (!text.startsWith(name) || text.size() <= name.size() || text[name.size()] != '(')
        return std::nullopt;
    const qsizetype open = name.size();
    const qsizetype close = closingParenthesis(text, open);
    if (close <= open)
        return std::nullopt;
    return text.sliced(open + 1, close - open - 1).trimmed().toByteArray();
}

QByteArray unquoted(QByteArray text)
{
    if (text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\''))
        return text.sliced(1, text.size() - 2);
    return text;
}

/// @p code between fences that nothing in it closes.
QByteArray fenced(const Fence& fence, const QByteArray& code)
{
    qsizetype length = fence.length;
    for (const QByteArrayView line : linesOf(code))
        if (const auto inner = fenceOf(chomped(line)); inner && inner->mark == fence.mark)
            length = std::max(length, inner->length + 1);
    const QByteArray marks(length, fence.mark);
    return marks + fence.tag.toByteArray() + '\n' + code + (code.endsWith('\n') ? "" : "\n") + marks + '\n';
}

std::optional<FinalText> findFinal(QByteArrayView prose)
{
    qsizetype start = 0;
    while (start < prose.size()) {
        qsizetype end = prose.indexOf('\n', start);
        if (end < 0)
            end = prose.size();
        const QByteArrayView line = prose.sliced(start, end - start).trimmed();
        // FINAL_VAR fits on its line; the text of FINAL may run over several.
        if (const auto name = argumentOf(line, "FINAL_VAR"))
            return FinalText{FinalText::Form::Variable, unquoted(*name)};
        if (line.startsWith("FINAL("))
            if (const auto text = argumentOf(prose.sliced(start).trimmed(), "FINAL"))
                return FinalText{FinalText::Form::Text, unquoted(*text)};
        start = end + 1;
    }
    return std::nullopt;
}

} // namespace

std::optional<QByteArray> withCell(QByteArrayView reply, int ordinal, const QByteArray& code)
{
    const QByteArray spoken = withoutThinking(reply);
    const std::vector<QByteArrayView> lines = linesOf(spoken);
    QByteArray edited;
    bool found = false;
    int cells = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::optional<Fence> fence = fenceOf(chomped(lines[i]));
        const size_t end = fence ? blockEnd(lines, i, *fence) : i;
        if (fence && isCellTag(fence->tag) && end < lines.size() && ++cells == ordinal) {
            edited += fenced(*fence, code);
            found = true;
            i = end;
            continue;
        }
        for (; i < std::min(end, lines.size() - 1); ++i)
            edited += lines[i];
        edited += lines[i];
    }
    return found ? std::optional(edited) : std::nullopt;
}

QByteArray withoutThinking(QByteArrayView reply)
{
    constexpr QByteArrayView opening = "<think>", closing = "</think>";
    const std::vector<QByteArrayView> lines = linesOf(reply);
    QByteArray kept;
    bool thinking = false;
    for (size_t i = 0; i < lines.size(); ++i) {
        QByteArrayView line = lines[i];
        if (const auto fence = fenceOf(chomped(line)); fence && !thinking) {
            const size_t end = std::min(blockEnd(lines, i, *fence), lines.size() - 1);
            for (; i < end; ++i)
                kept += lines[i];
            kept += lines[i];
            continue;
        }
        while (!line.isEmpty()) {
            const qsizetype open = thinking ? -1 : line.indexOf(opening);
            const qsizetype close = line.indexOf(closing);
            if (close >= 0 && (open < 0 || close < open)) {
                if (!thinking)
                    kept.clear();
                thinking = false;
                line = line.sliced(close + closing.size());
            } else if (open >= 0) {
                kept += line.first(open);
                thinking = true;
                line = line.sliced(open + opening.size());
            } else {
                if (!thinking)
                    kept += line;
                break;
            }
        }
    }
    return kept;
}

ParsedReply parseReply(QByteArrayView reply)
{
    const QByteArray spoken = withoutThinking(reply);
    const std::vector<QByteArrayView> lines = linesOf(spoken);
    ParsedReply parsed;
    QByteArray text; // the prose, and other fenced blocks, in which no FINAL form is looked for
    QByteArray plain; // the prose alone
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::optional<Fence> fence = fenceOf(chomped(lines[i]));
        if (!fence) {
            text += lines[i];
            plain += lines[i];
            continue;
        }
        const size_t end = blockEnd(lines, i, *fence);
        QByteArray body;
        for (size_t j = i + 1; j < std::min(end, lines.size()); ++j)
            body += unindented(lines[j], fence->indent);
        if (!isCellTag(fence->tag)) {
            for (size_t j = i; j <= std::min(end, lines.size() - 1); ++j)
                text += lines[j];
        } else if (end == lines.size()) {
            parsed.cutOffCell = true;
        } else {
            parsed.cells.push_back(std::move(body));
        }
        i = end;
    }
    parsed.final = findFinal(plain);
    parsed.prose = text.trimmed();
    return parsed;
}

} // namespace burrow
