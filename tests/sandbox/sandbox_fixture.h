#pragma once

#include "host/guest_repl.h"
#include "host/sandboxed_repl_factory.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <qcorotask.h>

/// What the tests of the sandbox share: options, a context, host calls, and cells that are awaited.
namespace burrow::sandbox_test {

inline SandboxOptions realGuest()
{
    return SandboxOptions::defaults();
}

/// A guest from tests/sandbox/drivers.
inline SandboxOptions driver(const char* name)
{
    SandboxOptions options = SandboxOptions::defaults();
    options.driverFolder = QStringLiteral(DRIVERS "/") + QLatin1StringView(name);
    return options;
}

/// Copies what a sandbox is made of to where every user can read it: a build may lie in someone's home.
inline void copySandbox(const QString& to)
{
    const SandboxOptions options = realGuest();
    QVERIFY(QFile::copy(options.launcher, to + QStringLiteral("/burrow-sandbox")));
    QCOMPARE(QProcess::execute(QStringLiteral("cp"),
                 {QStringLiteral("-r"), options.driverFolder, to + QStringLiteral("/guest")}),
        0);
    QCOMPARE(
        QProcess::execute(QStringLiteral("chmod"), {QStringLiteral("-R"), QStringLiteral("a+rX"), to}), 0);
}

inline ReplSpec textSpec(const QByteArray& text = "some text")
{
    ReplSpec spec;
    spec.path = NodePath::root();
    spec.seed = 1;
    spec.context.value = ContextValue{ContextValue::Kind::Text, 0, text};
    spec.limits.memoryBytes = qint64(512) << 20;
    spec.limits.scratchBytes = qint64(64) << 20;
    return spec;
}

/// Answers every prompt with itself in capitals, after a while if told so.
class EchoCalls final : public HostCalls {
public:
    Task<QueryOutcome> query(NodePath, QueryBatch batch, StopToken stop) override
    {
        ++asked;
        if (delay.count() > 0 && !co_await sleepFor(delay, stop))
            ++stopped;
        last = batch;
        std::vector<QueryResult> results;
        for (const SubQuery& item : batch.items)
            results.push_back({true, item.prompt.toUpper()});
        co_return results;
    }

    std::chrono::milliseconds delay{0};
    int asked = 0;
    int stopped = 0;
    QueryBatch last;
};

inline Cell cell(const QByteArray& code)
{
    return {NodePath::root().turn(1).cell(1), code};
}

/// Tries a few things that no cell may do and prints those that worked: nothing. The escape suite tries many
/// more; this one shows that the sandbox is on at all.
inline const QByteArray containmentCell = R"python(
import ctypes, os, socket, subprocess, sys

def escapes(name, attempt):
    try:
        print(name, '->', attempt())
    except (OSError, subprocess.SubprocessError):
        pass

escapes('passwd', lambda: open('/etc/passwd').read(9))
escapes('home', lambda: os.listdir('/root') + os.listdir('/home'))
escapes('list tmp', lambda: os.listdir('/tmp'))
escapes('environment', lambda: open('/proc/1/environ').read(9))
escapes('write', lambda: open('/tmp/escaped', 'w'))
escapes('write shared memory', lambda: open('/dev/shm/escaped', 'w'))
escapes('write the library', lambda: open(os.__file__, 'a'))
escapes('write the driver', lambda: open('/guest/driver.py', 'a'))
escapes('socket', lambda: socket.socket())
escapes('unix socket', lambda: socket.socketpair())
escapes('exec', lambda: os.execv(sys.executable, [sys.executable, '-c', 'print(1)']))
escapes('run', lambda: subprocess.run(['/bin/true']))
escapes('kill', lambda: os.kill(os.getppid() or 1, 0))
escapes('priority', lambda: os.setpriority(os.PRIO_PROCESS, 0, 5))
escapes('lock', lambda: __import__('fcntl').flock(0, 2))
libc = ctypes.CDLL(None, use_errno=True)
for name, arguments in {'ptrace': (0, 0, 0, 0), 'unshare': (0x10000000,), 'setsid': (), 'chroot': (b'/',),
                        'mount': (b'a', b'/', b'tmpfs', 0, None), 'personality': (0,), 'setuid': (0,)}.items():
    if getattr(libc, name)(*arguments) != -1:
        print(name, '-> worked')
)python";

/// A REPL with its factory.
class Bench {
public:
    explicit Bench(SandboxOptions options, ReplSpec spec = textSpec())
        : factory(std::move(options)), started(QCoro::waitFor(factory.start(std::move(spec), &calls, {})))
    {
    }

    bool isReady() const
    {
        if (!started)
            qWarning("%s", qPrintable(started.error().message));
        return started.has_value();
    }

    Result<CellOutput> tryRun(const QByteArray& code)
    {
        return QCoro::waitFor((*started)->execute(cell(code), {}));
    }

    CellOutput run(const QByteArray& code)
    {
        Result<CellOutput> output = tryRun(code);
        if (!output)
            qWarning("%s", qPrintable(output.error().message));
        return output.value_or(CellOutput());
    }

    /// What a cell printed.
    QByteArray print(const QByteArray& code)
    {
        const CellOutput output = run(code);
        return output.out.head + output.out.tail + output.err.head;
    }

    qint64 pid() const { return static_cast<const GuestRepl&>(**started).pid(); }

    EchoCalls calls;
    SandboxedReplFactory factory;
    Result<std::unique_ptr<Repl>> started;
};

} // namespace burrow::sandbox_test
