#include "repl/repl.h"

#include <QCoreApplication>

namespace burrow {

namespace {

std::unexpected<Error> noCheckpoints()
{
    return fail(ErrorCode::CheckpointUnavailable,
        QCoreApplication::translate("Repl", "This REPL makes no checkpoints. Run its cells again instead."));
}

} // namespace

Task<Result<CheckpointId>> Repl::checkpoint(StopToken)
{
    co_return noCheckpoints();
}

Task<Result<void>> Repl::restore(CheckpointId, StopToken)
{
    co_return noCheckpoints();
}

void Repl::drop(CheckpointId) { }

Task<std::vector<Checkpoint>> Repl::checkpoints(StopToken) const
{
    co_return {};
}

} // namespace burrow
