#pragma once

#include "repl/repl.h"
#include "trajectory/run_tree.h"

#include <QHash>

#include <map>

namespace burrow {

class RunFile;

/// What earlier sessions of a run recorded, to be served to the engine when it runs again from the start:
/// a resumed run, or a further question. Matches a request by path and fingerprint, then by fingerprint
/// alone; each reply is served once. Engine thread only.
class Recording {
public:
    struct Cell {
        BlobId code = BlobId::None;
        BlobId texts = BlobId::None;
        BlobId json = BlobId::None;
        CellStatus status = CellStatus::Ok;
        bool finished = false; ///< there is an output
    };
    struct Served {
        ModelResult result;
        bool samePath; ///< false: recorded elsewhere in the run
    };

    void add(std::span<const Event> events);
    /// To be called once, after the last add().
    void finish();

    bool hasReplies() const { return !m_replies.empty(); }
    /// Nothing where the request has to go live. Errors: RunFileInvalid.
    Result<std::optional<Served>> takeReply(
        RunFile& file, const RunTree& tree, const NodePath& path, BlobId request);
    /// Whether takeReply() would serve the request.
    bool holdsReply(const RunTree& tree, const NodePath& path, BlobId request) const;
    /// nullptr where none was recorded.
    const Cell* cell(qint64 node) const;
    /// The recorded refusal of a host call (its event's text), None where it was answered; nothing where it
    /// is not recorded.
    std::optional<BlobId> hostCall(qint64 cell, int ordinal) const;
    /// Whether a model has already read what @p cell printed: then its failures are part of the past, and are
    /// served, too. Otherwise they are tried again.
    static bool wentPast(const RunTree& tree, NodeIndex cell);
    /// Whether this very note is recorded; true once for each.
    bool takeNote(const Event& note);

private:
    struct Reply {
        BlobId request;
        qint64 node;
        qint64 seq;
        bool failed;
        bool served = false;
    };
    /// The index of the reply that serves the request; nothing where none does.
    std::optional<size_t> bestReply(const RunTree& tree, const NodePath& path, BlobId request) const;

    QHash<qint64, BlobId> m_requests; ///< of each node, the last
    std::vector<Reply> m_replies; ///< by request, then in order
    QHash<qint64, Cell> m_cells;
    QHash<std::pair<qint64, int>, BlobId> m_hostCalls; ///< by cell and ordinal: the refusal, or None
    std::map<std::tuple<qint64, int, qint64>, int> m_notes; ///< how often, by node, kind and text
};

} // namespace burrow
