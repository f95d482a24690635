#pragma once

#include <QTimer>
#include <QWidget>

#include <atomic>
#include <memory>

class QProgressBar;

namespace burrow {

/// How much of a run was read that is being opened; shows itself where that takes long.
class OpeningBar : public QWidget {
    Q_OBJECT
public:
    explicit OpeningBar(QWidget* parent = nullptr);

    /// @p percent is written by the thread that reads.
    void begin(std::shared_ptr<const std::atomic<int>> percent);
    void end();

Q_SIGNALS:
    void cancelled();

private:
    void look();

    QProgressBar* m_bar;
    std::shared_ptr<const std::atomic<int>> m_percent;
    QTimer m_timer;
};

} // namespace burrow
