#include "cli_fixture.h"

using namespace burrow::test;

namespace {

struct Sample {
    QString question;
    QByteArray answer;
};

/// Writes a sample to @p path and takes its question and answer from what the program prints.
Sample makeSample(const Cli& cli, const QString& path, const QString& kind, const QString& size)
{
    const Outcome outcome = cli.run(
        {QStringLiteral("sample"), QStringLiteral("--size"), size, QStringLiteral("--kind"), kind, path});
    const QByteArrayList lines = outcome.out.split('\n');
    if (outcome.status != 0 || lines.size() < 2)
        qFatal("No sample: %s", outcome.text().constData());
    return {QString::fromUtf8(lines[0].sliced(int(strlen("Question: ")))),
        lines[1].sliced(int(strlen("Answer: ")))};
}

Outcome ask(const Cli& cli, const QString& question, const QString& path)
{
    return cli.run({QStringLiteral("ask"), QStringLiteral("--json"), QStringLiteral("--quiet"),
        QStringLiteral("--model"), QStringLiteral("offline"), question, path});
}

} // namespace

class OfflineAnswersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFactIsFoundInAFile_data();
    void theFactIsFoundInAFile();
    void theFactIsFoundInOneOfFiftyFiles_data();
    void theFactIsFoundInOneOfFiftyFiles();
};

void OfflineAnswersTest::theFactIsFoundInAFile_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("size");
    for (const char* kind : {"ascii", "zh", "emoji"}) {
        // Each sample is another text with another fact: several of a size are not the same test.
        for (const char* size : {"64KiB", "65KiB", "1MiB", "5MiB"})
            QTest::addRow("%s, %s", kind, size) << QString::fromLatin1(kind) << QString::fromLatin1(size);
    }
}

void OfflineAnswersTest::theFactIsFoundInAFile()
{
    QFETCH(const QString, kind);
    QFETCH(const QString, size);
    const Cli cli;
    const QString document = cli.path("sample.txt");
    const Sample sample = makeSample(cli, document, kind, size);
    const Outcome outcome = ask(cli, sample.question, document);
    QVERIFY2(outcome.status == 0, outcome.text());
    QVERIFY2(outcome.field("answer").contains(sample.answer),
        "Asked: " + sample.question.toUtf8() + "\nExpected: " + sample.answer + "\n" + outcome.text());
}

void OfflineAnswersTest::theFactIsFoundInOneOfFiftyFiles_data()
{
    QTest::addColumn<QString>("kind");
    for (const char* kind : {"ascii", "zh", "emoji"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void OfflineAnswersTest::theFactIsFoundInOneOfFiftyFiles()
{
    QFETCH(const QString, kind);
    const Cli cli;
    const QString folder = QFileInfo(cli.write("folder/sample.txt", {})).path();
    const Sample sample
        = makeSample(cli, folder + QStringLiteral("/sample.txt"), kind, QStringLiteral("256KiB"));
    for (int i = 0; i < 49; ++i)
        cli.write(QStringLiteral("folder/%1/other%2.txt").arg(i % 5).arg(i),
            QByteArray("Minutes of a meeting at which little was said and less was decided.\n")
                .repeated(100 + i));
    const Outcome outcome = ask(cli, sample.question, folder);
    QVERIFY2(outcome.status == 0, outcome.text());
    QVERIFY2(outcome.field("answer").contains(sample.answer),
        "Asked: " + sample.question.toUtf8() + "\nExpected: " + sample.answer + "\n" + outcome.text());
}

QTEST_GUILESS_MAIN(OfflineAnswersTest)
#include "tst_offline_answers.moc"
