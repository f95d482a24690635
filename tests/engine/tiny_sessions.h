#pragma once

#include "tiny_programs.h"

#include "trajectory/fork.h"
#include "trajectory/unfinished.h"

#include <QTemporaryDir>

/// Random programs that are played over a run file, forked and replayed.
namespace burrow::testing {

inline const QByteArray question = "What is it?";

/// Where sessions run their cells, and what they leave there.
struct Sandbox {
    virtual ~Sandbox() = default;
    virtual ReplFactory& factory() = 0;
    virtual std::optional<KeptRepl>& keptRepl() = 0;
};

struct TinySandbox final : Sandbox {
    ReplFactory& factory() override { return repls; }
    std::optional<KeptRepl>& keptRepl() override { return kept; }

    TinyRepls repls;
    std::optional<KeptRepl> kept; ///< ends before what it came from
};

/// One session over a run file.
class Session {
public:
    Session(RunFile& file, LanguageModel& model, int branch = 1, RecordMode mode = RecordMode::Append,
        std::shared_ptr<Sandbox> sandbox = std::make_shared<TinySandbox>())
        : m_sandbox(std::move(sandbox))
        , m_recorder(file, m_clock)
        , m_branch(branch)
        , m_mode(mode)
        , m_model(model)
    {
    }

    RunOutcome play(RunLimits limits = {.maxDepth = 3})
    {
        if (const auto opened = m_recorder.openRun({}, m_branch, m_mode); !opened)
            return {RunState::Failed, {}, opened.error()};
        ReplContext context;
        context.value = ContextValue{.kind = ContextValue::Kind::Text, .bytes = "some text"};
        ModelSettings models{.root = "big", .sub = "small", .allowed = {"big", "small"}};
        Run run(RunSetup{limits, limits, models, Prompts::builtIn(), 1, true, context, m_model,
            [](const ChatRequest&) { return std::optional<MicroUsd>(); }, m_sandbox->factory(),
            [](const ReplContext&) {
                return [](StopToken) -> Task<Result<void>> { co_return Result<void>(); };
            },
            m_recorder, cells, m_mode == RecordMode::Append ? &m_sandbox->keptRepl() : nullptr});
        if (onRun)
            onRun(run);
        RunOutcome outcome = QCoro::waitFor(run.ask(question));
        if (const auto closed = m_recorder.closeRun(outcome.state, outcome.answer); !closed)
            return {RunState::Failed, outcome.answer, closed.error()};
        return outcome;
    }

    CellControl cells;
    std::function<void(Run&)> onRun; ///< before it is asked

private:
    std::shared_ptr<Sandbox> m_sandbox;
    SystemClock m_clock;
    Recorder m_recorder;
    int m_branch;
    RecordMode m_mode;
    LanguageModel& m_model;
};

/// A recorded run in a folder of its own.
template <typename Model, typename Cells> class RecordedRun {
public:
    explicit RecordedRun(
        quint32 seed, bool failures = false, std::shared_ptr<Sandbox> sandbox = std::make_shared<Cells>())
        : model(seed)
    {
        model.failures = failures;
        RunFile file = *RunFile::create(path);
        outcome = Session(file, model, 1, RecordMode::Append, std::move(sandbox)).play();
    }

    RunOutcome replay(int branch = 1)
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Read);
        Model none(0);
        RunOutcome replayed
            = Session(file, none, branch, RecordMode::Verify, std::make_shared<Cells>()).play();
        sentInReplay = none.asked.size();
        return replayed;
    }

    /// Opens a branch and plays it. Returns its number.
    int fork(const NodePath& at, const Change& change, Model& live, int parent = 1,
        std::shared_ptr<Sandbox> sandbox = std::make_shared<Cells>())
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Write);
        const RunTree tree = *loadTree(file, parent);
        const Result<Fork> plan = planFork(file, tree, parent, at, change);
        if (!plan)
            qFatal("%s", qPrintable(plan.error().message));
        const int branch = *openFork(file, *plan, SystemClock());
        forked = Session(file, live, branch, RecordMode::Append, std::move(sandbox)).play();
        return branch;
    }

    RunTree tree(int branch = 1)
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Read);
        return *loadTree(file, branch);
    }

    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("run.burrow"));
    Model model;
    RunOutcome outcome;
    RunOutcome forked;
    size_t sentInReplay = 0;
};

using Recorded = RecordedRun<TinyModel, TinySandbox>;

} // namespace burrow::testing
