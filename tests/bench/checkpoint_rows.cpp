#include "floors.h"
#include "rows.h"

#include "host/sandboxed_repl_factory.h"

#include <QElapsedTimer>

#include <qcorotask.h>

namespace burrow::bench {

namespace {

constexpr int times = 21;

class NoCalls final : public HostCalls {
public:
    Task<QueryOutcome> query(NodePath, QueryBatch, StopToken) override
    {
        co_return std::unexpected(QueryRefusal{"RuntimeError", "nobody answers"});
    }
};

/// Half of it many small objects, half one large one.
QByteArray filling(int megabytes)
{
    const QByteArray count = QByteArray::number(megabytes);
    return "small = [str(i) for i in range(" + count + " * 8_000)]\nlarge = b'a' * (" + count + " << 19)";
}

QByteArray scratchFile(int megabytes)
{
    return "open('file', 'wb').write(b'a' * (" + QByteArray::number(megabytes) + " << 20))";
}

enum class Step { Take, Restore };

/// The median of taking or restoring a checkpoint of a REPL that @p fill has filled, after cells that change
/// next to nothing.
Measured<Figure> checkpoint(Step step, const QByteArray& fill, const QByteArray& bare = filling(0))
{
    SandboxedReplFactory factory(SandboxOptions::defaults());
    ReplSpec spec;
    spec.path = NodePath::root();
    spec.context.value = ContextValue{ContextValue::Kind::Text, 0, "a text"};
    NoCalls calls;
    const auto repl = QCoro::waitFor(factory.start(spec, &calls, {}));
    if (!repl)
        return std::unexpected(repl.error().message);
    const auto run = [&](const QByteArray& code) {
        return QCoro::waitFor((*repl)->execute({NodePath::root().turn(1).cell(1), code}, {})).has_value();
    };
    run(fill);
    std::vector<double> seconds;
    for (int i = 0; i < times && run("x = 1"); ++i) {
        QElapsedTimer timer;
        timer.start();
        const auto taken = QCoro::waitFor((*repl)->checkpoint({}));
        if (!taken)
            return std::unexpected(taken.error().message);
        if (step == Step::Restore) {
            timer.start();
            if (const auto restored = QCoro::waitFor((*repl)->restore(*taken, {})); !restored)
                return std::unexpected(restored.error().message);
        }
        seconds.push_back(double(timer.nsecsElapsed()) / 1e9);
        (*repl)->drop(*taken);
    }
    if (seconds.empty())
        return std::unexpected(QStringLiteral("the cells did not run"));
    std::ranges::sort(seconds);
    return Figure{bench::seconds(seconds[seconds.size() / 2]),
        QStringLiteral("a bare fork: ") + bench::seconds(bareFork(bare, times))};
}

} // namespace

std::vector<Row> checkpointRows(const Workspace&)
{
    return {
        {"take", "checkpoint of an empty REPL", "1.00 ms", [] { return checkpoint(Step::Take, filling(0)); }},
        {"take-100", "checkpoint with 100 MB of objects", "10.00 ms",
            [] { return checkpoint(Step::Take, filling(100), filling(100)); }},
        {"restore", "restore with 100 MB of objects", "10.00 ms",
            [] { return checkpoint(Step::Restore, filling(100), filling(100)); }},
        {"take-scratch", "checkpoint with 200 MB of scratch files", "none",
            [] { return checkpoint(Step::Take, scratchFile(200)); }},
    };
}

} // namespace burrow::bench
