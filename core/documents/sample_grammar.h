#pragma once

#include <QByteArray>
#include <QHash>

#include <span>
#include <vector>

namespace burrow {

/// A small random generator (splitmix64) whose numbers are the same on every machine.
class SampleRandom {
public:
    explicit SampleRandom(quint64 seed) : m_state(seed) { }

    quint64 next()
    {
        quint64 z = (m_state += 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
    /// A number from 0 to @p bound - 1.
    size_t below(size_t bound) { return size_t(((next() >> 32) * bound) >> 32); }

private:
    quint64 m_state;
};

/// One form of fact, with the question that asks for it. Holes such as `{place}` are filled alike in all.
struct SampleFactForm {
    const char* fact;
    const char* question;
    const char* answer;
    /// Together they say which fact is meant: no other line of the text holds both.
    const char* keys[2];
};

struct SampleFact {
    QByteArray sentence;
    QByteArray question;
    QByteArray answer;
    QByteArray keys[2];
};

/// A language in which samples are written, as data.
struct SampleLanguage {
    /// One rule per line: `name: alternative | alternative`. An alternative names other rules as `{name}`.
    /// In `{=PATTERN}` each # stands for a digit, % for one of 1 to 9 and @ for a capital letter.
    /// `line` is what a text is made of, `paragraph` one that is prose; `fact` is added: a sentence of any of
    /// the forms.
    const char* rules;
    std::span<const SampleFactForm> facts;
    const char* gap; ///< between two sentences of a line
};

const SampleLanguage& englishSamples();
const SampleLanguage& chineseSamples();

/// Draws random text from the rules of a language. Immutable: may be used from several threads.
class SampleGrammar {
public:
    explicit SampleGrammar(const SampleLanguage& language);

    /// Appends one expansion of @p rule to @p out.
    void expand(QByteArrayView rule, SampleRandom& random, QByteArray& out) const;
    SampleFact drawFact(SampleRandom& random) const;

private:
    struct Piece {
        enum Kind { Literal, Rule, Pattern } kind;
        QByteArray text;
        size_t rule = 0;
    };
    using Alternative = std::vector<Piece>;

    size_t ruleNamed(QByteArrayView name);
    void addAlternative(size_t rule, QByteArrayView text);
    void expand(size_t rule, SampleRandom& random, QByteArray& out) const;

    const SampleLanguage& m_language;
    QHash<QByteArray, size_t> m_names;
    std::vector<std::vector<Alternative>> m_rules;
};

} // namespace burrow
