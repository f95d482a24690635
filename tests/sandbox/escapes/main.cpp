// burrow-escapes [--quick] [--only WORDS] [--side-by-side N] [--write FILE]
//
// Makes the attempts of attempts/*.py in the real sandbox, at levels Full and Strong, as root and as an
// ordinary user, and without protection. Prints what does not hold, and a table. Exits with 0 where nothing
// escaped and every control was seen.

#include "bound_home.h"
#include "processes.h"
#include "suite.h"
#include "table.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QThread>

#include <cstdio>

using namespace burrow;
using namespace burrow::escapes;

namespace {

void print(const QByteArray& text, FILE* file = stdout)
{
    std::fwrite(text.constData(), 1, std::size_t(text.size()), file);
    std::fflush(file);
}

int complain(const QString& message)
{
    print(message.toUtf8() + '\n', stderr);
    return 2;
}

Protection protectionNamed(const QByteArray& name)
{
    for (const Protection protection : {Protection::Full, Protection::Strong}) {
        if (name == nameOf(protection))
            return protection;
    }
    return Protection::None;
}

/// `try PARTS STAGE ID PROTECTION [USER]`: the host of one attempt.
int tryOne(int argc, char** argv)
{
    const Parts parts{QString::fromLocal8Bit(argv[2])};
    const Stage stage{QString::fromLocal8Bit(argv[3]), qgetenv("OPENAI_API_KEY"), qgetenv("BURROW_MARK")};
    const Result<std::vector<Attempt>> attempts = readAttempts(parts.path("attempts"));
    QFile prelude(parts.path("attempts/prelude.py"));
    if (!attempts || !prelude.open(QIODevice::ReadOnly))
        return complain(QStringLiteral("Cannot read the attempts in %1.").arg(parts.folder));
    const auto attempt = std::ranges::find(*attempts, QByteArray(argv[4]), &Attempt::id);
    if (attempt == attempts->end())
        return complain(QStringLiteral("There is no attempt %1.").arg(QString::fromLocal8Bit(argv[4])));
    const bool needsRoot = attempt->extra == Attempt::Extra::BoundHome;
    const bool isSet = (!needsRoot || (stage.build() && bindHome(stage, parts.path("guest"))))
        && (argc < 7 || becomeUser(QByteArray(argv[6]).toUInt())) && (needsRoot || stage.build());
    if (!isSet)
        return complain(QStringLiteral("Cannot set the stage in %1.").arg(stage.folder));
    const QCoreApplication application(argc, argv);
    Trial trial(*attempt, protectionNamed(argv[5]), parts, stage, prelude.readAll());
    print(trial.run([](const Outcome& outcome) { print(outcome.toJson()); }).toJson());
    return 0;
}

bool isWanted(const Attempt& attempt, const QCommandLineParser& options)
{
    const QByteArray words = options.value(QStringLiteral("only")).toUtf8();
    return (!options.isSet(QStringLiteral("quick")) || attempt.isQuick)
        && (words.isEmpty() || words == attempt.group || attempt.id.contains(words));
}

int report(const std::vector<Attempt>& attempts, const std::vector<Row>& rows, const QString& file)
{
    const QByteArray table = totals(rows) + markdownTable(attempts, rows);
    print(file.isEmpty() ? table : totals(rows));
    if (!file.isEmpty()) {
        if (const Result<void> written = writeTable(file, markdownTable(attempts, rows)); !written)
            return complain(written.error().message);
    }
    const bool holds = std::ranges::all_of(rows, [](const Row& row) {
        return std::ranges::all_of(row, [](const auto& cell) { return cell.second.isGood(); });
    });
    return holds ? 0 : 1;
}

int tryAll()
{
    QCommandLineParser options;
    options.addHelpOption();
    options.addOptions({{QStringLiteral("quick"), QStringLiteral("Only the few that every test run makes.")},
        {QStringLiteral("only"), QStringLiteral("Only this group, or ids with this in them."),
            QStringLiteral("words")},
        {QStringLiteral("side-by-side"), QStringLiteral("How many to make at once."), QStringLiteral("n"),
            QString::number(QThread::idealThreadCount() + 2)},
        {QStringLiteral("write"), QStringLiteral("Put the table into this file."), QStringLiteral("file")}});
    options.process(*QCoreApplication::instance());

    Result<std::vector<Attempt>> attempts = readAttempts(QStringLiteral(ATTEMPTS));
    if (!attempts)
        return complain(attempts.error().message);
    std::erase_if(*attempts, [&](const Attempt& attempt) { return !isWanted(attempt, options); });
    Suite suite(QStringLiteral(ATTEMPTS), QCoreApplication::applicationDirPath());
    if (const Result<void> prepared = suite.prepare(); !prepared)
        return complain(prepared.error().message);
    QObject::connect(
        &suite, &Suite::judged, &suite, [](const Attempt& attempt, Column column, const Verdict& verdict) {
            if (!verdict.isGood())
                print(attempt.id + " (" + nameOf(column) + ") " + nameOf(verdict.kind) + ": " + verdict.why
                    + '\n');
        });
    QObject::connect(&suite, &Suite::finished, QCoreApplication::instance(), &QCoreApplication::quit,
        Qt::QueuedConnection);
    onInterrupt(&suite, [] { QCoreApplication::exit(130); });
    suite.run(*attempts, options.value(QStringLiteral("side-by-side")).toInt());
    if (const int interrupted = QCoreApplication::exec(); interrupted != 0)
        return interrupted;
    return report(*attempts, suite.rows(), options.value(QStringLiteral("write")));
}

} // namespace

int main(int argc, char** argv)
{
    if (argc >= 6 && QByteArrayView(argv[1]) == "try")
        return tryOne(argc, argv);
    const QCoreApplication application(argc, argv);
    return tryAll();
}
