#pragma once

#include "engine/run.h"
#include "engine/run_settings.h"
#include "lm/api_key.h"
#include "lm/live_texts.h"
#include "trajectory/fork.h"

namespace burrow {

/// What is to be different at a node, in a branch of its own.
struct RunEdit {
    NodePath at;
    Change change;
};

/// What a person wants to be played.
struct RunOrder {
    QString runFile; ///< the run to go on with; empty: a new one, in the user's data folder
    int branch = 1; ///< of that run
    std::optional<RunEdit> edit; ///< opens a branch that leaves `branch`, and plays that
    RunSettings settings; ///< of a run to go on with only the limits count
    QByteArray question; ///< empty: the questions on record are finished
    bool allowsUnsafeSandbox = false;
    bool isTrusted = false; ///< a person has looked at the hosts and paths that the run names
};

/// The window's handle on the run that plays on the engine thread; one at a time. Lives on the window's
/// thread. Commands return at once, and what becomes of them arrives as signals there; events come through
/// the feed.
class RunController : public QObject {
    Q_OBJECT
public:
    enum class Phase {
        Idle,
        Preparing, ///< documents are read, the sandbox starts
        Playing,
        Paused, ///< nothing new starts
        Stopping, ///< what is in flight finishes
        Finishing, ///< answered; the documents are hashed, to know them again
    };
    Q_ENUM(Phase)

    using QObject::QObject;

    virtual Phase phase() const = 0;
    /// Drained by one reader.
    virtual RunFeed& feed() = 0;
    /// Of the requests that are under way.
    virtual const LiveTexts& liveTexts() const = 0;

    /// Only where the phase is Idle.
    virtual void play(RunOrder order) = 0;
    virtual void pause() = 0;
    /// Also aborts what is in flight, to send it again, and lets cells stand still.
    virtual void pauseNow() = 0;
    /// Lets all go on, also parts that are held.
    virtual void resume() = 0;
    /// Where the phase is Playing: lets nothing new start at @p scope or below it until letGo(), while the
    /// rest of the run plays on.
    virtual void hold(const NodePath& scope) = 0;
    /// As hold(), and at once, as pauseNow().
    virtual void holdNow(const NodePath& scope) = 0;
    virtual void letGo(const NodePath& scope) = 0;
    /// Where the phase is Paused: goes on to the next stop that @p step means.
    virtual void step(Step step) = 0;
    /// Where the phase is Paused: goes on to the next stop at @p path.
    virtual void runTo(const NodePath& path) = 0;
    /// Of whatever plays now, and of what will.
    virtual void setBreakpoints(std::vector<Breakpoint> breakpoints) = 0;
    virtual void stopSoftly() = 0;
    virtual void stopNow() = 0;
    /// Opens the server at @p endpoint with @p key from now on, before those of the environment.
    virtual void setKey(const QString& endpoint, ApiKey key) = 0;
    /// Whether a server that is asked gets the key: one that nobody named does not.
    enum class KeyUse { Sent, Withheld };
    /// Asks the server at @p endpoint, whatever plays; modelsListed() follows.
    virtual void listModels(const QString& endpoint, KeyUse key) = 0;

Q_SIGNALS:
    void phaseChanged(burrow::RunController::Phase phase);
    /// The run is on disk, and can be read.
    void opened(const QString& runFile, int branch);
    /// The sandbox has started, and reaches @p level: `full`, `strong`, `limited` or `none`.
    void sandboxed(const QString& level);
    /// A breakpoint, a step or runTo() has paused the run here; the phase has changed already.
    void stopped(const burrow::Stop& here);
    /// Something that a person should know, in a line.
    void noted(const QString& line);
    /// The @p models that a server offers, or the @p problem with it.
    void modelsListed(const QString& endpoint, const QStringList& models, const QString& problem);
    /// The last question has an outcome. Where nothing had begun, there is no run file.
    void ended(const burrow::RunOutcome& outcome);
};

} // namespace burrow
