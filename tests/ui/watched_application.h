#pragma once

#include "support/thread_time_posix.h"

#include <QApplication>
#include <QMetaEnum>
#include <QTest>
#include <QThread>

namespace burrow::test {

/// Tells of every event that holds up the event loop for so long that a person feels it.
///
/// What counts is the processor's time of the GUI thread, not the time on the wall: on a machine that has
/// other work, an event that does next to nothing may take a second by the wall, and a test that fails for it
/// says nothing. So waiting (for a lock, a disk, another thread) is not seen here; nothing in `ui` may do it.
class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        // Another thread's events, and those that are sent while one is handled, which are a part of it.
        if (QThread::currentThread() != thread() || QThread::currentThread()->loopLevel() == m_level)
            return QApplication::notify(receiver, event);
        const int outerLevel = std::exchange(m_level, QThread::currentThread()->loopLevel());
        const auto outerNested = std::exchange(m_nested, {});
        const QMetaObject* const type = receiver->metaObject(); // the receiver may be gone afterwards
        const QEvent::Type kind = event->type();
        const auto begun = threadTime();
        const bool handled = QApplication::notify(receiver, event);
        const auto used = threadTime() - begun;
        // While a loop of the event's own turned, the window lived.
        if (const auto blocked = used - m_nested; blocked > longest)
            onLate(textOf(type, kind, blocked));
        m_level = outerLevel;
        m_nested = outerNested + used;
        return handled;
    }

protected:
    virtual void onLate(const QString& what)
    {
        QTest::qFail(qPrintable(QStringLiteral("The event loop was held up: ") + what), __FILE__, __LINE__);
    }

private:
#if defined(NDEBUG) || defined(QT_NO_DEBUG)
    static constexpr std::chrono::milliseconds longest{100};
#else
    // Without optimisation and with sanitizers all takes several times as long.
    static constexpr std::chrono::milliseconds longest{1000};
#endif

    static QString textOf(const QMetaObject* receiver, QEvent::Type kind, std::chrono::nanoseconds used)
    {
        return QStringLiteral("%1 to %2 took %3 ms of the processor")
            .arg(QString::fromLatin1(QMetaEnum::fromType<QEvent::Type>().valueToKey(kind)),
                QString::fromLatin1(receiver->className()))
            .arg(std::chrono::duration_cast<std::chrono::milliseconds>(used).count());
    }

    int m_level = -1; ///< of the loop whose event is handled; -1: none
    std::chrono::nanoseconds m_nested{}; ///< what events of inner loops took meanwhile
};

/// As QTEST_MAIN, with the watch above over every test.
template <typename Test, typename Application = WatchedApplication> int runWatched(int argc, char** argv)
{
    Application application(argc, argv);
    application.setAttribute(Qt::AA_Use96Dpi, true);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace burrow::test

#define BURROW_GUI_TEST_MAIN(Test)                                                                           \
    int main(int argc, char** argv)                                                                          \
    {                                                                                                        \
        return burrow::test::runWatched<Test>(argc, argv);                                                   \
    }
