#pragma once

#include "trajectory/event.h"

#include <QHash>
#include <QSharedData>

#include <array>
#include <span>
#include <vector>

namespace burrow {

/// Where a node stands in a RunTree; nodes are never removed.
enum class NodeIndex : quint32 { };
inline constexpr NodeIndex noNode = NodeIndex(0xffffffff);

/// What a node, or it and all below it, used.
struct Totals {
    MicroUsd spent; ///< of live requests that were answered: as servers said, else as estimated
    MicroUsd estimated; ///< the part of `spent` that no server said: at most
    MicroUsd reused; ///< what the served ones had cost when they were live
    MicroUsd unknownUpTo; ///< at most, of requests whose outcome was never seen; not in `spent`
    qint64 inputTokens = 0; ///< as `spent`
    qint64 outputTokens = 0;
    qint64 estimatedTokens = 0; ///< the part of both that no server said: at most
    qint64 unknownTokens = 0; ///< at most, as unknownUpTo
    qint32 requests = 0; ///< sent, retries included
    qint32 unknown = 0; ///< requests whose outcome was never seen

    friend bool operator==(const Totals&, const Totals&) = default;
    Totals& operator+=(const Totals& other);
};

/// The figures of a run as a whole.
struct RunTotals {
    Totals totals;
    int turns = 0; ///< of the root, over all questions
    int calls = 0; ///< requests sent below the root, retries included
    std::chrono::microseconds played{
        0}; ///< of all sessions, each from its opening to its last event; no pauses
    RunState state = RunState::Running; ///< as the last session left it
    BlobId answer = BlobId::None;
};

/// A run as a tree: the fold of its events. Plain data, about 200 bytes a node; texts stay in the run file.
/// Copies share the nodes that neither changes; a copy takes about 30 bytes a node more. Each is used by one
/// thread at a time.
class RunTree {
public:
    struct Node {
        qint64 id = 0; ///< the number of the event that opened it
        std::chrono::microseconds begun{0}; ///< since 1970; of the first request or the start
        std::chrono::microseconds ended{0}; ///< 0 while it runs
        BlobId input = BlobId::None; ///< the prompt, the last request or the code
        BlobId output = BlobId::None; ///< the answer, reply, partial reply or the texts of a cell
        BlobId extra = BlobId::None; ///< as in the event that brought the output
        Totals own;
        Totals subtree; ///< own and all below
        std::vector<NodeIndex> children; ///< in order of their first event
        NodeIndex parent = noNode;
        int row = 0; ///< among the children of its parent, or among the roots
        int ordinal = 0;
        int attempts = 0; ///< requests sent
        int liveChildren = 0; ///< those that run
        int okChildren = 0;
        int failedChildren = 0; ///< those whose outcome is unknown among them
        ModelId model = ModelId::None;
        NodeKind kind = NodeKind::Rlm;
        NodeState state = NodeState::Running;
        quint8 detail = 0; ///< FinishReason or CellStatus, as the kind says
        quint8 depth = 0; ///< 0 for a root
        bool diverged = false; ///< ran again and gave another output than recorded
        bool reused = false; ///< served from a recording, or played by the branch that this one left
        bool edited = false; ///< a person changed what it gave
        quint32 touched = 0; ///< the apply() that last changed it
    };

    /// The nodes of a tree. A copy costs next to nothing and may be read by another thread: what the tree
    /// takes later leaves it alone.
    class Nodes {
    public:
        int size() const { return m_size; }
        const Node& operator[](NodeIndex index) const
        {
            const auto i = quint32(index);
            return m_chunks[i >> chunkBits]->nodes[i & ((1U << chunkBits) - 1)];
        }

    private:
        friend class RunTree;

        static constexpr int chunkBits = 12;
        struct Chunk : QSharedData {
            std::array<Node, 1 << chunkBits> nodes;
        };

        /// To be changed: nobody shares it then. What was read of its neighbours before may be of others.
        Node& slot(NodeIndex index)
        {
            const auto i = quint32(index);
            return m_chunks[i >> chunkBits]->nodes[i & ((1U << chunkBits) - 1)];
        }
        NodeIndex add();

        // In chunks, so that growing never copies nodes, and copies share them.
        std::vector<QSharedDataPointer<Chunk>> m_chunks;
        int m_size = 0;
    };

    /// New rows under one parent (noNode: new roots), at its end.
    struct Insert {
        NodeIndex parent = noNode;
        int first = 0;
        int count = 0;

        friend bool operator==(const Insert&, const Insert&) = default;
    };
    struct Changes {
        std::vector<Insert> inserts; ///< parents before their children
        std::vector<NodeIndex> changed; ///< old nodes with another state or other figures; each once
    };

    /// Folds @p events, which follow those applied before. What makes no sense (an event of an unknown node)
    /// is passed over.
    Changes apply(std::span<const Event> events);

    int size() const { return m_nodes.size(); }
    const Node& node(NodeIndex index) const { return m_nodes[index]; }
    const Nodes& nodes() const { return m_nodes; }
    const std::vector<NodeIndex>& roots() const { return m_roots; }
    const RunTotals& totals() const { return m_totals; }
    std::chrono::microseconds lastEvent() const { return m_lastEvent; }
    /// What the request of that node uses at most, while it is sent and not answered.
    std::optional<Usage> inFlight(NodeIndex index) const;

    /// noNode where there is none.
    NodeIndex findPath(const NodePath& path) const;
    NodeIndex findChild(NodeIndex parent, NodeKind kind, int ordinal) const;
    NodeIndex findId(qint64 id) const;
    NodePath path(NodeIndex index) const;

    /// The kind that the last part of @p path names; Completion for `callN`, which may be an Rlm, too.
    static NodeKind kindOf(const NodePath& path);

    /// One line a node, indented by depth: for tests and for people who debug.
    QByteArray toText() const;

private:
    Node& slot(NodeIndex index) { return m_nodes.slot(index); }
    NodeIndex open(const Event& event, Changes& changes);
    void applyTo(NodeIndex index, const Event& event);
    Totals endRequest(NodeIndex index, const Event& event);
    /// Counts @p requests more sent to the node: -1 takes one back that turned out not to have left.
    void countSent(Node& node, int requests, Totals& used);
    void applyToRun(const Event& event);
    void setState(Node& node, NodeState state);
    void countTime(const Event& event);
    void add(NodeIndex index, const Totals& used);
    void touch(NodeIndex index, Changes& changes);
    bool isBelowRoot(const Node& node) const;
    /// Where in the table that child is, or would be.
    size_t placeOf(NodeIndex parent, NodeKind kind, int ordinal) const;
    void growTable();

    Nodes m_nodes;
    std::vector<NodeIndex> m_roots;
    std::vector<NodeIndex> m_byId; ///< by event number: the node that it opened, or noNode
    std::vector<NodeIndex> m_table; ///< open addressing by (parent, kind, ordinal)
    QHash<NodeIndex, size_t> m_insertOf; ///< in this pass: where among the inserts a parent's is
    QHash<NodeIndex, Usage> m_inFlight; ///< the upper estimates of requests that have no end yet
    RunTotals m_totals;
    std::chrono::microseconds m_lastEvent{0}; ///< since 1970
    bool m_isPaused = false;
    quint32 m_pass = 0;
};

} // namespace burrow
