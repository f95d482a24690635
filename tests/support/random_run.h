#pragma once

#include "trajectory/run_file.h"

#include <QRandomGenerator>
#include <QSet>

namespace burrow::test {

/// Writes a run as an engine might have played it, event by event. The same seed gives the same run.
class RandomRun {
public:
    /// What each request tells its model.
    static constexpr const char* noMessages = R"({"messages":[]})";

    RandomRun(RunFile& file, quint32 seed) : m_file(file), m_random(seed) { }

    void setQuestion(const QByteArray& question) { m_question = question; }
    /// At most three; which of them a request asks is random.
    void setModels(const std::vector<QByteArray>& models) { m_models = models; }

    /// Plays one question; returns its events. Some requests are reused, some fail, and of some replies no
    /// server says what they used.
    std::vector<Event> play(int turns, int callsAtMost)
    {
        m_events.clear();
        emitEvent(EventKind::RunOpened, 0, NodeState::Running);
        const qint64 root = open(EventKind::NodeOpened, NodeKind::Rlm, 0, 1, m_question);
        for (int turn = 1; turn <= turns; ++turn)
            playTurn(root, turn, callsAtMost);
        end(EventKind::NodeClosed, root, NodeState::Ok, "It says so.");
        emitEvent(EventKind::RunClosed, 0, NodeState::Running).detail = quint8(RunState::Answered);
        flush();
        return m_events;
    }

private:
    void playTurn(qint64 root, int turn, int callsAtMost)
    {
        const qint64 node = open(EventKind::RequestSent, NodeKind::Turn, root, turn, noMessages);
        end(EventKind::ReplyReceived, node, NodeState::Ok, "a reply");
        const qint64 cell = open(EventKind::CellStarted, NodeKind::Cell, node, 1, "print(1)");
        std::vector<qint64> live;
        const int calls = int(m_random.bounded(quint32(callsAtMost) + 1));
        for (int call = 1; call <= calls; ++call) {
            live.push_back(open(EventKind::RequestSent, NodeKind::Completion, cell, call, noMessages));
            while (!live.empty() && m_random.bounded(2) == 0)
                endOne(live);
        }
        while (!live.empty())
            endOne(live);
        end(EventKind::CellFinished, cell, NodeState::Ok, "printed");
    }
    void endOne(std::vector<qint64>& live)
    {
        const auto at = live.begin() + m_random.bounded(int(live.size()));
        const bool failed = m_random.bounded(8) == 0;
        end(failed ? EventKind::RequestFailed : EventKind::ReplyReceived, *at,
            failed ? NodeState::Failed : NodeState::Ok, "a reply");
        live.erase(at);
    }
    qint64 open(EventKind kind, NodeKind nodeKind, qint64 parent, int ordinal, const QByteArray& text)
    {
        flush();
        m_next = {};
        m_pending = true;
        m_next.kind = kind;
        m_next.node = m_file.nextSeq();
        m_next.parent = parent;
        m_next.nodeKind = nodeKind;
        m_next.ordinal = ordinal;
        m_next.body = *m_file.put(text);
        if (kind == EventKind::RequestSent) {
            m_next.model = *m_file.putModel(m_models[m_random.bounded(quint32(m_models.size()))]);
            m_next.reused = m_random.bounded(6) == 0;
            m_next.usage = {.inputTokens = 1000, .outputTokens = 100, .cost = MicroUsd{5000}};
        }
        m_next.time = tick();
        const qint64 node = m_next.node;
        if (m_next.reused)
            m_reused.insert(node);
        flush();
        return node;
    }
    void end(EventKind kind, qint64 node, NodeState state, const QByteArray& text)
    {
        Event& event = emitEvent(kind, node, state);
        event.body = *m_file.put(text);
        event.reused = m_reused.contains(node);
        if (kind == EventKind::ReplyReceived && (event.reused || m_random.bounded(8) > 0))
            event.usage = {.inputTokens = m_random.bounded(1000),
                .outputTokens = m_random.bounded(100),
                .cost = MicroUsd{m_random.bounded(5000)}};
    }
    Event& emitEvent(EventKind kind, qint64 node, NodeState state)
    {
        flush();
        m_next = {};
        m_pending = true;
        m_next.kind = kind;
        m_next.node = node;
        m_next.state = state;
        m_next.time = tick();
        return m_next;
    }
    void flush()
    {
        if (!std::exchange(m_pending, false))
            return;
        if (const auto appended = m_file.append(m_next); !appended)
            qFatal("%s", qPrintable(appended.error().message));
        m_events.push_back(m_next);
    }
    std::chrono::microseconds tick() { return m_time += std::chrono::milliseconds(m_random.bounded(900)); }

    RunFile& m_file;
    QRandomGenerator m_random;
    QByteArray m_question = "What does it say?";
    std::vector<QByteArray> m_models{"model", "other"};
    QSet<qint64> m_reused;
    std::vector<Event> m_events;
    Event m_next;
    bool m_pending = false;
    std::chrono::microseconds m_time = std::chrono::hours(24 * 365 * 56);
};

} // namespace burrow::test
