#pragma once

#include "tiny_sessions.h"

/// What a test that kills forks and the program that it kills agree on.
namespace burrow::testing {

inline constexpr quint32 programSeed = 1;

/// A change at a random node of a branch; @p seed says which.
inline int openRandomFork(RunFile& file, quint32 seed, int parent = 1)
{
    using What = Change::What;
    const RunTree tree = *loadTree(file, parent);
    QRandomGenerator random(seed);
    for (;;) {
        const auto index = NodeIndex(random.bounded(quint32(tree.size())));
        const NodeKind kind = tree.node(index).kind;
        Change change{kind == NodeKind::Cell ? What::Code
                : random.bounded(2) == 0     ? What::Reply
                                             : What::Sample,
            kind == NodeKind::Turn ? "```repl\nask edited|b$\n```\n" : "say edited\n", Edit::Reach::Node};
        const Result<Fork> fork = planFork(file, tree, parent, tree.path(index), change);
        if (fork) // not every node can have every change
            return *openFork(file, *fork, SystemClock());
    }
}

} // namespace burrow::testing
