#pragma once

#include "repl/repl.h"
#include "trajectory/run_tree.h"

#include <QHash>

#include <map>

namespace burrow {

class RunFile;

/// What was recorded of a run, to be served to the engine when it runs again from the start: a resumed run,
/// a further question, a fork. Each reply is served once. Engine thread only.
class Recording {
public:
    /// Which recorded reply may answer a request with the same fingerprint.
    enum class Match {
        SamePath, ///< that of the same node
        Anywhere, ///< that of any node
    };
    /// Which recorded failures are served.
    enum class Failures {
        OfThePast, ///< those that a model has read of, or whose node was answered in another way
        None, ///< they are tried again
        All,
    };

    struct Cell {
        BlobId code = BlobId::None;
        BlobId texts = BlobId::None;
        BlobId json = BlobId::None;
        CellStatus status = CellStatus::Ok;
        bool finished = false; ///< there is an output
    };
    /// How a host call was answered; in the order of the answers.
    struct HostAnswer {
        BlobId json;
        std::chrono::microseconds took;
    };
    struct Served {
        ModelResult result;
        qint64 node; ///< whose it was; 0 where another branch has it
    };

    /// @p tree is the fold of the events that are added; it may go on growing, and must outlive this.
    explicit Recording(const RunTree& tree) : m_tree(tree) { }
    void serve(Failures failures) { m_failures = failures; }

    void add(std::span<const Event> events);
    /// To be called once, after the last add(). What was replied up to event @p since is served elsewhere.
    void finish(qint64 since = 0);

    bool hasReplies() const { return !m_replies.empty(); }
    /// Nothing where no such reply is left. Errors: RunFileInvalid.
    Result<std::optional<Served>> takeReply(RunFile& file, const NodePath& path, BlobId request, Match match);
    /// Whether takeReply() would serve the request, by either match.
    bool holdsReply(const NodePath& path, BlobId request) const;
    /// Counts a reply to @p request as served, that of @p path where there is one.
    void markServed(const NodePath& path, BlobId request);
    /// nullptr where none was recorded.
    const Cell* cell(qint64 node) const;
    /// The recorded refusal of a host call (its event's text), None where it was answered; nothing where it
    /// is not recorded.
    std::optional<BlobId> hostCall(qint64 cell, int ordinal) const;
    /// Those of a cell.
    std::vector<HostAnswer> hostAnswers(qint64 cell) const { return m_hostAnswers.value(cell); }
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
        NodeState state; ///< Ok, Failed, or Unknown: it failed, and nobody knows what it used
        bool served = false;
    };
    /// The index of the reply that serves the request; nothing where none does.
    std::optional<size_t> findReply(const NodePath& path, BlobId request, Match match) const;
    bool isServable(const Reply& failed, NodeIndex node) const;

    const RunTree& m_tree;
    Failures m_failures = Failures::OfThePast;
    QHash<qint64, BlobId> m_requests; ///< of each node, the last
    std::vector<Reply> m_replies; ///< by request, then in order
    QHash<qint64, Cell> m_cells;
    QHash<std::pair<qint64, int>, BlobId> m_hostCalls; ///< by cell and ordinal: the refusal, or None
    QHash<qint64, std::vector<HostAnswer>> m_hostAnswers; ///< by cell
    std::map<std::tuple<qint64, int, qint64>, int> m_notes; ///< how often, by node, kind and text
};

} // namespace burrow
