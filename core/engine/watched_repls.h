#pragma once

#include "repl/repl.h"

#include <functional>

namespace burrow {

/// Looks at the documents before and after every cell: an answer must not come from text that changed
/// underneath.
class WatchedRepls final : public ReplFactory {
public:
    /// Errors: DocumentChanged, NotFound, naming the document.
    using Check = std::function<Result<void>()>;

    WatchedRepls(ReplFactory& inner, Check check);

    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override;

private:
    ReplFactory& m_inner;
    Check m_check;
};

} // namespace burrow
