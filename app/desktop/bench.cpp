#include "bench.h"

#include "calls/calls_view.h"
#include "window/main_window.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTimer>
#include <QTreeView>

#include <cstdio>

namespace burrow {

namespace {

/// In bytes; 0 where the system does not tell.
qint64 anonymousMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("RssAnon:"))
            return line.simplified().split(' ').at(1).toLongLong() * 1024;
    }
    return 0;
}

/// Says so after the first paint of what it watches.
class FirstPaint : public QObject {
public:
    explicit FirstPaint(QWidget& window) : QObject(&window) { window.installEventFilter(this); }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        // It is on the screen when the update has been carried out, which is after this filter.
        if (event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            QTimer::singleShot(0, this, &FirstPaint::onPainted);
        }
        return false;
    }

private:
    void onPainted()
    {
        say("painted");
        // All that the start still has to do goes before a loop that would wait.
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this, [this] {
            QAbstractEventDispatcher::instance()->disconnect(this);
            say("ready");
            QCoreApplication::quit();
        });
    }
    static void say(const char* what)
    {
        std::puts(what);
        std::fflush(stdout);
    }
};

} // namespace

void benchStart(MainWindow& window)
{
    new FirstPaint(window);
}

void benchOpen(MainWindow& window, const QString& path)
{
    // Once the window stands: what it takes by itself is not the run's.
    QTimer::singleShot(300, &window, [&window, path] {
        const qint64 before = anonymousMemory();
        QElapsedTimer clock;
        clock.start();
        QObject::connect(&window, &MainWindow::runShown, &window, [&window, before, clock] {
            window.calls().tree()->viewport()->repaint();
            const int nodes = window.run().tree().size();
            std::printf("%d nodes, %lld ms, %lld bytes (%.0f a node)\n", nodes,
                static_cast<long long>(clock.elapsed()), static_cast<long long>(anonymousMemory() - before),
                double(anonymousMemory() - before) / qMax(1, nodes));
            QCoreApplication::quit();
        });
        window.openRun(path);
    });
}

} // namespace burrow
