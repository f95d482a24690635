#pragma once

#include "engine/run_controller.h"

#include <QThread>

namespace burrow {

class Player;

/// The engine on a thread of its own. What it plays ends with this object.
class EngineThread final : public RunController {
    Q_OBJECT
public:
    explicit EngineThread(QObject* parent = nullptr);
    ~EngineThread() override;

    Phase phase() const override { return m_phase; }
    RunFeed& feed() override { return m_feed; }
    const LiveTexts& liveTexts() const override { return m_live; }
    void play(RunOrder order) override;
    void pause() override;
    void pauseNow() override;
    void resume() override;
    void hold(const NodePath& scope) override;
    void holdNow(const NodePath& scope) override;
    void letGo(const NodePath& scope) override;
    void step(Step step) override;
    void runTo(const NodePath& path) override;
    void setBreakpoints(std::vector<Breakpoint> breakpoints) override;
    void stopSoftly() override;
    void stopNow() override;
    void setKey(const QString& endpoint, ApiKey key) override;
    void listModels(const QString& endpoint, KeyUse key) override;

private:
    RunFeed m_feed;
    LiveTexts m_live;
    QThread m_thread;
    Player* m_player; ///< lives on the thread, and ends with it
    Phase m_phase = Phase::Idle;
};

} // namespace burrow
