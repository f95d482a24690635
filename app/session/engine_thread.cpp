#include "session/engine_thread.h"

#include "session/player.h"

namespace burrow {

EngineThread::EngineThread(QObject* parent) : RunController(parent), m_player(new Player(m_feed, m_live))
{
    qRegisterMetaType<RunOutcome>();
    qRegisterMetaType<Stop>();
    m_thread.setObjectName(QStringLiteral("engine"));
    m_player->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_player, &QObject::deleteLater);
    connect(m_player, &Player::phaseChanged, this, [this](Phase phase) {
        m_phase = phase;
        Q_EMIT phaseChanged(phase);
    });
    connect(m_player, &Player::opened, this, &RunController::opened);
    connect(m_player, &Player::sandboxed, this, &RunController::sandboxed);
    connect(m_player, &Player::stopped, this, &RunController::stopped);
    connect(m_player, &Player::noted, this, &RunController::noted);
    connect(m_player, &Player::modelsListed, this, &RunController::modelsListed);
    connect(m_player, &Player::ended, this, &RunController::ended);
    m_thread.start();
}

EngineThread::~EngineThread()
{
    QMetaObject::invokeMethod(m_player, [this] {
        connect(m_player, &Player::idle, &m_thread, &QThread::quit, Qt::DirectConnection);
        m_player->shutDown();
    });
    m_thread.wait();
}

void EngineThread::play(RunOrder order)
{
    QMetaObject::invokeMethod(m_player,
        [player = m_player, order = std::move(order)]() mutable { player->play(std::move(order)); });
}

void EngineThread::pause()
{
    QMetaObject::invokeMethod(m_player, &Player::pause);
}

void EngineThread::pauseNow()
{
    QMetaObject::invokeMethod(m_player, &Player::pauseNow);
}

void EngineThread::resume()
{
    QMetaObject::invokeMethod(m_player, &Player::resume);
}

void EngineThread::hold(const NodePath& scope)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, scope] { player->hold(scope); });
}

void EngineThread::holdNow(const NodePath& scope)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, scope] { player->holdNow(scope); });
}

void EngineThread::letGo(const NodePath& scope)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, scope] { player->letGo(scope); });
}

void EngineThread::step(Step step)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, step] { player->step(step); });
}

void EngineThread::runTo(const NodePath& path)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, path] { player->runTo(path); });
}

void EngineThread::setBreakpoints(std::vector<Breakpoint> breakpoints)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, breakpoints = std::move(breakpoints)]() mutable {
        player->setBreakpoints(std::move(breakpoints));
    });
}

void EngineThread::stopSoftly()
{
    QMetaObject::invokeMethod(m_player, &Player::stopSoftly);
}

void EngineThread::stopNow()
{
    QMetaObject::invokeMethod(m_player, &Player::stopNow);
}

void EngineThread::setKey(const QString& endpoint, ApiKey key)
{
    QMetaObject::invokeMethod(m_player, [player = m_player, endpoint, key = std::move(key)]() mutable {
        player->setKey(endpoint, std::move(key));
    });
}

void EngineThread::listModels(const QString& endpoint, KeyUse key)
{
    QMetaObject::invokeMethod(
        m_player, [player = m_player, endpoint, key] { player->listModels(endpoint, key); });
}

} // namespace burrow
