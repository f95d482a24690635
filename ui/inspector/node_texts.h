#pragma once

#include "repl/repl.h"
#include "text/line_difference.h"
#include "trajectory/run_tree.h"

namespace burrow {

class RunFile;

/// Which texts of a run file tell what a node saw and did. Plain data, made on the window's thread.
struct NodeQuery {
    BlobId question = BlobId::None; ///< an RLM call: what it was asked
    BlobId request = BlobId::None; ///< a request, or that which wrote the cell: canonical JSON
    BlobId previousRequest = BlobId::None; ///< of the turn before
    BlobId reply = BlobId::None; ///< or what had arrived of it, or the answer of an RLM call
    BlobId replyExtra = BlobId::None; ///< its reasoning, or its error
    bool replyFailed = false;
    BlobId code = BlobId::None;
    BlobId output = BlobId::None, outputExtra = BlobId::None; ///< of the cell
    BlobId outputBefore = BlobId::None, outputExtraBefore = BlobId::None; ///< of the cell before it
    NodePath editedCell; ///< the cell, where a person changed it or the reply that it is in
    int branch = 1; ///< of the run
    qint64 node = 0; ///< RunTree::Node::id

    friend bool operator==(const NodeQuery&, const NodeQuery&) = default;
};

/// What to show of @p index of @p branch: a cell with the request that wrote it, a request with its cell, a
/// call with the cell that made it.
NodeQuery queryFor(const RunTree& tree, NodeIndex index, int branch);
/// Cell number @p number, from 1, of the REPL whose output is shown for @p index; noNode where it has none.
NodeIndex cellWithNumber(const RunTree& tree, NodeIndex index, int number);

/// A variable beside what it was a cell before.
struct ShownVariable {
    enum class Change { Same, Changed, New };
    Variable variable;
    Change change = Change::Same;
};

/// A line of an output that names a line of code, as those of a traceback do.
struct CodeReference {
    int at = 0; ///< the line of the output, from 0
    int cell = 0; ///< cellWithNumber()
    int line = 0; ///< of its code, from 1

    friend bool operator==(const CodeReference&, const CodeReference&) = default;
};

/// Visible UTF-8 (base/visible_text.h), ready to be shown.
struct NodeTexts {
    struct Part {
        QByteArray heading;
        QByteArray text;
        bool isNew = true; ///< the turn before did not have it
    };
    std::vector<Part> conversation;
    QByteArray code;
    std::vector<ChangedLines>
        changes; ///< of the code, where the cell was edited: since the branch that was left
    QByteArray output;
    std::vector<CodeReference> references; ///< of the output
    QByteArray raw; ///< JSON
    std::vector<ShownVariable> variables;
    QString error; ///< why some of it could not be read
};

/// Reads what @p query names; what cannot be read is left out, and `error` says so.
NodeTexts readTexts(RunFile& file, const NodeQuery& query);

} // namespace burrow
