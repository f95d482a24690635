#pragma once

#include "engine/admitted_model.h"
#include "engine/budgeted_model.h"
#include "engine/rlm_call.h"
#include "engine/watched_repls.h"
#include "lm/retrying_model.h"
#include "trajectory/edited_model.h"
#include "trajectory/recorded_model.h"
#include "trajectory/recorded_repl.h"
#include "trajectory/served_model.h"

#include <QTimer>

namespace burrow {

/// How one question of a run ended.
struct RunOutcome {
    RunState state = RunState::Failed;
    QByteArray answer; ///< unless answered: the best so far, which may be empty
    std::optional<Error> error; ///< why it was not answered
};

/// Lets the cells that run stand still where they are, or go on: those that are meant.
struct CellControl {
    using Which = std::function<bool(const NodePath& cell)>;
    std::function<void(const Which&)> stop;
    std::function<void(const Which&)> go;
};

/// What a run is made of. Everything referred to must outlive the run.
struct RunSetup {
    RunLimits limits;
    RunLimits told; ///< the limits that the run began with: nothing that a model reads may change on resume
    ModelSettings models;
    Prompts prompts;
    quint64 seed = 0;
    bool hasScratch = true; ///< whether cells can write files
    ReplContext context;
    LanguageModel& provider; ///< one request on the wire for each call
    Budget::PriceEstimate price;
    ReplFactory& repls;
    WatchedRepls::Watch watchDocuments;
    Recorder& recorder; ///< its run is open
    CellControl cells{}; ///< empty where cells cannot be stopped while they run
    std::optional<KeptRepl>* kept = nullptr; ///< where the REPL of the root is found, and left in the end
};

/// One run: one or more questions over the same documents and the same REPL, within one budget. Builds the
/// decorators around the provider and the REPLs, and plays root calls. Several runs may live side by side.
/// Engine thread only.
class Run : public QObject {
    Q_OBJECT
public:
    explicit Run(RunSetup setup);
    ~Run() override;

    /// Plays the next question; one at a time. What is recorded of it is served.
    Task<RunOutcome> ask(QByteArray question);

    /// Lets nothing new start at @p scope or below it until resume(), in the whole run where it is empty:
    /// what is in flight finishes. While the whole run is paused, its time does not count; while a part is
    /// held, the others play, and it does. Errors: those of the recorder.
    Result<void> pause(const NodePath& scope = {});
    /// As pause(), and at once: requests in flight are aborted, what had arrived of their replies is
    /// recorded, and they are sent again after resume(); cells stand still where they are.
    Result<void> pauseNow(const NodePath& scope = {});
    /// Takes back pause() of the same @p scope; with an empty one, every pause.
    Result<void> resume(const NodePath& scope = {});
    /// As resume(), up to the next stop that @p step means from @p from.
    Result<void> resume(Step step, const NodePath& from);
    /// As resume(), up to a stop at @p path.
    Result<void> resumeTo(const NodePath& path);
    /// Pauses the run where one of them matches.
    void setBreakpoints(std::vector<Breakpoint> breakpoints);
    /// The whole of it.
    bool isPaused() const { return m_gate.isHeld(); }

    /// Lets nothing new start: what is in flight finishes, then the question ends as Stopped.
    void stopSoftly();
    /// Aborts what is in flight.
    void stopNow();

    const Budget& budget() const { return m_budget; }

Q_SIGNALS:
    /// A breakpoint, a step or resumeTo() has paused the run here.
    void stopped(const burrow::Stop& here);
    /// A breakpoint that only logs has matched here.
    void passed(const burrow::Stop& here);
    /// Something that a person should know, in a line.
    void noted(const QString& line);

private:
    Task<Result<QByteArray>> playRecorded(
        NodePath path, RlmStart start, RlmCall& call, std::shared_ptr<Repl> repl, StopToken stop);
    Task<Result<QByteArray>> playChild(RlmTask task, StopToken stop);
    Result<QByteArray> answerEdited(const NodePath& path, RlmStart start, const QByteArray& answer);
    /// The best answer that an earlier session came to at @p path without finishing.
    QByteArray earlierAnswer(const NodePath& path) const;
    RunOutcome outcomeOf(Result<QByteArray> answer, const RlmCall& call);
    bool hasResult(const NodePath& path) const;
    RlmTask nextTask(QByteArray question) const;
    void startTimeLimit();
    void onTimeUp();
    Result<void> markPause();
    Result<void> endPause();
    void letCellsGo(const NodePath& scope = {});

    RunSetup m_setup;
    Budget m_budget;
    Gate m_gate;
    ChildSlots m_children;

    RecordedModel m_recorded;
    BudgetedModel m_budgeted;
    AdmittedModel m_admitted;
    RetryingModel m_retrying;
    ServedModel m_served;
    EditedModel m_edited;
    RecordedReplFactory m_recordedRepls;
    WatchedRepls m_watchedRepls;
    RunParts m_parts;

    std::stop_source m_stop;
    QTimer m_timeLimit;
    std::optional<std::chrono::milliseconds> m_timeLeft; ///< of the limit, while the run is paused
    bool m_timeIsUp = false;
    std::vector<std::unique_ptr<RlmCall>> m_questions; ///< kept: the REPL's host calls go to the first
    QByteArray m_previousAnswer;
    QByteArray m_previousQuestion;
};

} // namespace burrow
