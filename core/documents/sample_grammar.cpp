#include "documents/sample_grammar.h"

namespace burrow {
namespace {

void appendPattern(const QByteArray& pattern, SampleRandom& random, QByteArray& out)
{
    for (const char c : pattern) {
        if (c == '#')
            out += char('0' + random.below(10));
        else if (c == '%')
            out += char('1' + random.below(9));
        else if (c == '@')
            out += char('A' + random.below(26));
        else
            out += c;
    }
}

} // namespace

SampleGrammar::SampleGrammar(const SampleLanguage& language) : m_language(language)
{
    for (const QByteArray& line : QByteArray(language.rules).split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0)
            continue;
        const size_t rule = ruleNamed(line.first(colon).trimmed());
        for (const QByteArray& alternative : line.sliced(colon + 1).split('|'))
            addAlternative(rule, alternative.trimmed());
    }
    for (const SampleFactForm& form : language.facts)
        addAlternative(ruleNamed("fact"), form.fact);
}

size_t SampleGrammar::ruleNamed(QByteArrayView name)
{
    const auto known = m_names.constFind(name.toByteArray());
    if (known != m_names.cend())
        return *known;
    m_rules.emplace_back();
    m_names.insert(name.toByteArray(), m_rules.size() - 1);
    return m_rules.size() - 1;
}

void SampleGrammar::addAlternative(size_t rule, QByteArrayView text)
{
    Alternative pieces;
    while (!text.isEmpty()) {
        const qsizetype open = text.startsWith('{') ? 0 : text.indexOf('{');
        if (open != 0) {
            const qsizetype end = open < 0 ? text.size() : open;
            pieces.push_back({Piece::Literal, text.first(end).toByteArray()});
            text = text.sliced(end);
            continue;
        }
        const qsizetype close = text.indexOf('}');
        Q_ASSERT(close > 0);
        const QByteArrayView name = text.sliced(1, close - 1);
        if (name.startsWith('='))
            pieces.push_back({Piece::Pattern, name.sliced(1).toByteArray()});
        else
            pieces.push_back({Piece::Rule, {}, ruleNamed(name)});
        text = text.sliced(close + 1);
    }
    m_rules[rule].push_back(std::move(pieces));
}

void SampleGrammar::expand(QByteArrayView rule, SampleRandom& random, QByteArray& out) const
{
    const auto known = m_names.constFind(rule.toByteArray());
    Q_ASSERT(known != m_names.cend());
    expand(*known, random, out);
}

void SampleGrammar::expand(size_t rule, SampleRandom& random, QByteArray& out) const
{
    const std::vector<Alternative>& alternatives = m_rules[rule];
    Q_ASSERT(!alternatives.empty());
    for (const Piece& piece : alternatives[random.below(alternatives.size())]) {
        if (piece.kind == Piece::Literal)
            out += piece.text;
        else if (piece.kind == Piece::Rule)
            expand(piece.rule, random, out);
        else
            appendPattern(piece.text, random, out);
    }
}

SampleFact SampleGrammar::drawFact(SampleRandom& random) const
{
    const SampleFactForm& form = m_language.facts[random.below(m_language.facts.size())];
    QHash<QByteArray, QByteArray> bound;
    const auto fill = [&](QByteArray text) {
        for (qsizetype open = 0; (open = text.indexOf('{', open)) >= 0;) {
            const QByteArray hole = text.sliced(open + 1, text.indexOf('}', open) - open - 1);
            if (!bound.contains(hole))
                expand(hole, random, bound[hole]);
            text.replace(open, hole.size() + 2, bound[hole]);
        }
        return text;
    };
    return {.sentence = fill(form.fact),
        .question = fill(form.question),
        .answer = fill(form.answer),
        .keys = {fill(form.keys[0]), fill(form.keys[1])}};
}

} // namespace burrow
