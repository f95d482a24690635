#include "rows.h"

#include "engine/run.h"
#include "host/sandboxed_repl_factory.h"
#include "trajectory/comparison.h"
#include "trajectory/fork.h"
#include "trajectory/unfinished.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <thread>

#include <qcorotask.h>

namespace burrow::bench {

namespace {

using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

double secondsSince(Moment begun)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// The middle one of several figures in seconds, the first error where there is one.
template <typename Measure> Measured<double> middle(Measure measure)
{
    std::vector<double> all;
    for (int i = 0; i < runs; ++i) {
        const Measured<double> one = measure();
        if (!one)
            return one;
        all.push_back(*one);
    }
    std::ranges::sort(all);
    return all[all.size() / 2];
}

/// Answers a root with the cells it is given, and everything else after a while.
class Model final : public LanguageModel {
public:
    explicit Model(QByteArrayList cells, std::chrono::milliseconds latency = 0ms)
        : m_cells(std::move(cells)), m_latency(latency)
    {
    }
    Task<ModelResult> complete(ChatRequest request, StopToken stop) override
    {
        if (isRootRequest(request.path)) {
            const auto turn = qMin(qsizetype(request.path.ordinal()), m_cells.size());
            co_return ChatReply{.text = "```repl\n" + m_cells[turn - 1] + "\n```\n"};
        }
        lastSent = std::chrono::steady_clock::now();
        ++sent;
        co_await sleepFor(m_latency, stop);
        co_return ChatReply{.text = "ok"};
    }
    QByteArray endpoint() const override { return "bench"; }

    Moment lastSent;
    int sent = 0;

private:
    QByteArrayList m_cells;
    std::chrono::milliseconds m_latency;
};

/// Where cells run, and what one play leaves to the next.
struct Sandbox {
    SandboxedReplFactory factory{SandboxOptions::defaults()};
    std::optional<KeptRepl> kept;
};

/// What plays a run over a file, with real guests.
class Play {
public:
    Play(RunFile& file, LanguageModel& model, int branch = 1,
        std::shared_ptr<Sandbox> sandbox = std::make_shared<Sandbox>())
        : m_sandbox(std::move(sandbox)), m_recorder(file, m_clock)
    {
        (void)m_recorder.openRun({}, branch);
        ReplContext context;
        context.value = ContextValue{ContextValue::Kind::Text, 0, "a text"};
        const RunLimits limits{.maxIterations = 200};
        run = std::make_unique<Run>(RunSetup{limits, limits, m_models, Prompts::builtIn(), 1, true, context,
            model, [](const ChatRequest&) { return std::optional<MicroUsd>(); }, m_sandbox->factory,
            [](const ReplContext&) {
                return [](StopToken) -> Task<Result<void>> { co_return Result<void>(); };
            },
            m_recorder, {}, &m_sandbox->kept});
    }
    RunOutcome ask()
    {
        RunOutcome outcome = QCoro::waitFor(run->ask("How much?"));
        (void)m_recorder.closeRun(outcome.state, outcome.answer);
        return outcome;
    }

private:
    std::shared_ptr<Sandbox> m_sandbox;
    SystemClock m_clock;
    Recorder m_recorder;
    ModelSettings m_models{.root = "root", .sub = "sub", .allowed = {"root", "sub"}};

public:
    std::unique_ptr<Run> run; ///< ends before what it is made of
};

const QByteArray done = "FINAL('done')";

/// From the moment in which another thread asks for a pause to the last request that left after it.
Measured<double> pauseOnce()
{
    const QTemporaryDir folder;
    RunFile file = *RunFile::create(folder.filePath(QStringLiteral("run.burrow")));
    Model model({"llm_query_batched([f'q{i}' for i in range(5000)])", done}, 20ms);
    Play play(file, model);
    QObject context;
    Moment asked;
    bool paused = false;
    std::thread person([&] {
        std::this_thread::sleep_for(500ms);
        asked = std::chrono::steady_clock::now();
        QMetaObject::invokeMethod(&context, [&] { paused = play.run->pause().has_value(); });
        std::this_thread::sleep_for(500ms);
        QMetaObject::invokeMethod(&context, [&] { play.run->stopNow(); });
    });
    (void)play.ask();
    person.join();
    if (!paused || model.sent < 64)
        return std::unexpected(QStringLiteral("the run was not under way"));
    return std::max(0.0, std::chrono::duration<double>(model.lastSent - asked).count());
}

/// What brings the variables back.
enum class Return { Cells, Checkpoint };

/// From the edit of cell 40 of 50 until that cell runs, as a call that it makes shows.
Measured<double> editOnce(Return by)
{
    constexpr int cells = 50, edited = 40;
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("run.burrow"));
    QByteArrayList codes;
    for (int i = 1; i < cells; ++i)
        codes << "x" + QByteArray::number(i) + " = " + QByteArray::number(i);
    codes << done;
    if (by == Return::Checkpoint) // it takes so long that one follows
        codes[edited - 2] = "import time; time.sleep(0.1)";
    auto sandbox = std::make_shared<Sandbox>();
    {
        RunFile file = *RunFile::create(path);
        Model model(codes);
        if (Play(file, model, 1, sandbox).ask().answer != "done")
            return std::unexpected(QStringLiteral("the run has no answer"));
    }
    if (by == Return::Cells)
        sandbox = std::make_shared<Sandbox>();
    QCoro::waitFor(layToRest(sandbox->kept));
    if (by == Return::Checkpoint && !sandbox->kept)
        return std::unexpected(QStringLiteral("there is no checkpoint"));
    RunFile file = *RunFile::open(path, RunFile::Access::Write);
    const RunTree tree = *loadTree(file);
    Model model({done});
    const Moment begun = std::chrono::steady_clock::now();
    const auto branch = planFork(
        file, tree, 1, NodePath::root().turn(edited).cell(1), {Change::What::Code, "llm_query('now')"})
                            .and_then([&](const Fork& fork) { return openFork(file, fork, SystemClock()); });
    if (!branch)
        return std::unexpected(branch.error().message);
    Play(file, model, *branch, sandbox).ask();
    return std::chrono::duration<double>(model.lastSent - begun).count();
}

Measured<Figure> inSeconds(Measured<double> (*measure)())
{
    return middle(measure).transform([](double value) { return Figure{seconds(value), {}}; });
}

Measured<Figure> strictReplay(const Workspace& workspace)
{
    constexpr int calls = 10'000;
    const Server server(script({cell("for i in range(10000): llm_query(f'q{i}')\n" + finish)}));
    const auto asked = server.ask(workspace.small());
    if (!asked)
        return std::unexpected(asked.error());
    const auto took = middle([&] {
        return runBeside(QStringLiteral("burrow-cli"),
            {QStringLiteral("replay"), QStringLiteral("--quiet"), asked->runFile})
            .transform([](const Finished& finished) { return finished.seconds; });
    });
    QFile::remove(asked->runFile);
    return took.transform([](double value) {
        return Figure{QStringLiteral("%1/s; %2").arg(calls / value, 0, 'f', 0).arg(seconds(value)), {}};
    });
}

/// A journal of 100,000 nodes: a thousand cells of some hundred calls each.
void writeLargeRun(RunFile& file)
{
    constexpr int turns = 1000, callsPerCell = 98;
    const BlobId text = *file.put("a text");
    const ModelId name = *file.putModel("model");
    std::chrono::microseconds time = 1h;
    const auto add = [&](EventKind kind, qint64 node, NodeState state, NodeKind nodeKind = {},
                         qint64 parent = 0, int ordinal = 0) {
        Event event;
        event.kind = kind;
        event.time = time += 40us;
        event.node = node == 0 ? file.nextSeq() : node;
        event.nodeKind = nodeKind;
        event.parent = parent;
        event.ordinal = ordinal;
        event.state = state;
        event.body = text;
        event.model = name;
        (void)file.append(event);
        return event.node;
    };
    const auto open = [&](EventKind kind, NodeKind nodeKind, qint64 parent, int ordinal) {
        return add(kind, 0, NodeState::Running, nodeKind, parent, ordinal);
    };
    const auto end = [&](EventKind kind, qint64 node) { add(kind, node, NodeState::Ok); };
    const qint64 root = open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1);
    for (int turn = 1; turn <= turns; ++turn) {
        const qint64 asked = open(EventKind::RequestSent, NodeKind::Turn, root, turn);
        end(EventKind::ReplyReceived, asked);
        const qint64 ran = open(EventKind::CellStarted, NodeKind::Cell, asked, 1);
        for (int call = 1; call <= callsPerCell; ++call)
            end(EventKind::ReplyReceived, open(EventKind::RequestSent, NodeKind::Completion, ran, call));
        end(EventKind::CellFinished, ran);
    }
    end(EventKind::NodeClosed, root);
}

qint64 bytesOf(const QString& path)
{
    return QFileInfo(path).size() + QFileInfo(path + QStringLiteral("-wal")).size();
}

/// A file with a large run, closed.
QString largeRun(const QTemporaryDir& folder)
{
    const QString path = folder.filePath(QStringLiteral("large.burrow"));
    RunFile file = *RunFile::create(path);
    writeLargeRun(file);
    (void)file.close();
    return path;
}

Result<int> forkAt(RunFile& file, const RunTree& tree, int turn)
{
    return planFork(file, tree, 1, NodePath::root().turn(turn), {Change::What::Reply, "another reply"})
        .and_then([&](const Fork& fork) { return openFork(file, fork, SystemClock()); });
}

Measured<Figure> forkOfLargeRun()
{
    const QTemporaryDir folder;
    const QString path = largeRun(folder);
    const qint64 before = bytesOf(path);
    qint64 grown = 0;
    const auto took = middle([&]() -> Measured<double> {
        RunFile file = *RunFile::open(path, RunFile::Access::Write);
        const RunTree tree = *loadTree(file);
        const qint64 here = bytesOf(path);
        const Moment begun = std::chrono::steady_clock::now();
        if (const auto branch = forkAt(file, tree, 500); !branch)
            return std::unexpected(branch.error().message);
        const double value = secondsSince(begun);
        grown = std::max(grown, bytesOf(path) - here);
        return value;
    });
    return took.transform([&](double value) {
        return Figure{QStringLiteral("%1; %2 KB").arg(seconds(value)).arg(double(grown) / 1024, 0, 'f', 1),
            QStringLiteral("file: ") + megabytes(double(before) / 1e6)};
    });
}

/// Both branches are read from the file, too.
Measured<double> compareOnce()
{
    const QTemporaryDir folder;
    const QString path = largeRun(folder);
    RunFile file = *RunFile::open(path, RunFile::Access::Write);
    if (const auto branch = forkAt(file, *loadTree(file), 1000); !branch)
        return std::unexpected(branch.error().message);
    const Moment begun = std::chrono::steady_clock::now();
    const Result<RunTree> left = loadTree(file, 1), right = loadTree(file, 2);
    if (!left || !right)
        return std::unexpected(QStringLiteral("the branches cannot be read"));
    const auto found = compare({*left, file}, {*right, file});
    const double value = secondsSince(begun);
    if (!found || found->empty())
        return std::unexpected(QStringLiteral("no difference was found"));
    return value;
}

} // namespace

std::vector<Row> replayRows(const Workspace& workspace)
{
    return {
        {"pause", "pause asked, nothing new starts, 64 in flight", "50.00 ms",
            [] { return inSeconds(pauseOnce); }},
        {"edit", "edit cell 40 of 50 until it runs", "0.15 s",
            [] { return inSeconds([] { return editOnce(Return::Cells); }); }},
        {"edit-kept", "the same from a checkpoint that is still there", "30.00 ms",
            [] { return inSeconds([] { return editOnce(Return::Checkpoint); }); }},
        {"replay", "strict replay of 10,000 calls", "5000/s", [&] { return strictReplay(workspace); }},
        {"fork", "fork of a run of 100,000 nodes", "0.10 s; 64 KB", forkOfLargeRun},
        {"compare", "read and compare two such branches", "1.00 s", [] { return inSeconds(compareOnce); }},
    };
}

} // namespace burrow::bench
