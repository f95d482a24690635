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
        const QByteArray mark = MachineIdentity::open(folder)->mark("settings");
        QCOMPARE(MachineIdentity::open(folder)->mark("settings"), mark);
        QVERIFY(MachineIdentity::open(folder)->mark("other settings") != mark);
        QVERIFY(MachineIdentity::open(elsewhere.path())->mark("settings") != mark);
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
};

QTEST_APPLESS_MAIN(MachineIdentityTest)
#include "tst_machine_identity.moc"
