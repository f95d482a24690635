#include "trajectory/machine_identity.h"
#include "trajectory/run_info.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace burrow;
using namespace Qt::StringLiterals;

class MachineIdentityTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunIsKnownWhereItWasMade()
    {
        const QTemporaryDir here;
        const QTemporaryDir elsewhere;
        const QString folder = here.filePath(u"new/folder"_s);
        RunInfo info{.seed = 7, .settings = R"({"model":"m"})", .prompts = {{"system.md", "You\xff…"}}};
        info.machine = MachineIdentity::open(folder)->mark(info);
        const RunInfo stored = RunInfo::fromJson(info.toJson());
        QCOMPARE(MachineIdentity::open(folder)->mark(stored), stored.machine);
        QVERIFY(MachineIdentity::open(elsewhere.path())->mark(stored) != stored.machine);
    }

    void aRunThatWasEditedIsAnotherOne_data()
    {
        QTest::addColumn<RunInfo>("edited");
        QTest::newRow("settings") << RunInfo{.seed = 7, .settings = "{}", .prompts = {{"a", "b"}}};
        QTest::newRow("seed") << RunInfo{.seed = 8, .settings = R"({"a":1})", .prompts = {{"a", "b"}}};
        QTest::newRow("prompt") << RunInfo{.seed = 7, .settings = R"({"a":1})", .prompts = {{"a", "c"}}};
        QTest::newRow("further prompt")
            << RunInfo{.seed = 7, .settings = R"({"a":1})", .prompts = {{"a", "b"}, {"families.json", "[]"}}};
    }
    void aRunThatWasEditedIsAnotherOne()
    {
        QFETCH(const RunInfo, edited);
        const QTemporaryDir here;
        const MachineIdentity machine = *MachineIdentity::open(here.path());
        const RunInfo info{.seed = 7, .settings = R"({"a":1})", .prompts = {{"a", "b"}}};
        QVERIFY(machine.mark(edited) != machine.mark(info));
    }

    void onlyItsOwnerMayReadTheSecret()
    {
        const QTemporaryDir here;
        QVERIFY(MachineIdentity::open(here.path()));
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QCOMPARE(QFile::permissions(here.filePath(u"machine-secret"_s)) & others, QFile::Permissions());
    }

    void theFactsOfASessionComeBack()
    {
        const RunInfo info{
            "0.1", "r1", "g1", "3.13.5", "mark", ~quint64(0), R"({"max_depth":1})", {{"root", "You…"}}};
        QCOMPARE(RunInfo::fromJson(info.toJson()), info);
        QCOMPARE(RunInfo::fromJson("nonsense"), RunInfo());
        QCOMPARE(RunInfo::fromJson(R"({"program":1,"seed":"x","prompts":[]})").program, "");
    }

    void settingsOfAnyDepthAreSurvived()
    {
        constexpr int depth = 1'000'000;
        const QByteArray nested = QByteArray(depth, '[') + QByteArray(depth, ']');
        const RunInfo info = RunInfo::fromJson(R"({"program":"1","settings":)" + nested + '}');
        QCOMPARE(info.program, "1");
        QVERIFY(info.settings.size() < depth);
    }
};

QTEST_APPLESS_MAIN(MachineIdentityTest)
#include "tst_machine_identity.moc"
