#pragma once

#include "window/main_window.h"

#include <QAction>

namespace burrow {

/// What can be done from menus, buttons and keys. Private to ui/window.
struct MainWindow::Actions {
    QAction* openDocuments;
    QAction* openFolder;
    QAction* openRun;
    QAction* sample;
    QAction* connect;
    QAction* settings;
    QAction* quit;
    QAction* question;
    QAction* ask;
    QAction* goOn;
    QAction* pause;
    QAction* pauseNow;
    QAction* hold;
    QAction* holdNow;
    QAction* stepOver;
    QAction* stepInto;
    QAction* stepOut;
    QAction* runTo;
    QAction* breakpoint;
    QAction* newBreakpoint;
    QList<std::pair<Change::What, QAction*>> changes; ///< of the selected node
    QAction* toSource;
    QAction* back;
    QAction* forward;
    QAction* toNode;
    QAction* toEnd;
    QAction* stop;
    QAction* stopNow;
    QAction* follow;
    QAction* commands;
    QAction* keys;
};

} // namespace burrow
