#include "window/main_window.h"

namespace burrow {

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setWindowTitle(tr("Burrow"));
    resize(1280, 800);
}

MainWindow::~MainWindow() = default;

} // namespace burrow
