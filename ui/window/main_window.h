#pragma once

#include <QMainWindow>

namespace burrow {

/// The window of one run.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;
};

} // namespace burrow
