#include "verdict.h"

#include <QSet>
#include <QTest>

using namespace burrow;
using namespace burrow::escapes;

namespace {

Attempt attempt()
{
    return {.id = "a", .title = "A", .code = "1", .seenBy = "files"};
}

Attempt containedWhen(const QByteArray& status)
{
    Attempt result = attempt();
    result.containedWhen = {status};
    return result;
}

Attempt knownAtStrong()
{
    Attempt result = attempt();
    result.knownAtStrong = "it is known";
    return result;
}

} // namespace

class VerdictTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatCameOfAnAttemptIsJudged_data()
    {
        using enum Verdict::Kind;
        QTest::addColumn<Attempt>("attempt");
        QTest::addColumn<Protection>("protection");
        QTest::addColumn<Outcome>("outcome");
        QTest::addColumn<Verdict::Kind>("kind");
        const auto row
            = [](const char* name, const Attempt& attempt, Protection protection, const Outcome& outcome,
                  Verdict::Kind kind) { QTest::newRow(name) << attempt << protection << outcome << kind; };
        const QList<Sighting> sighting = {{"files", "a file has changed"}};
        const Outcome refused{.status = "raised", .error = "PermissionError: [Errno 1] no"};
        const Outcome worked{.status = "ok"};
        const Outcome wrongCall{.status = "raised", .error = "OSError: [Errno 22] Invalid argument"};
        const Outcome typo{.status = "raised", .error = "NameError: name 'opne' is not defined"};
        const auto full = Protection::Full;
        const auto strong = Protection::Strong;
        const auto none = Protection::None;
        row("a refusal blocks", attempt(), full, refused, Blocked);
        row("so does one without words",
            {.id = "a", .title = "A", .code = "1", .seenBy = "files", .blockedWith = {"MemoryError"}}, full,
            {.status = "raised", .error = "MemoryError"}, Blocked);
        row("the filter blocks", attempt(), full, {.status = "violation"}, Blocked);
        row("the guest's word counts against it", attempt(), full, worked, Escaped);
        row("unless there is a reason", containedWhen("ok"), full, worked, Contained);
        row("a sighting counts whatever the guest says", attempt(), full,
            {.status = "raised", .error = refused.error, .seen = sighting}, Escaped);
        row("and whatever the reason", containedWhen("ok"), full, {.status = "ok", .seen = sighting},
            Escaped);
        row("what is known is known at Strong", knownAtStrong(), strong, worked, Known);
        row("but nothing beside it", knownAtStrong(), strong,
            {.status = "ok", .seen = {{"secret", "it is out"}}}, Escaped);
        row("and nowhere else", knownAtStrong(), full, worked, Escaped);
        row("a wrong call proves nothing", attempt(), full, wrongCall, Unclear);
        row("nor does a mistake", attempt(), full, typo, Unclear);
        row("nor an end that nobody expects", attempt(), full, {.status = "crashed"}, Unclear);
        row("nor what never began", attempt(), full, {.trouble = "no sandbox"}, Unclear);
        row("a control is seen", attempt(), none, {.status = "ok", .seen = sighting}, Works);
        row("by its own witness", attempt(), none, {.status = "ok", .seen = {{"host", "it died"}}}, Nothing);
        row("not by its word", attempt(), none, worked, Nothing);
    }

    void whatCameOfAnAttemptIsJudged()
    {
        QFETCH(const Attempt, attempt);
        QFETCH(const Protection, protection);
        QFETCH(const Outcome, outcome);
        QFETCH(const Verdict::Kind, kind);
        QCOMPARE(judge(attempt, protection, outcome).kind, kind);
    }

    void everyAttemptCanBeRead()
    {
        const Result<std::vector<Attempt>> attempts = readAttempts(QStringLiteral(ATTEMPTS));
        QVERIFY2(attempts, attempts ? "" : qPrintable(attempts.error().message));
        QVERIFY(attempts->size() > 150);
        QSet<QByteArray> ids;
        for (const Attempt& each : *attempts) {
            QVERIFY2(!ids.contains(each.id), each.id.constData());
            ids << each.id;
        }
    }
};

QTEST_GUILESS_MAIN(VerdictTest)
#include "tst_verdict.moc"
