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

    Progress(const RunTree& tree, Style style, QObject* parent = nullptr);
    /// Terminal where stderr is one, else Lines.
    static Style styleOfStderr();

    void update();
    /// The last update; leaves the terminal clean.
    void finish();
    /// A line of its own, above the running display.
    void say(const QString& line);

private:
    QString summary() const;
    QStringList liveLines() const;
    void redraw();
    void erase();

    const RunTree& m_tree;
    Style m_style;
    QTimer m_timer;
    std::chrono::microseconds m_begun{0};
    int m_drawnLines = 0;
    int m_reportedTurns = 0;
};

} // namespace burrow
