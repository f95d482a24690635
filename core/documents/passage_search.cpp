#include "documents/passage_search.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/utf8_stretch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstring>

namespace burrow {

namespace {

constexpr qint64 passagePieceBytes = qint64(256) << 10, passageBatchPieces = 256;
constexpr size_t mostInAPiece = 10'000;
constexpr size_t fewestCharacters = 6; // different ones, in a window that tells a source

quint64 loadEight(const unsigned char* from)
{
    quint64 value = 0;
    std::memcpy(&value, from, sizeof(value));
    return value;
}

bool tellsASource(const unsigned char* window, size_t length)
{
    std::bitset<256> seen;
    for (size_t i = 0; i < length; ++i)
        seen.set(window[i]);
    return seen.count() >= fewestCharacters;
}

bool continuesCharacter(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/// Joins those of one text that overlap or touch, and brings all into the order of the document.
void tidy(std::vector<Passage>& passages)
{
    std::ranges::sort(passages, {}, [](const Passage& p) { return std::pair(p.text, p.begin); });
    std::vector<Passage> joined;
    for (const Passage& passage : passages) {
        if (!joined.empty() && joined.back().text == passage.text && passage.begin <= joined.back().end)
            joined.back().end = std::max(joined.back().end, passage.end);
        else
            joined.push_back(passage);
    }
    std::ranges::sort(joined, {}, [](const Passage& p) { return std::pair(p.begin, p.text); });
    passages = std::move(joined);
}

} // namespace

PassageSearch::PassageSearch(std::vector<QByteArray> texts, qint64 least)
    : m_texts(std::move(texts))
    , m_least(static_cast<size_t>(least))
    , m_window(m_least / 2)
    , m_third((m_window - 8) / 3)
{
    for (quint32 text = 0; text < m_texts.size(); ++text)
        addAnchors(text);
    makeTables();
}

/// Of four times eight bytes of it, which may overlap: what is found is compared whole.
quint64 PassageSearch::hashAt(const unsigned char* window) const
{
    constexpr quint64 oddAndRandom = 0x9E3779B97F4A7C15;
    return (loadEight(window) ^ std::rotl(loadEight(window + m_third), 17)
               ^ std::rotl(loadEight(window + 2 * m_third), 34)
               ^ std::rotl(loadEight(window + m_window - 8), 51))
        * oddAndRandom;
}

/// Calls @p use(at, hash) for some of the windows in @p bytes. Which, their contents alone decide, so that
/// equal stretches of m_least bytes have one in common: of all windows in such a stretch, the one with the
/// least hash (Schleimer, Wilkerson, Aiken: Winnowing, 2003). So one place in some 17 is looked up, rather
/// than each: a table of many megabytes is in no cache.
template <typename Use> void PassageSearch::forEachAnchor(Bytes bytes, Use use) const
{
    constexpr size_t mask = 63;
    std::array<quint64, mask + 1> hashes; // of the last windows
    const size_t group = m_least - m_window + 1; // windows in a stretch
    if (bytes.size() < m_least)
        return;
    size_t best = 0;
    hashes[0] = hashAt(bytes.data());
    for (size_t at = 1; at + m_window <= bytes.size(); ++at) {
        const size_t before = best;
        hashes[at & mask] = hashAt(&bytes[at]);
        if (hashes[at & mask] < hashes[best & mask]) {
            best = at;
        } else if (best + group <= at) {
            ++best;
            for (size_t next = best + 1; next <= at; ++next)
                best = hashes[next & mask] < hashes[best & mask] ? next : best;
        }
        if (at + 1 == group || (best != before && at + 1 > group))
            use(best, hashes[best & mask]);
    }
}

void PassageSearch::addAnchors(quint32 text)
{
    const Bytes bytes = asBytes(m_texts[text]);
    forEachAnchor(bytes, [&](size_t at, quint64 hash) {
        if (tellsASource(&bytes[at], m_window))
            m_anchors.push_back({hash, text, static_cast<quint32>(at)});
    });
}

/// Each text has a window but once, and few texts have the same: else what repeats itself in texts and
/// documents alike would take their product.
void PassageSearch::makeTables()
{
    std::ranges::sort(m_anchors, {}, [](const Anchor& a) { return std::tuple(a.hash, a.text, a.at); });
    const auto same = [](const Anchor& a, const Anchor& b) { return a.hash == b.hash && a.text == b.text; };
    m_anchors.erase(std::unique(m_anchors.begin(), m_anchors.end(), same), m_anchors.end());
    size_t kept = 0;
    for (const Anchor& anchor : m_anchors) {
        if (kept < mostTexts || m_anchors[kept - mostTexts].hash != anchor.hash)
            m_anchors[kept++] = anchor;
    }
    m_anchors.resize(kept);
    m_startBits = std::clamp(static_cast<int>(std::bit_width(kept)), 8, 24);
    m_filterBits = std::min(m_startBits + 3, 27);
    m_starts.resize((size_t(1) << m_startBits) + 1);
    for (const Anchor& anchor : m_anchors)
        ++m_starts[(anchor.hash >> (64 - m_startBits)) + 1];
    for (size_t i = 1; i < m_starts.size(); ++i)
        m_starts[i] += m_starts[i - 1];
}

/// Without what the document has too often.
void PassageSearch::makeFilter(Known& known) const
{
    known.filter.assign(size_t(1) << (m_filterBits - 6), 0);
    for (size_t i = 0, first = 0; i < m_anchors.size(); ++i) {
        first = m_anchors[i].hash == m_anchors[first].hash ? first : i;
        const quint64 bit = m_anchors[i].hash >> (64 - m_filterBits);
        if (known.places[first] <= mostPlaces)
            known.filter[bit >> 6] |= quint64(1) << (bit & 63);
    }
}

/// An index into the anchors; their number where none has @p hash.
quint32 PassageSearch::firstAnchor(quint64 hash) const
{
    const quint64 start = hash >> (64 - m_startBits);
    for (quint32 i = m_starts[start]; i < m_starts[start + 1]; ++i) {
        if (m_anchors[i].hash == hash)
            return i;
    }
    return static_cast<quint32>(m_anchors.size());
}

/// The longest stretch around the window at @p at of @p piece that stands in the text around @p anchor, too;
/// an empty one where the window itself does not.
PassageSearch::Match PassageSearch::extended(Bytes piece, size_t at, const Anchor& anchor) const
{
    const Bytes text = asBytes(m_texts[anchor.text]);
    if (std::memcmp(&piece[at], &text[anchor.at], m_window) != 0)
        return {at, at, anchor.text, anchor.at};
    const auto before = std::mismatch(std::make_reverse_iterator(piece.begin() + qsizetype(at)), piece.rend(),
        std::make_reverse_iterator(text.begin() + qsizetype(anchor.at)), text.rend());
    const size_t behind = at + m_window;
    const auto after = std::mismatch(piece.begin() + qsizetype(behind), piece.end(),
        text.begin() + qsizetype(anchor.at + m_window), text.end());
    Match match{static_cast<size_t>(before.first.base() - piece.begin()),
        static_cast<size_t>(after.first - piece.begin()), anchor.text, 0};
    // Half a character is none.
    while (match.begin < match.end && continuesCharacter(piece[match.begin]))
        ++match.begin;
    while (match.end > match.begin && match.end < piece.size() && continuesCharacter(piece[match.end]))
        --match.end;
    match.at = anchor.at - static_cast<quint32>(at - match.begin);
    return match;
}

std::vector<PassageSearch::Match> PassageSearch::search(
    Bytes piece, const Known& known, QHash<quint32, quint32>& places) const
{
    std::vector<Match> matches;
    QHash<quint32, size_t> foundUpTo; // by text: what lies before is part of a match already
    forEachAnchor(piece, [&](size_t at, quint64 hash) {
        const quint64 bit = hash >> (64 - m_filterBits);
        if ((known.filter[bit >> 6] >> (bit & 63) & 1) == 0)
            return;
        const quint32 first = firstAnchor(hash);
        if (first == m_anchors.size() || known.places[first] > mostPlaces || ++places[first] > mostPlaces)
            return;
        for (size_t i = first; i < m_anchors.size() && m_anchors[i].hash == hash; ++i) {
            if (at < foundUpTo.value(m_anchors[i].text) || matches.size() == mostInAPiece)
                continue;
            Match match = extended(piece, at, m_anchors[i]);
            if (match.end - match.begin < m_least)
                continue;
            foundUpTo[match.text] = match.end;
            // The break of the line before says nothing.
            for (; piece[match.begin] == '\n' || piece[match.begin] == '\r'; ++match.begin)
                ++match.at;
            matches.push_back(match);
        }
    });
    return matches;
}

/// A piece is searched with as much around it that a match across its border is found on both sides, by
/// which its parts come together.
PassageSearch::Part PassageSearch::searchPiece(const OpenText& text, qint64 index, const Known& known) const
{
    const ByteOffset around{4 * static_cast<qint64>(m_least)}; // 2 bytes of UTF-16 may be 1 of UTF-8
    const ByteOffset begin = text.begin() + ByteOffset{index * passagePieceBytes};
    Utf8Stretch stretch(
        text, text.cutNear(begin - around), text.cutNear(begin + ByteOffset{passagePieceBytes} + around));
    Part part;
    for (const Match& match : search(stretch.utf8(), known, part.places)) {
        const ByteOffset first = stretch.inDocument(match.begin);
        part.candidates.push_back({{first, stretch.inDocument(match.end), static_cast<int>(match.text)},
            match.at, static_cast<quint32>(match.end - match.begin)});
    }
    return part;
}

bool PassageSearch::hasRareAnchor(const Candidate& candidate, const Known& known) const
{
    const Bytes text = asBytes(m_texts[static_cast<size_t>(candidate.passage.text)]);
    bool isRare = false;
    forEachAnchor(text.subspan(candidate.at, candidate.length), [&](size_t, quint64 hash) {
        const quint32 first = firstAnchor(hash);
        isRare = isRare || (first < m_anchors.size() && known.places[first] <= mostPlaces);
    });
    return isRare;
}

Result<PassageSearch::Found> PassageSearch::run(const OpenText& text, const StopToken& stop) const
{
    Found found;
    if (m_anchors.empty())
        return found;
    std::vector<Candidate> candidates;
    Known known{.places = std::vector<quint32>(m_anchors.size()), .filter = {}};
    const qint64 bytes = (text.end() - text.begin()).value;
    const qint64 pieces = (bytes + passagePieceBytes - 1) / passagePieceBytes;
    // The first batches are small, so that what is everywhere is soon known and costs no more.
    for (qint64 first = 0, batch = 1; first < pieces && found.isComplete; first += batch) {
        batch = std::clamp<qint64>(first, 1, std::min(passageBatchPieces, pieces - first));
        makeFilter(known);
        std::vector<Part> parts(static_cast<size_t>(batch));
        parallelFor(
            std::ssize(parts),
            [&](qsizetype i) { parts[static_cast<size_t>(i)] = searchPiece(text, first + i, known); }, stop);
        if (stop.stop_requested())
            return errors::cancelled();
        // Where the document changed, what was found in it means nothing.
        if (const Result<void> intact = text.check(); !intact)
            return std::unexpected(intact.error());
        // Between batches alone, so that the same is found whatever thread is first.
        for (const Part& part : parts) {
            for (const auto& [anchor, more] : part.places.asKeyValueRange())
                known.places[anchor] += more;
            found.isComplete = found.isComplete && part.candidates.size() < mostInAPiece;
        }
        for (const Part& part : parts)
            std::ranges::copy_if(part.candidates, std::back_inserter(candidates),
                [&](const Candidate& candidate) { return hasRareAnchor(candidate, known); });
        found.isComplete = found.isComplete && candidates.size() <= mostPassages;
    }
    // What was rare until then may have become common.
    for (const Candidate& candidate : candidates)
        if (hasRareAnchor(candidate, known))
            found.passages.push_back(candidate.passage);
    tidy(found.passages);
    return found;
}

} // namespace burrow
