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
    int branch() const { return m_run.branch; }
    /// Of the run file, when it was last looked at.
    const std::vector<Branch>& branches() const { return m_run.branches; }
    const RunSettings& settings() const { return m_run.settings; }
    const std::vector<DocumentRecord>& documents() const { return m_run.documents; }
    QString modelName(ModelId model) const;
    bool isEmpty() const { return m_run.tree.size() == 0; }

    /// Shows @p run instead.
    void show(LoadedRun run);
    /// Shows an empty run, made with @p settings, instead.
    void begin(RunSettings settings);
    void setFile(const QString& path, int branch);
    void setBranches(std::vector<Branch> branches);

    enum class Begin {
        GoingOn, ///< the tree stays, and grows
        Anew, ///< the tree that is shown goes when the first event comes
    };
    /// Takes events from @p feed, which outlives this, while it isFollowing().
    void follow(RunFeed& feed, Begin begin = Begin::GoingOn);
    /// Takes what is there, and no more.
    void endFollowing();
    bool isFollowing() const { return m_feed != nullptr; }

    /// Shows the run after the first @p count of @p events, which are the whole branch; @p before of them are
    /// in the tree. What the feed brings meanwhile waits until all are shown.
    void showMoment(const std::vector<Event>& events, size_t before, size_t count);
    bool isAtMoment() const { return m_isAtMoment; }

    /// How long the last turn at the feed took, and until the next.
    std::chrono::milliseconds interval() const { return m_timer.intervalAsDuration(); }

Q_SIGNALS:
    void aboutToReset();
    void wasReset();
    /// The tree has changed already.
    void changed(const burrow::RunTree::Changes& changes);
    /// Another branch is shown, or there are more of them.
    void branchesChanged();

private:
    void drain();
    void fetch();
    /// Folds what waits, until @p budget is used up.
    void fold(std::chrono::microseconds budget);

    LoadedRun m_run;
    RunFeed* m_feed = nullptr;
    bool m_beginsAnew = false;
    bool m_isAtMoment = false;
    std::deque<std::vector<Event>> m_waiting;
    size_t m_folded = 0; ///< of the first of those that wait
    QTimer m_timer;
};

} // namespace burrow
