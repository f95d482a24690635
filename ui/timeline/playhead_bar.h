#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QSlider;

namespace burrow {

class Playhead;
class ShownRun;

/// Moves the playhead, and says which moment the window shows.
class PlayheadBar : public QWidget {
    Q_OBJECT
public:
    /// Both must outlive it.
    PlayheadBar(Playhead& playhead, ShownRun& run, QWidget* parent = nullptr);

    void addAction(QAction* action);
    QSlider* slider() const { return m_slider; }
    QString moment() const;

private:
    void refresh();

    Playhead& m_playhead;
    ShownRun& m_run;
    QHBoxLayout* m_buttons;
    QSlider* m_slider;
    QLabel* m_moment;
};

} // namespace burrow
