#pragma once

#include "repl/repl.h"

#include <functional>

namespace burrow {

/// Looks at the documents of a REPL before and after every cell: an answer must not come from text that
/// changed underneath.
class WatchedRepls final : public ReplFactory {
public:
    /// Looks at some documents. Errors: DocumentChanged, NotFound, naming the document; Cancelled.
    using Check = std::function<Task<Result<void>>(StopToken)>;
    /// Makes the check of the documents that a context holds.
    using Watch = std::function<Check(const ReplContext&)>;

    WatchedRepls(ReplFactory& inner, Watch watch);

    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken stop) override;

private:
    ReplFactory& m_inner;
    Watch m_watch;
};

} // namespace burrow
