#include "floors.h"
#include "rows.h"

#include "engine/run.h"
#include "host/sandboxed_repl_factory.h"
#include "trajectory/recorder.h"

#include <QElapsedTimer>
#include <QUuid>

#include <qcorotask.h>

namespace burrow::bench {

namespace {

constexpr int starts = 20;
constexpr int shortCalls = 3000, longCalls = 40;
constexpr qint64 shortText = 200, longText = qint64(4) << 20;

QString microseconds(double value)
{
    return QStringLiteral("%1 us").arg(value * 1e6, 0, 'f', 0);
}

/// The times between events of one kind.
class Intervals {
public:
    void tick()
    {
        if (m_timer.isValid())
            m_seconds.push_back(double(m_timer.nsecsElapsed()) / 1e9);
        m_timer.start();
    }
    double median() const
    {
        std::vector<double> sorted = m_seconds;
        std::ranges::sort(sorted);
        return sorted.empty() ? 0 : sorted[sorted.size() / 2];
    }

private:
    QElapsedTimer m_timer;
    std::vector<double> m_seconds;
};

/// Answers at once, with the first prompt. From one call to the next is a whole round trip, the guest's own
/// loop included.
class InstantCalls final : public HostCalls {
public:
    Task<QueryOutcome> query(NodePath, QueryBatch batch, StopToken) override
    {
        intervals.tick();
        co_return std::vector<QueryResult>{{true, batch.items.front().prompt}};
    }
    Intervals intervals;
};

/// The root's one turn is a cell; sub-calls are answered at once.
class InstantModel final : public LanguageModel {
public:
    explicit InstantModel(const std::string& code) : m_turn(QByteArray::fromStdString(cell(code))) { }

    Task<ModelResult> complete(ChatRequest request, StopToken) override
    {
        ChatReply reply;
        reply.text = request.model == "root" ? m_turn : request.messages.back().text;
        if (request.model == "sub")
            intervals.tick();
        co_return reply;
    }
    QByteArray endpoint() const override { return "instant"; }
    Intervals intervals;

private:
    QByteArray m_turn;
};

ReplSpec someText()
{
    ReplSpec spec;
    spec.path = NodePath::root();
    spec.context.value = ContextValue{ContextValue::Kind::Text, 0, "A little text."};
    return spec;
}

Measured<std::unique_ptr<Repl>> startGuest(SandboxedReplFactory& factory, HostCalls& calls)
{
    auto repl = QCoro::waitFor(factory.start(someText(), &calls, {}));
    if (!repl)
        return std::unexpected(repl.error().message);
    return std::move(*repl);
}

Measured<CellOutput> runCell(Repl& repl, const QByteArray& code)
{
    const auto output = QCoro::waitFor(repl.execute({NodePath::root().turn(1).cell(1), code}, {}));
    if (!output)
        return std::unexpected(output.error().message);
    if (output->status != CellStatus::Ok)
        return std::unexpected(QString::fromUtf8(output->err.head));
    return *output;
}

/// The median start of a guest that is ready for its first cell, without @p removed.
Measured<Figure> start(const QStringList& removed)
{
    SandboxOptions options = SandboxOptions::defaults();
    options.minimumLevel = SandboxLevel::None;
    options.removedProtections = removed;
    SandboxedReplFactory factory(options);
    InstantCalls calls;
    if (const auto first = startGuest(factory, calls); !first) // it also looks for Python
        return std::unexpected(first.error());
    std::vector<double> all;
    for (int i = 0; i < starts; ++i) {
        QElapsedTimer timer;
        timer.start();
        const auto repl = startGuest(factory, calls);
        all.push_back(double(timer.nsecsElapsed()) / 1e9);
        if (!repl)
            return std::unexpected(repl.error());
    }
    std::ranges::sort(all);
    return Figure{seconds(all[starts / 2]), QStringLiteral("bare Python: ") + seconds(barePython(starts))};
}

Measured<Figure> hostCall(qint64 bytes, int times)
{
    SandboxedReplFactory factory(SandboxOptions::defaults());
    InstantCalls calls;
    const auto repl = startGuest(factory, calls);
    if (!repl)
        return std::unexpected(repl.error());
    const auto output = runCell(**repl,
        "text = 'x' * " + QByteArray::number(bytes) + "\nfor i in range(" + QByteArray::number(times)
            + "): llm_query(text)");
    if (!output)
        return std::unexpected(output.error());
    const double round = calls.intervals.median(), floor = pipeRoundTrip(bytes, times);
    const auto text = [bytes](double value) { return bytes < 1000 ? microseconds(value) : seconds(value); };
    return Figure{text(round), QStringLiteral("bare pipe: ") + text(floor)};
}

Measured<Figure> recordedCall()
{
    InstantModel model(
        "for i in range(" + std::to_string(shortCalls) + "): llm_query(f'{i}' + 'x' * 190)\n" + finish);
    const QString path
        = QStringLiteral("%1/%2.burrow")
              .arg(qEnvironmentVariable("XDG_DATA_HOME"), QUuid::createUuid().toString(QUuid::WithoutBraces));
    Result<RunFile> file = RunFile::create(path);
    if (!file)
        return std::unexpected(file.error().message);
    const SystemClock clock;
    Recorder recorder(*file, clock);
    if (const auto opened = recorder.openRun({}); !opened)
        return std::unexpected(opened.error().message);
    SandboxedReplFactory factory(SandboxOptions::defaults());
    Run run(RunSetup{.models = {.root = "root", .sub = "sub", .allowed = {"root", "sub"}},
        .prompts = Prompts::builtIn(),
        .context = someText().context,
        .provider = model,
        .price = [](const ChatRequest&) { return std::optional<MicroUsd>(); },
        .repls = factory,
        .watchDocuments
        = [](const ReplContext&) { return [](StopToken) -> Task<Result<void>> { co_return {}; }; },
        .recorder = recorder});
    const RunOutcome outcome = QCoro::waitFor(run.ask("How much?"));
    if (outcome.answer != "done")
        return std::unexpected(
            outcome.error ? outcome.error->message : QStringLiteral("the answer is wrong"));
    return Figure{microseconds(model.intervals.median()),
        QStringLiteral("bare pipe: ") + microseconds(pipeRoundTrip(shortText, shortCalls))};
}

/// A cell that prints 10 GB, and how much more memory the host holds at its highest than before.
Measured<Figure> output()
{
    SandboxedReplFactory factory(SandboxOptions::defaults());
    InstantCalls calls;
    const auto repl = startGuest(factory, calls);
    if (!repl)
        return std::unexpected(repl.error());
    const double before = peakMemoryMb();
    QElapsedTimer timer;
    timer.start();
    const auto output = runCell(**repl, "line = 'x' * 99_999\nfor i in range(100_000): print(line)");
    if (!output)
        return std::unexpected(output.error());
    return Figure{QStringLiteral("%1 GB/s; %2")
                      .arg(10 / (double(timer.nsecsElapsed()) / 1e9), 0, 'f', 2)
                      .arg(megabytes(peakMemoryMb() - before)),
        QString()};
}

} // namespace

std::vector<Row> guestRows(const Workspace&)
{
    const QString no = QStringLiteral("--no-");
    const QStringList strong{no + QStringLiteral("namespaces")};
    const QStringList none
        = strong + QStringList{no + QStringLiteral("landlock"), no + QStringLiteral("seccomp")};
    return {
        {"start-full", "start of a guest, level full", "-", [] { return start({}); }},
        {"start-strong", "start of a guest, level strong", "-", [=] { return start(strong); }},
        {"start-none", "start of a guest, level none", "-", [=] { return start(none); }},
        {"call", "host call, 200 B there and back", "70 us", [] { return hostCall(shortText, shortCalls); }},
        {"call-4mb", "host call, 4 MB there and back", "15 ms", [] { return hostCall(longText, longCalls); }},
        {"call-run", "llm_query through the engine, recorded", "150 us", recordedCall},
        {"output", "10 GB printed; memory of the host", "64 MB", output},
    };
}

} // namespace burrow::bench
