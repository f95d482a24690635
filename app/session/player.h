#pragma once

#include "engine/run_controller.h"
#include "session/session.h"

#include <QTimer>

namespace burrow {

struct TakenUp;

/// Plays what the window orders, one run after the other. Engine thread only.
class Player : public QObject {
    Q_OBJECT
public:
    using Phase = RunController::Phase;

    /// Both outlive it.
    Player(RunFeed& feed, LiveTexts& live);
    ~Player() override;

    /// While the documents of a finished run are hashed, that ends first.
    void play(RunOrder order);
    void pause();
    void pauseNow();
    void resume();
    void hold(const NodePath& scope);
    void holdNow(const NodePath& scope);
    void letGo(const NodePath& scope);
    void step(Step step);
    void runTo(const NodePath& path);
    void setBreakpoints(std::vector<Breakpoint> breakpoints);
    void stopSoftly();
    void stopNow();
    void setKey(const QString& endpoint, ApiKey key);
    void listModels(const QString& endpoint, RunController::KeyUse key);
    /// Stops at once; idle() follows, also where nothing plays.
    void shutDown();

Q_SIGNALS:
    void phaseChanged(burrow::RunController::Phase phase);
    void opened(const QString& runFile, int branch);
    void sandboxed(const QString& level);
    void stopped(const burrow::Stop& here);
    void noted(const QString& line);
    void modelsListed(const QString& endpoint, const QStringList& models, const QString& problem);
    void ended(const burrow::RunOutcome& outcome);
    void idle();

private:
    Task<void> list(QString endpoint, ApiKey key);
    ApiKey keyFor(const QString& endpoint) const;
    Task<void> playAll(RunOrder order);
    Task<void> playOne(RunOrder order);
    /// Sets up the session of @p order; returns its questions.
    Result<QList<QByteArray>> openSession(const RunOrder& order);
    /// The branch that @p order wants to be opened. Opens nothing.
    static Result<Fork> forkOf(const RunOrder& order, TakenUp& taken);
    SessionOptions optionsOf(const RunOrder& order) const;
    /// The REPL of the run that played last, for @p order where that goes on with it.
    std::shared_ptr<PlayedRepls> takeRepls(const RunOrder& order);
    void keepRepls(std::shared_ptr<PlayedRepls> repls, const QString& runFile, bool mayBeUnsafe);
    void setPhase(Phase phase);
    void onStopped(const Stop& here);
    void goOn(const Result<void>& resumed);
    void report(const Result<void>& result);

    RunFeed& m_feed;
    LiveTexts& m_live;
    QHash<QString, ApiKey> m_keys; ///< by endpoint
    std::vector<Breakpoint> m_breakpoints;
    NodePath m_stoppedAt; ///< while the run is paused by a stop there; empty where a person paused it
    std::unique_ptr<Session> m_session;
    std::shared_ptr<PlayedRepls> m_repls; ///< of the last session; null while one plays
    QString m_replsFile; ///< the run file of that session
    bool m_replsMayBeUnsafe = false;
    QTimer m_letGo; ///< of m_repls
    std::optional<RunOrder> m_next;
    std::optional<Task<void>> m_task;
    std::unique_ptr<HttpTransport> m_transport; ///< for lists of models
    std::vector<Task<void>> m_listings;
    std::stop_source m_stopListing;
    Phase m_phase = Phase::Idle;
};

} // namespace burrow
