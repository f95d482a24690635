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
    void theFactIsFoundByWordsThatSayLittle_data();
    void theFactIsFoundByWordsThatSayLittle();
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

void OfflineAnswersTest::theFactIsFoundByWordsThatSayLittle_data()
{
    QTest::addColumn<QString>("question");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<QByteArray>("fact");
    QTest::addColumn<bool>("found");
    const auto row = [](const char* name, const char* question, const char* other, const char* fact,
                         bool found) {
        QTest::newRow(name) << QString::fromUtf8(question) << QByteArray(other) << QByteArray(fact) << found;
    };
    // Half of the pairs of characters in the question stand nowhere in the text.
    row("pairs across words", "王雨战前在哪家单位当石匠？", "战前，李强在白岭铸造厂当石匠。石匠当石匠。",
        "战前，王雨在青水研究所当石匠。", true);
    row("a code that ends in S", "编号QC-3789-JS的包裹是谁签收的？", "编号QC-3788-JS的包裹由李强签收。\n",
        "编号QC-3789-JS的包裹由董婉在车站签收。", true);
    row("nothing of the kind", "Who sank the frigate Albatross near Zanzibar?",
        "Nobody sank anything here. It rained.\n", "The price of barley rose.", false);
}

void OfflineAnswersTest::theFactIsFoundByWordsThatSayLittle()
{
    QFETCH(const QString, question);
    QFETCH(const QByteArray, other);
    QFETCH(const QByteArray, fact);
    QFETCH(const bool, found);
    const Cli cli;
    const QString document
        = cli.write("a.txt", (other + '\n').repeated(1500) + fact + '\n' + (other + '\n').repeated(1500));
    const Outcome outcome = ask(cli, question, document);
    QVERIFY2(outcome.status == 0, outcome.text());
    QVERIFY2(!outcome.field("answer").startsWith("I found no sentence") == found, outcome.text());
    QCOMPARE(outcome.field("answer").contains(fact), found);
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
