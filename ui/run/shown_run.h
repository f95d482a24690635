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

    /// As it is, or as it was at the moment that is shown.
    const RunTree& tree() const { return m_moment ? *m_moment : m_run.tree; }
    /// As it is. A node has the same index in both trees, where it is in both.
    const RunTree& whole() const { return m_run.tree; }
    /// Until when what still runs in tree() has lasted (since 1970).
    std::chrono::microseconds now() const;
    /// Empty where nothing is shown, or nothing is on disk yet.
    const QString& path() const { return m_run.path; }
    int branch() const { return m_run.branch; }
    /// Of the run file, when it was last looked at.
    const std::vector<Branch>& branches() const { return m_run.branches; }
    const RunSettings& settings() const { return m_run.settings; }
    const std::vector<DocumentRecord>& documents() const { return m_run.documents; }
    QString modelName(ModelId model) const;
    bool isEmpty() const { return tree().size() == 0; }

    /// Shows @p run instead.
    void show(LoadedRun run);
    /// Shows an empty run, made with @p settings, instead.
    void begin(RunSettings settings);
    void setFile(const QString& path, int branch);
    void setBranches(std::vector<Branch> branches);
    /// Those within which it goes on.
    void setLimits(const RunLimits& limits) { m_run.settings.limits = limits; }

    enum class Begin {
        GoingOn, ///< the tree stays, and grows
        Anew, ///< the tree that is shown goes when the first event comes
    };
    /// Takes events from @p feed, which outlives this, while it isFollowing().
    void follow(RunFeed& feed, Begin begin = Begin::GoingOn);
    /// Takes what is there, and no more.
    void endFollowing();
    bool isFollowing() const { return m_feed != nullptr; }

    /// Shows the run as it was, which is @p tree. What the feed brings meanwhile waits.
    void showMoment(RunTree tree);
    /// Shows a later moment: after @p events, which follow.
    void advanceMoment(std::span<const Event> events);
    void leaveMoment();
    bool isAtMoment() const { return m_moment.has_value(); }

    /// How long the last turn at the feed took, and until the next.
    std::chrono::milliseconds interval() const { return m_timer.intervalAsDuration(); }

Q_SIGNALS:
    void aboutToReset();
    void wasReset();
    /// Another run is whole(); comes before wasReset().
    void wholeWasReset();
    /// The tree has changed already.
    void changed(const burrow::RunTree::Changes& changes);
    /// Another moment is about to be tree(): of the nodes that are in it, the first @p nodes stay.
    void aboutToMove(int nodes);
    /// Another moment is tree(): any node may have another state and other figures, and @p inserts are new,
    /// with all below them.
    void moved(const std::vector<burrow::RunTree::Insert>& inserts);
    /// Another branch is shown, or there are more of them.
    void branchesChanged();

private:
    void move(std::optional<RunTree> moment);
    void drain();
    void fetch();
    /// Folds what waits, until @p budget is used up.
    void fold(std::chrono::microseconds budget);

    LoadedRun m_run;
    RunFeed* m_feed = nullptr;
    bool m_beginsAnew = false;
    std::optional<RunTree> m_moment;
    std::deque<std::vector<Event>> m_waiting;
    size_t m_folded = 0; ///< of the first of those that wait
    QTimer m_timer;
};

} // namespace burrow
