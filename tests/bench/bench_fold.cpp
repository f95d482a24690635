// How long it takes to fold a run file of a million nodes into its tree, how much memory the tree takes, and
// what recording one model call costs.

#include "trajectory/recorded_model.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <chrono>
#include <cstdio>
#include <ctime>

using namespace burrow;

namespace {

constexpr int callsPerCell = 100;

/// In bytes; 0 where the system does not tell.
qint64 anonymousMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : status.readAll().split('\n'))
        if (line.startsWith("RssAnon:"))
            return line.simplified().split(' ').at(1).toLongLong() * 1024;
    return 0;
}

/// Wall time, and the processor's time beside it: on a busy machine only the second one says something.
struct Stopwatch {
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
    std::clock_t cpuBegun = std::clock();

    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    }
    double cpuSeconds() const { return double(std::clock() - cpuBegun) / CLOCKS_PER_SEC; }
};

class RunWriter {
public:
    explicit RunWriter(RunFile& file) : m_file(file) { }

    qint64 open(EventKind kind, NodeKind nodeKind, qint64 parent, int ordinal)
    {
        Event event;
        event.kind = kind;
        event.node = m_file.nextSeq();
        event.parent = parent;
        event.nodeKind = nodeKind;
        event.ordinal = ordinal;
        event.body = m_text;
        return append(event);
    }
    void end(EventKind kind, qint64 node)
    {
        Event event;
        event.kind = kind;
        event.node = node;
        event.state = NodeState::Ok;
        event.duration = std::chrono::milliseconds(50);
        if (kind == EventKind::ReplyReceived)
            event.usage = {.inputTokens = 1000, .outputTokens = 100, .cost = MicroUsd{120}};
        event.body = m_text;
        append(event);
    }

private:
    qint64 append(Event& event)
    {
        event.time = m_time += std::chrono::microseconds(40);
        event.model = m_model;
        Q_ASSERT(event.seq == 0);
        if (const auto appended = m_file.append(event); !appended)
            qFatal("%s", qPrintable(appended.error().message));
        return event.node;
    }

    RunFile& m_file;
    BlobId m_text = *m_file.put("a text");
    ModelId m_model = *m_file.putModel("model");
    std::chrono::microseconds m_time = std::chrono::hours(24 * 365 * 56);
};

void writeRun(const QString& path, int nodes)
{
    RunFile file = *RunFile::create(path);
    RunWriter run(file);
    const qint64 root = run.open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1);
    int written = 1;
    for (int turn = 1; written < nodes; ++turn) {
        const qint64 turnNode = run.open(EventKind::RequestSent, NodeKind::Turn, root, turn);
        run.end(EventKind::ReplyReceived, turnNode);
        const qint64 cell = run.open(EventKind::CellStarted, NodeKind::Cell, turnNode, 1);
        for (int call = 1; call <= callsPerCell; ++call)
            run.end(
                EventKind::ReplyReceived, run.open(EventKind::RequestSent, NodeKind::Completion, cell, call));
        run.end(EventKind::CellFinished, cell);
        written += 2 + callsPerCell;
    }
    run.end(EventKind::NodeClosed, root);
}

void measureFold(const QString& path, int nodes)
{
    writeRun(path, nodes);
    const qint64 before = anonymousMemory();
    const Stopwatch watch;
    RunFile file = *RunFile::open(path, RunFile::Access::Read);
    const RunTree tree = *loadTree(file);
    std::printf("fold %d nodes: %.2f s (cpu %.2f s), %.0f bytes a node; the file has %.0f MB\n", tree.size(),
        watch.seconds(), watch.cpuSeconds(), double(anonymousMemory() - before) / tree.size(),
        double(QFile(path).size()) / 1e6);
}

class InstantModel final : public LanguageModel {
public:
    Task<ModelResult> complete(ChatRequest request, StopToken) override
    {
        ChatReply reply;
        reply.text = "reply to " + request.path.text();
        co_return reply;
    }
    QByteArray endpoint() const override { return "http://127.0.0.1/v1"; }
};

Task<void> askMany(LanguageModel& model, int calls)
{
    for (int i = 1; i <= calls; ++i) {
        ChatRequest request;
        request.path = NodePath::root().turn(1).cell(1).call(i);
        request.model = "model";
        request.messages = {{Role::User, "What does passage " + QByteArray::number(i) + " say?"}};
        (void)co_await model.complete(std::move(request), {});
    }
}

/// A conversation that grows with each turn, as the root's does.
Task<void> talk(LanguageModel& model, int turns)
{
    ChatRequest request;
    request.model = "model";
    request.messages = {{Role::System, QByteArray(5000, 's')}, {Role::User, "A question"}};
    for (int turn = 1; turn <= turns; ++turn) {
        request.path = NodePath::root(2).turn(turn);
        const ModelResult reply = co_await model.complete(request, {});
        request.messages.push_back({Role::Assistant, reply->text});
        request.messages.push_back({Role::User, QByteArray(20'000, char('a' + turn % 26))});
    }
}

void measureRecording(const QString& path)
{
    RunFile file = *RunFile::create(path);
    const SystemClock clock;
    Recorder recorder(file, clock);
    (void)recorder.openRun({});
    InstantModel instant;
    RecordedModel model(instant, recorder, {});
    const auto report = [](const char* what, int count, const Stopwatch& watch) {
        std::printf("record %d %s: %.1f us each (cpu %.1f us)\n", count, what, watch.seconds() * 1e6 / count,
            watch.cpuSeconds() * 1e6 / count);
    };
    for (int calls : {1000, 20'000}) {
        const Stopwatch watch;
        QCoro::waitFor(askMany(model, calls));
        report("calls", calls, watch);
    }
    {
        const Stopwatch watch;
        QCoro::waitFor(talk(model, 50));
        report("turns", 50, watch);
    }
    const Stopwatch watch;
    (void)recorder.closeRun(RunState::Answered, "done");
    report("close", 1, watch);
}

void measureLargePrompts(const QString& path)
{
    RunFile file = *RunFile::create(path);
    const SystemClock clock;
    Recorder recorder(file, clock);
    (void)recorder.openRun({});
    std::vector<ChatRequest> requests(200);
    for (int i = 0; i < 200; ++i) {
        requests[size_t(i)].path = NodePath::root().turn(1).cell(1).call(i + 1);
        requests[size_t(i)].messages
            = {{Role::User, QByteArray(500'000, char('a' + i % 26)) + QByteArray::number(i)}};
    }
    const Stopwatch watch;
    for (const ChatRequest& request : requests)
        (void)recorder.requestSent(request, recorder.describe(request, "offline"), {});
    std::printf("record 200 prompts of 500 KB: %.0f ms (cpu %.0f ms)\n", watch.seconds() * 1e3,
        watch.cpuSeconds() * 1e3);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    const int nodes = argc > 1 ? QByteArray(argv[1]).toInt() : 1'000'000;
    if (argc < 3)
        measureRecording(folder.filePath(QStringLiteral("recording.burrow")));
    if (argc < 3)
        measureLargePrompts(folder.filePath(QStringLiteral("prompts.burrow")));
    measureFold(folder.filePath(QStringLiteral("fold.burrow")), nodes);
}
