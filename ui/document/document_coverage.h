#pragma once

#include "documents/passage_search.h"
#include "documents/text_search.h"
#include "trajectory/run_tree.h"

#include <QSet>

#include <functional>

namespace burrow {

/// What a run has read of one document and what its answer cites of it, as far as its texts on record tell.
struct DocumentCoverage {
    QString path;
    qint64 size = 0; ///< in bytes
    std::vector<qint64> nodes; ///< that read in it (RunTree::Node::id)
    std::vector<Passage> read; ///< in order; `text` is an index into the nodes
    std::vector<TextMatch> places; ///< all that was read, in order and without overlaps
    std::vector<TextMatch> cited; ///< in order
    int calls = 0, cells = 0; ///< of the nodes
    qint64 bytesRead = 0;
    bool isComplete = true; ///< nothing was left out for its size or number
    QString problem; ///< why it could not be looked at; the rest is empty then
};

/// Where the run that a file tells of is to be looked for.
struct CoverageOrder {
    QString runFile;
    RunTree::Nodes nodes;
    BlobId answer = BlobId::None;
    QString first; ///< a document that is looked at before all others, whatever its size
    QSet<QString> known; ///< documents that are left out, by path
};

/// Reads what the sub-calls of a run were given and what its cells printed, and finds in its documents what
/// stands there word for word: from 64 bytes on it was read, from 24 bytes on it is cited, as is a word of
/// five letters or more with a digit in it, where the document has that three times at most. @p use hears of
/// one document after the other. Documents that are more than a gigabyte together are left out, as is what
/// the run holds beyond 128 MB of texts. Errors: those of RunFile; Cancelled.
Result<void> findCoverage(const CoverageOrder& order,
    const std::function<void(std::shared_ptr<const DocumentCoverage>)>& use, const StopToken& stop);

/// `34 % read by 12 calls and 1 cell · 2 places cited`.
QString describe(const DocumentCoverage& coverage);

} // namespace burrow
