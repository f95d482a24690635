#pragma once

#include "run/loaded_run.h"
#include "trajectory/run_feed.h"

#include <QTimer>

#include <deque>

namespace burrow {

/// The run that the window shows: its tree, folded here from what the engine feeds, or read from a file.
/// Texts stay in the file.
class ShownRun : public QObject {
    Q_OBJECT
public:
    explicit ShownRun(QObject* parent = nullptr);

    const RunTree& tree() const { return m_run.tree; }
    /// Empty where nothing is shown, or nothing is on disk yet.
    const QString& path() const { return m_run.path; }
    const RunSettings& settings() const { return m_run.settings; }
    const std::vector<DocumentRecord>& documents() const { return m_run.documents; }
    QString modelName(ModelId model) const;
    bool isEmpty() const { return m_run.tree.size() == 0; }

    /// Shows @p run instead.
    void show(LoadedRun run);
    /// Shows an empty run, made with @p settings, instead.
    void begin(RunSettings settings);
    void setPath(const QString& path) { m_run.path = path; }

    /// Takes events from @p feed, which outlives this, while it isFollowing().
    void follow(RunFeed& feed);
    /// Takes what is there, and no more.
    void endFollowing();
    bool isFollowing() const { return m_feed != nullptr; }

    /// How long the last turn at the feed took, and until the next.
    std::chrono::milliseconds interval() const { return m_timer.intervalAsDuration(); }

Q_SIGNALS:
    void aboutToReset();
    void wasReset();
    /// The tree has changed already.
    void changed(const burrow::RunTree::Changes& changes);

private:
    void drain();
    void fetch();
    /// Folds what waits, until @p budget is used up.
    void fold(std::chrono::microseconds budget);

    LoadedRun m_run;
    RunFeed* m_feed = nullptr;
    std::deque<std::vector<Event>> m_waiting;
    size_t m_folded = 0; ///< of the first of those that wait
    QTimer m_timer;
};

} // namespace burrow
