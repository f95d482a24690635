#pragma once

#include "document/document_coverage.h"

#include <QFutureWatcher>
#include <QHash>
#include <QSet>
#include <QThreadPool>
#include <QTimer>

namespace burrow {

class ShownRun;

/// What the run that is shown has read of its documents, and what its answer cites. Found in the background
/// while somebody looks, once the run stands: it ended or is paused. A playhead makes no difference.
class Coverage : public QObject {
    Q_OBJECT
public:
    using Known = std::shared_ptr<const DocumentCoverage>;

    /// @p run must outlive it.
    explicit Coverage(ShownRun& run, QObject* parent = nullptr);
    ~Coverage() override;

    /// Null where it is not known, or not yet.
    Known of(const QString& path) const { return m_known.value(path); }
    bool isEmpty() const { return m_known.isEmpty(); }
    bool isLooking() const { return m_watcher.isRunning(); }
    /// Where a node that read stands in the run.
    QString nameOf(qint64 node) const;

    /// Whether somebody looks at what is found.
    void setLookedAt(bool isLookedAt);
    /// Whether the run stands, so that looking is worth while.
    void setStands(bool stands);
    /// The document at @p path is on the screen: it goes before the others, whatever its size.
    void setShown(const QString& path);

Q_SIGNALS:
    /// More is known, or nothing any more.
    void changed();

private:
    void forget();
    void lookSoon();
    void look();
    void stop();

    ShownRun& m_run;
    QHash<QString, Known> m_known; ///< by path
    QString m_shown;
    bool m_isLookedAt = false;
    bool m_stands = true;
    QSet<QString> m_upToDate; ///< of those known: the run has not gone on since
    bool m_isDone = false; ///< with all that is looked at unasked
    QTimer m_soon;
    QThreadPool m_pool; ///< of one thread, so that a long search keeps nobody else waiting
    QFutureWatcher<Known> m_watcher;
    std::stop_source m_stop;
};

} // namespace burrow
