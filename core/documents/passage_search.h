#pragma once

#include "base/task.h"
#include "documents/open_text.h"

#include <QHash>

#include <vector>

namespace burrow {

/// A stretch of a document that one of the texts searched for has, too, word for word.
struct Passage {
    ByteOffset begin, end;
    int text = 0; ///< index into the texts

    friend bool operator==(const Passage&, const Passage&) = default;
};

/// Finds which stretches of documents stand word for word in given texts: where these come from. One pass
/// over a document on all cores, whatever the number of texts; it takes about as much memory
/// as they.
class PassageSearch {
public:
    static constexpr size_t mostPassages = 100'000; ///< of one document
    static constexpr size_t mostTexts = 32; ///< that are named for a place that more of them have
    /// What a document has in more places says not where it comes from, and is passed over unless something
    /// rarer is beside it.
    static constexpr quint32 mostPlaces = 8;

    struct Found {
        std::vector<Passage> passages; ///< in the order of their begins; those of one text never touch
        bool isComplete = true; ///< mostPassages was enough
    };

    /// @p texts are UTF-8. A stretch counts from @p least bytes of UTF-8 on, 24 to 100, unless it has hardly
    /// any different characters: a ruled line or blanks have no source. It does not begin with a line break.
    PassageSearch(std::vector<QByteArray> texts, qint64 least);

    /// Errors: Cancelled, DocumentChanged.
    Result<Found> run(const OpenText& text, const StopToken& stop) const;

private:
    struct Anchor {
        quint64 hash;
        quint32 text;
        quint32 at; ///< where in it
    };
    struct Match {
        size_t begin, end;
        quint32 text;
        quint32 at; ///< where in it
    };
    struct Candidate {
        Passage passage;
        quint32 at, length; ///< in its text
    };
    /// What is known of a document before a batch of its pieces.
    struct Known {
        std::vector<quint32> places; ///< of each window, by the index of the first anchor that has it
        std::vector<quint64> filter; ///< a bit for the upper bits of each hash that is looked for
    };
    struct Part {
        std::vector<Candidate> candidates;
        QHash<quint32, quint32> places; ///< as those of Known
    };

    quint64 hashAt(const unsigned char* window) const;
    template <typename Use> void forEachAnchor(Bytes bytes, Use use) const;
    void addAnchors(quint32 text);
    void makeTables();
    quint32 firstAnchor(quint64 hash) const;
    std::vector<Match> search(Bytes piece, const Known& known, QHash<quint32, quint32>& places) const;
    Match extended(Bytes piece, size_t at, const Anchor& anchor) const;
    Part searchPiece(const OpenText& text, qint64 index, const Known& known) const;
    bool hasRareAnchor(const Candidate& candidate, const Known& known) const;
    void makeFilter(Known& known) const;

    std::vector<QByteArray> m_texts;
    size_t m_least;
    size_t m_window; ///< bytes that are compared by hash
    size_t m_third; ///< of what a window has beyond eight bytes
    std::vector<Anchor> m_anchors; ///< windows of the texts, by hash
    std::vector<quint32> m_starts; ///< of the anchors, by the upper bits of their hashes
    int m_startBits = 0, m_filterBits = 0;
};

} // namespace burrow
