#pragma once

#include "trajectory/run_tree.h"

#include <QObject>
#include <QTimer>

namespace burrow {

/// Shows on stderr how a run goes: a few lines redrawn in place on a terminal, a plain line a turn in a pipe.
class Progress : public QObject {
    Q_OBJECT
public:
    enum class Style { None, Lines, Terminal };

    /// @p turnsBefore are on record already and not reported again.
    Progress(const RunTree& tree, int turnsBefore, Style style, QObject* parent = nullptr);
    /// Terminal where stderr is one, else Lines.
    static Style styleOfStderr();

    void update();
    /// The last update; leaves the terminal clean.
    void finish();
    /// A line of its own, above the running display.
    void say(const QString& line);

private:
    /// What the run came to by the end of @p turn.
    QString summary(int turn) const;
    QStringList liveLines() const;
    void redraw();
    void erase();

    const RunTree& m_tree;
    Style m_style;
    QTimer m_timer;
    std::chrono::microseconds m_begun{0};
    int m_reportedTurns;
    QList<int> m_drawn; ///< the columns of each line that is drawn
};

} // namespace burrow
