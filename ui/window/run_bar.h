#pragma once

#include "engine/run_controller.h"

#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;

namespace burrow {

class ShownRun;

/// How the run goes, in a line, and the buttons that hold it.
class RunBar : public QWidget {
    Q_OBJECT
public:
    explicit RunBar(ShownRun& run, QWidget* parent = nullptr);

    /// Shows @p action as a button, from the left.
    void addAction(QAction* action);
    /// Shows @p widget at the right.
    void addWidget(QWidget* widget);
    void setPhase(RunController::Phase phase);
    /// Says where the run stands while it is paused.
    void setStop(const std::optional<Stop>& stop);
    /// How many parts of the run are held while the rest plays.
    void setHeld(size_t parts);
    void setSandbox(const QString& level);
    QString summary() const;

private:
    void refresh();
    QString stateText() const;

    ShownRun& m_run;
    QString m_stop;
    size_t m_held = 0;
    RunController::Phase m_phase = RunController::Phase::Idle;
    QHBoxLayout* m_buttons;
    QLabel* m_icon;
    QLabel* m_summary;
    QLabel* m_sandbox;
    QTimer m_clock;
};

} // namespace burrow
