#pragma once

#include "trajectory/fork.h"

namespace burrow {

/// What can be changed at a node of @p kind; @p isRoot: it is a question of the run.
std::vector<Change::What> changesOf(NodeKind kind, bool isRoot);
/// `Edit the Code`, and so on, with a mnemonic.
QString actionFor(Change::What what);

/// An edit as it begins.
struct EditPlan {
    QByteArray text; ///< what stands there now: code, reply, prompt, model or encodeParameters()
    ForkOutlook outlook;
    qint64 keptUpTo = 0; ///< the last event that the branch shares
};

/// Reads what @p what, in reach of @p reach, would change at @p at in @p branch of the run at @p path.
/// Changes nothing. Errors: those of RunFile::open() and planFork().
Result<EditPlan> planEdit(
    const QString& path, int branch, const NodePath& at, Change::What what, Edit::Reach reach);

} // namespace burrow
