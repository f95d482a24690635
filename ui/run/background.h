#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

namespace burrow {

/// Runs @p work() in @p pool, then @p use(what it returned) on the thread of @p context, unless that is gone
/// by then. @p work shares nothing that another thread changes.
template <typename Work, typename Use>
void inBackground(QThreadPool* pool, QObject* context, Work work, Use use)
{
    using Value = decltype(work());
    const auto promise = std::make_shared<QPromise<Value>>();
    promise->start();
    promise->future().then(
        context, [use = std::move(use)](QFuture<Value> done) mutable { use(done.takeResult()); });
    pool->start([promise, work = std::move(work)]() mutable {
        promise->addResult(work());
        promise->finish();
    });
}

} // namespace burrow
