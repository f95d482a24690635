#pragma once

#include <QByteArray>
#include <QHashFunctions>

#include <optional>

namespace burrow {

/// The kinds of node in the tree of a run.
enum class NodeKind {
    Rlm, ///< one RLM call: `root` (a further question is `root2`), or `callN` inside a cell
    Turn, ///< one request to the model of an RLM call and its reply: `turnN`
    Cell, ///< one code cell of a turn's or a final reply: `cellN`
    Completion, ///< one plain sub-model call from a cell: `callN`
    Compaction, ///< the request that sums up a history that grew too long: `compactionN`
    Final, ///< the request for the best answer so far: `final`
};

/// The logical address of a node, such as `root/turn3/cell1/call17`: its identity in every run, branch and
/// replay. Ordinals start at 1 and count in issue order. An Rlm and a Completion inside a cell share the
/// numbering of calls.
class NodePath {
public:
    NodePath() = default;

    /// The path of question @p question (1 for the first) of a run.
    static NodePath root(int question = 1);
    /// Nothing where @p text is no well-formed path.
    static std::optional<NodePath> parse(QByteArrayView text);

    NodePath turn(int ordinal) const { return child("turn", ordinal); }
    NodePath cell(int ordinal) const { return child("cell", ordinal); }
    NodePath call(int ordinal) const { return child("call", ordinal); }
    NodePath compaction(int ordinal) const { return child("compaction", ordinal); }
    NodePath final() const { return NodePath(m_text + "/final"); }

    /// Empty for a root.
    NodePath parent() const;
    /// The number of the last component: 17 in `…/call17`, 1 in `root` and `…/final`.
    int ordinal() const;
    /// What the last component is: root, turn, cell, call, compaction or final.
    QByteArrayView name() const;
    bool isEmpty() const { return m_text.isEmpty(); }
    const QByteArray& text() const { return m_text; }

    friend bool operator==(const NodePath&, const NodePath&) = default;
    friend auto operator<=>(const NodePath& a, const NodePath& b) { return a.m_text <=> b.m_text; }
    friend size_t qHash(const NodePath& path, size_t seed = 0) { return qHash(path.m_text, seed); }

private:
    explicit NodePath(QByteArray text) : m_text(std::move(text)) { }
    NodePath child(const char* name, int ordinal) const;

    QByteArray m_text;
};

} // namespace burrow
