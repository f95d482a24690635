// Plays a run that never ends, for tests that kill it: `run_writer FILE [BYTES]`. Says `sent N` when call N
// reaches the server and `got N` when its reply is recorded. With BYTES no file can grow beyond them; then it
// says `error CODE MESSAGE` twice, since a second write must fail, too.

#include "fakes.h"

#include <QCoreApplication>
#include <QFile>

#include <csignal>
#include <cstdio>

#include <sys/resource.h>

using namespace burrow;
using namespace burrow::test;

namespace {

void say(const QByteArray& line)
{
    std::fputs(line.constData(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void limitFileSize(rlim_t bytes)
{
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QString path = QString::fromLocal8Bit(argv[1]);
    RunFile file
        = QFile::exists(path) ? *RunFile::open(path, RunFile::Access::Write) : *RunFile::create(path);
    const TickingClock clock;
    Recorder recorder(file, clock);
    if (!recorder.openRun({}) || !recorder.openRlm(NodePath::root(), {"question", "m", {}}))
        return 1;
    if (argc > 2)
        limitFileSize(QByteArray(argv[2]).toULong());

    EchoModel echo;
    RecordedModel recorded(echo, recorder, &estimate);
    ServedModel model(recorded, recorder);
    int errors = 0;
    for (int call = 1; errors < 2; ++call) {
        const QByteArray number = QByteArray::number(call);
        echo.onSend = [&] { say("sent " + number); };
        const ModelResult reply = QCoro::waitFor(model.complete(
            request(NodePath::root().turn(1).cell(1).call(call), "prompt " + number.repeated(300)), {}));
        if (reply) {
            say("got " + number);
        } else {
            say("error " + QByteArray::number(int(reply.error().code)) + ' '
                + reply.error().message.toUtf8());
            ++errors;
        }
    }
}
