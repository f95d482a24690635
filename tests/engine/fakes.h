#pragma once

#include "engine/rlm_call.h"

#include <deque>

/// Stand-ins for the doors to the outside.
namespace burrow::testing {

/// Answers requests with a function, and keeps what it was asked.
class FakeModel final : public LanguageModel {
public:
    using Answer = std::function<ModelResult(const ChatRequest&)>;

    explicit FakeModel(Answer answer) : m_answer(std::move(answer)) { }

    /// Replies with @p texts in turn to a root, and with `echo: PROMPT` to everything else.
    static Answer script(QByteArrayList texts)
    {
        return [texts, next = qsizetype(0)](const ChatRequest& request) mutable -> ModelResult {
            if (!isRootRequest(request.path))
                return ChatReply{.text = "echo: " + request.messages.back().text};
            return ChatReply{.text = next < texts.size() ? texts[next++] : QByteArray("nothing more")};
        };
    }

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override
    {
        requests.push_back(request);
        mostInFlight = std::max(mostInFlight, ++inFlight);
        if (onSend)
            onSend();
        co_await sleepFor(latency, stop);
        --inFlight;
        if (stop.stop_requested())
            co_return std::unexpected(ModelError{{ErrorCode::Cancelled, QStringLiteral("stopped")}});
        co_return m_answer(request);
    }
    QByteArray endpoint() const override { return "fake"; }

    std::vector<ChatRequest> requests;
    std::function<void()> onSend;
    std::chrono::milliseconds latency{0};
    int inFlight = 0;
    int mostInFlight = 0;

private:
    Answer m_answer;
};

/// Runs cells with a function instead of Python.
class FakeRepls final : public ReplFactory {
public:
    using Run = std::function<Task<CellOutput>(Cell, HostCalls*, StopToken)>;

    explicit FakeRepls(Run run) : m_run(std::move(run)) { }

    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec spec, HostCalls* calls, StopToken) override
    {
        specs.push_back(spec);
        co_return std::make_unique<FakeRepl>(*this, calls);
    }

    std::vector<ReplSpec> specs;
    std::vector<Cell> cells;

private:
    class FakeRepl final : public Repl {
    public:
        FakeRepl(FakeRepls& owner, HostCalls* calls) : m_owner(owner), m_calls(calls) { }
        Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
        {
            m_owner.cells.push_back(cell);
            co_return co_await m_owner.m_run(cell, m_calls, stop);
        }

    private:
        FakeRepls& m_owner;
        HostCalls* m_calls;
    };

    Run m_run;
};

/// The parts of a run around a fake model and fake REPLs.
struct FakeRun {
    FakeRun(FakeModel::Answer answer, FakeRepls::Run run, RunLimits runLimits = {})
        : limits(runLimits)
        , told(runLimits)
        , model(std::move(answer))
        , repls(std::move(run))
        , budget(limits, [](const ChatRequest&) { return std::optional<MicroUsd>(); })
        , children(limits.maxConcurrentChildren)
    {
    }
    FakeRun(const FakeRun&) = delete;

    Task<Result<QByteArray>> playChild(RlmTask task, StopToken stop)
    {
        RlmCall call(parts, std::move(task));
        co_return co_await call.run(stop);
    }

    /// The same parts around another model.
    RunParts partsWith(LanguageModel& other)
    {
        return {limits, told, models, prompts, other, budget, gate, repls, children, edits, parts.seed,
            parts.hasScratch, parts.playChild, parts.isRecorded, parts.hasResult};
    }

    RunLimits limits;
    RunLimits told;
    ModelSettings models{.root = "big", .sub = "small", .allowed = {"big", "small"}};
    Prompts prompts = Prompts::builtIn();
    FakeModel model;
    FakeRepls repls;
    Budget budget;
    Gate gate;
    ChildSlots children;
    Edits edits;
    RunParts parts{limits, told, models, prompts, model, budget, gate, repls, children, edits, 1, true,
        [this](RlmTask task, StopToken stop) { return playChild(std::move(task), stop); },
        [](const ChatRequest&) { return false; }, [](const NodePath&) { return false; }};
};

inline RlmTask task(QByteArray question)
{
    RlmTask task;
    task.path = NodePath::root();
    task.question = std::move(question);
    task.model = "big";
    task.context.value = ContextValue{.kind = ContextValue::Kind::Text, .bytes = "some text"};
    return task;
}

} // namespace burrow::testing
