#pragma once

#include "tiny_programs.h"

#include "trajectory/fork.h"
#include "trajectory/unfinished.h"

#include <QTemporaryDir>

/// Tiny programs that are played over a run file, forked and replayed.
namespace burrow::testing {

inline const QByteArray question = "What is it?";

/// One session over a run file.
class Session {
public:
    Session(RunFile& file, LanguageModel& model, int branch = 1, RecordMode mode = RecordMode::Append)
        : m_recorder(file, m_clock), m_branch(branch), m_mode(mode), m_model(model)
    {
    }

    RunOutcome play(RunLimits limits = {.maxDepth = 3})
    {
        if (const auto opened = m_recorder.openRun({}, m_branch, m_mode); !opened)
            return {RunState::Failed, {}, opened.error()};
        ReplContext context;
        context.value = ContextValue{.kind = ContextValue::Kind::Text, .bytes = "some text"};
        TinyRepls repls;
        ModelSettings models{.root = "big", .sub = "small", .allowed = {"big", "small"}};
        Run run(RunSetup{limits, limits, models, Prompts::builtIn(), 1, true, context, m_model,
            [](const ChatRequest&) { return std::optional<MicroUsd>(); }, repls,
            [](const ReplContext&) {
                return [](StopToken) -> Task<Result<void>> { co_return Result<void>(); };
            },
            m_recorder, cells});
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
    SystemClock m_clock;
    Recorder m_recorder;
    int m_branch;
    RecordMode m_mode;
    LanguageModel& m_model;
};

/// A recorded run in a folder of its own.
class Recorded {
public:
    explicit Recorded(quint32 seed, bool failures = false) : model(seed)
    {
        model.failures = failures;
        RunFile file = *RunFile::create(path);
        outcome = Session(file, model).play();
    }

    RunOutcome replay(int branch = 1)
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Read);
        TinyModel none(0);
        RunOutcome replayed = Session(file, none, branch, RecordMode::Verify).play();
        sentInReplay = none.asked.size();
        return replayed;
    }

    /// Opens a branch and plays it. Returns its number.
    int fork(const NodePath& at, const Change& change, TinyModel& live, int parent = 1)
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Write);
        const RunTree tree = *loadTree(file, parent);
        const Result<Fork> plan = planFork(file, tree, parent, at, change);
        if (!plan)
            qFatal("%s", qPrintable(plan.error().message));
        const int branch = *openFork(file, *plan, SystemClock());
        forked = Session(file, live, branch).play();
        return branch;
    }

    RunTree tree(int branch = 1)
    {
        RunFile file = *RunFile::open(path, RunFile::Access::Read);
        return *loadTree(file, branch);
    }

    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("run.burrow"));
    TinyModel model;
    RunOutcome outcome;
    RunOutcome forked;
    size_t sentInReplay = 0;
};

} // namespace burrow::testing
