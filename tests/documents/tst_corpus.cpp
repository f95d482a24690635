#include "document_fixture.h"
#include "documents/content_hash.h"
#include "documents/corpus.h"

#include <QCryptographicHash>
#include <QElapsedTimer>

#include <sys/stat.h>
#include <unistd.h>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

Result<Corpus> open(const QStringList& paths, std::optional<TextEncoding> encoding = {}, StopToken stop = {})
{
    return wait(Corpus::open(paths, std::move(encoding), std::move(stop)));
}

QByteArrayList namesOf(const Corpus& corpus)
{
    QByteArrayList names;
    for (const Document& document : corpus.documents())
        names.append(document.name);
    return names;
}

Result<void> check(const std::vector<Document>& documents, StopToken stop = {})
{
    return wait(checkUnchanged(std::make_shared<const std::vector<Document>>(documents), std::move(stop)));
}

ErrorCode codeOf(const Result<Corpus>& corpus)
{
    return corpus ? ErrorCode::InvalidArgument : corpus.error().code;
}

/// Drops the rights of root, which may read everything, until it is destroyed.
class Unprivileged {
public:
    Unprivileged() { m_dropped = m_user == 0 && ::seteuid(65534) == 0; }
    ~Unprivileged()
    {
        if (m_dropped && ::seteuid(m_user) != 0)
            qFatal("cannot become root again");
    }

private:
    uid_t m_user = ::geteuid();
    bool m_dropped = false;
};

} // namespace

class CorpusTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneFileIsADocumentAndSeveralAreAList()
    {
        const Folder folder;
        const QString a = folder.write(u"a.txt"_s, "one"), b = folder.write(u"b.txt"_s, "two");
        const Result<Corpus> one = open({a});
        QVERIFY(one);
        QVERIFY(!one->isList());
        QCOMPARE(namesOf(*one), QByteArrayList{"a.txt"});
        QCOMPARE(one->documents()[0].path, a);
        QCOMPARE(one->documents()[0].identity.size, 3);
        const Result<Corpus> two = open({b, a});
        QVERIFY(two);
        QVERIFY(two->isList());
        QCOMPARE(namesOf(*two), (QByteArrayList{"b.txt", "a.txt"}));
        QCOMPARE(two->totalBytes(), 6);
    }

    void aFolderMeansItsFilesInTheOrderOfTheirPaths()
    {
        const Folder folder;
        for (const QString& name : {u"b"_s, u"a/z"_s, u"a.txt"_s, u"a/b/c"_s, u"Z"_s, u"é"_s})
            folder.write(name, "text");
        const Result<Corpus> corpus = open({folder.path()});
        QVERIFY(corpus);
        QVERIFY(corpus->isList());
        QCOMPARE(namesOf(*corpus), (QByteArrayList{"Z", "a.txt", "a/b/c", "a/z", "b", "é"}));
        QVERIFY(corpus->skipped().empty());
    }

    void aFolderOfOneFileIsAList()
    {
        const Folder folder;
        folder.write(u"a"_s, "text");
        QVERIFY(open({folder.path()})->isList());
    }

    void hiddenAndVersionControlEntriesAreLeftOut()
    {
        const Folder folder;
        for (const QString& name :
            {u".hidden"_s, u".git/config"_s, u"CVS/Entries"_s, u".folder/a"_s, u"kept"_s})
            folder.write(name, "text");
        const Result<Corpus> corpus = open({folder.path()});
        QCOMPARE(namesOf(*corpus), QByteArrayList{"kept"});
        QVERIFY(corpus->skipped().empty());
    }

    void aHiddenFileThatAPersonNamesIsRead()
    {
        const Folder folder;
        QCOMPARE(namesOf(*open({folder.write(u".notes"_s, "text")})), QByteArrayList{".notes"});
    }

    void whatIsNoTextInAFolderIsSkippedAndListed()
    {
        const Folder folder;
        folder.write(u"a.txt"_s, "text");
        folder.write(u"sub/zeros.bin"_s, QByteArray(100, '\0'));
        folder.write(u"paper.pdf"_s, "%PDF-1.7\n");
        QFile::link(folder.path(u"a.txt"_s), folder.path(u"link"_s));
        QFile::link(folder.path(), folder.path(u"sub/loop"_s));
        QCOMPARE(::mkfifo(QFile::encodeName(folder.path(u"fifo"_s)).constData(), 0600), 0);
        const Result<Corpus> corpus = open({folder.path()});
        QVERIFY(corpus);
        QCOMPARE(namesOf(*corpus), QByteArrayList{"a.txt"});
        const std::vector<SkippedFile> expected = {{u"fifo"_s, SkipReason::SpecialFile},
            {u"link"_s, SkipReason::SymbolicLink}, {u"paper.pdf"_s, SkipReason::UnsupportedFormat},
            {u"sub/loop"_s, SkipReason::SymbolicLink}, {u"sub/zeros.bin"_s, SkipReason::Binary}};
        QVERIFY(corpus->skipped() == expected);
    }

    void aLinkThatAPersonNamesIsFollowed()
    {
        const Folder folder;
        folder.write(u"real/a.txt"_s, "text");
        QFile::link(folder.path(u"real"_s), folder.path(u"folder link"_s));
        QFile::link(folder.path(u"real/a.txt"_s), folder.path(u"file link"_s));
        QCOMPARE(namesOf(*open({folder.path(u"folder link"_s)})), QByteArrayList{"a.txt"});
        const Result<Corpus> linked = open({folder.path(u"file link"_s)});
        QCOMPARE(namesOf(*linked), QByteArrayList{"file link"});
        // Once: what the link leads to later is another document.
        QCOMPARE(linked->documents()[0].path, QFileInfo(folder.path(u"real/a.txt"_s)).canonicalFilePath());
    }

    void filesThatMayNotBeReadAreSkippedInAFolderAndAnErrorAlone()
    {
        const Folder folder;
        QVERIFY(QFile(folder.path()).setPermissions(QFile::Permissions(0x7755)));
        folder.write(u"a.txt"_s, "text");
        const QString secret = folder.write(u"secret.txt"_s, "text");
        folder.write(u"closed/b.txt"_s, "text");
        QCOMPARE(::chmod(QFile::encodeName(secret).constData(), 0), 0);
        QCOMPARE(::chmod(QFile::encodeName(folder.path(u"closed"_s)).constData(), 0), 0);
        std::optional<Result<Corpus>> corpus, alone;
        {
            const Unprivileged nobody;
            corpus = open({folder.path()});
            alone = open({secret});
        }
        ::chmod(QFile::encodeName(folder.path(u"closed"_s)).constData(), 0700);
        QVERIFY(*corpus);
        QCOMPARE(namesOf(**corpus), QByteArrayList{"a.txt"});
        const std::vector<SkippedFile> expected
            = {{u"closed"_s, SkipReason::PermissionDenied}, {u"secret.txt"_s, SkipReason::PermissionDenied}};
        QVERIFY((*corpus)->skipped() == expected);
        QCOMPARE(codeOf(*alone), ErrorCode::PermissionDenied);
        QVERIFY(alone->error().message.contains(secret));
    }

    void whatAPersonNamesMustBeText_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("missing") << QStringList{u"missing"_s} << ErrorCode::NotFound;
        QTest::newRow("below a file") << QStringList{u"a.txt/b"_s} << ErrorCode::NotFound;
        QTest::newRow("second missing") << QStringList{u"a.txt"_s, u"missing"_s} << ErrorCode::NotFound;
        QTest::newRow("a file as a folder") << QStringList{u"a.txt/"_s} << ErrorCode::NotFound;
        QTest::newRow("binary") << QStringList{u"zeros"_s} << ErrorCode::NoText;
        QTest::newRow("PDF") << QStringList{u"paper.pdf"_s} << ErrorCode::NoText;
        QTest::newRow("fifo") << QStringList{u"fifo"_s} << ErrorCode::NotAFile;
        QTest::newRow("empty folder") << QStringList{u"empty"_s} << ErrorCode::NoText;
        QTest::newRow("folder of binaries") << QStringList{u"binaries"_s} << ErrorCode::NoText;
    }
    void whatAPersonNamesMustBeText()
    {
        QFETCH(QStringList, names);
        QFETCH(ErrorCode, code);
        const Folder folder;
        folder.write(u"a.txt"_s, "text");
        folder.write(u"zeros"_s, QByteArray(100, '\0'));
        folder.write(u"binaries/zeros"_s, QByteArray(100, '\0'));
        folder.write(u"paper.pdf"_s, "%PDF-1.7\n");
        QDir(folder.path()).mkdir(u"empty"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(folder.path(u"fifo"_s)).constData(), 0600), 0);
        QStringList paths;
        for (const QString& name : names)
            paths.append(folder.path(name));
        const Result<Corpus> corpus = open(paths);
        QVERIFY(!corpus);
        QCOMPARE(corpus.error().code, code);
        QVERIFY2(corpus.error().message.contains(paths.last()), qPrintable(corpus.error().message));
    }

    void whatTheKernelMakesUpIsNoFile()
    {
        const QString made = u"/proc/self/status"_s;
        if (!QFile::exists(made))
            QSKIP("This system has no /proc.");
        QCOMPARE(codeOf(open({made})), ErrorCode::NotAFile);
    }

    void noPathAtAllIsAnError()
    {
        QCOMPARE(open({}).error().code, ErrorCode::InvalidArgument);
        QVERIFY(!open({QString()}));
    }

    void anEmptyFileIsADocument()
    {
        const Folder folder;
        const Result<Corpus> corpus = open({folder.write(u"empty"_s, "")});
        QVERIFY(corpus);
        QVERIFY(!corpus->isList());
    }

    void aNamedEncodingMakesAnythingText()
    {
        const Folder folder;
        const QString path = folder.write(u"zeros"_s, QByteArray(100, '\0'));
        QVERIFY(open({path}, TextEncoding(TextEncoding::Kind::Latin1)));
    }

    void namesAreDistinctAndTellNothingOfTheMachine()
    {
        const Folder folder;
        const QString first = folder.write(u"x/a.txt"_s, "1"), second = folder.write(u"y/a.txt"_s, "2");
        folder.write(u"set/a.txt"_s, "3");
        const Result<Corpus> corpus = open({first, second, folder.path(u"set"_s) + u'/', first});
        QVERIFY(corpus);
        QCOMPARE(namesOf(*corpus), (QByteArrayList{"a.txt", "a.txt (2)", "set/a.txt", "a.txt (3)"}));
    }

    void namesAreUtf8WhateverTheFileSystemHolds()
    {
        const Folder folder;
        folder.write(u"good"_s, "text");
        const QByteArray broken = QFile::encodeName(folder.path()) + "/bad\xFFname";
        FILE* file = std::fopen(broken.constData(), "w");
        if (!file)
            return; // this file system refuses such names itself
        std::fputs("text", file);
        std::fclose(file);
        const Result<Corpus> corpus = open({folder.path()});
        QVERIFY(corpus);
        QCOMPARE(namesOf(*corpus), QByteArrayList{"good"});
        QCOMPARE(corpus->skipped().size(), size_t(1));
        QCOMPARE(corpus->skipped()[0].reason, SkipReason::NameNotUtf8);
        const Result<Corpus> named = open({QFile::decodeName(broken)});
        QVERIFY(named.error().message.contains(u"not UTF-8"_s));
        QCOMPARE(std::remove(broken.constData()), 0);
    }

    void aChangeIsNoticedAndNamed_data()
    {
        QTest::addColumn<QByteArray>("change");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("truncated") << QByteArray("truncate") << ErrorCode::DocumentChanged;
        QTest::newRow("overwritten") << QByteArray("overwrite") << ErrorCode::DocumentChanged;
        QTest::newRow("replaced") << QByteArray("replace") << ErrorCode::DocumentChanged;
        QTest::newRow("deleted") << QByteArray("delete") << ErrorCode::NotFound;
    }
    void aChangeIsNoticedAndNamed()
    {
        QFETCH(QByteArray, change);
        QFETCH(ErrorCode, code);
        const Folder folder;
        folder.write(u"a"_s, "text");
        const QString path = folder.write(u"b"_s, "text");
        const Result<Corpus> corpus = open({folder.path()});
        QVERIFY(corpus);
        QVERIFY(check(corpus->documents()));
        QTest::qWait(20);
        if (change == "truncate")
            QVERIFY(QFile::resize(path, 1));
        else if (change == "overwrite")
            folder.write(u"b"_s, "next");
        else
            QVERIFY(QFile::remove(path));
        if (change == "replace")
            folder.write(u"b"_s, "text");
        const Result<void> unchanged = check(corpus->documents());
        QVERIFY(!unchanged);
        QCOMPARE(unchanged.error().code, code);
        QVERIFY(unchanged.error().message.contains(path));
        QVERIFY(!wait(hashDocuments(corpus->documents(), {})));
    }

    void aChangeAmongManyIsNoticedOffTheThread()
    {
        const Folder folder;
        for (int i = 0; i < 640; ++i)
            folder.write(QString::number(i), "text");
        const Result<Corpus> corpus = open({folder.path()});
        QVERIFY(corpus);
        QVERIFY(check(corpus->documents()));
        QVERIFY(QFile::resize(folder.path(u"639"_s), 1));
        const Result<void> unchanged = check(corpus->documents());
        QVERIFY(!unchanged);
        QVERIFY(unchanged.error().message.contains(folder.path(u"639"_s)));
        // What is not asked for may change.
        QVERIFY(check(corpus->named({"1", "2"})));
        QCOMPARE(corpus->named({"639"}).size(), size_t(1));
        QVERIFY(!check(corpus->named({"639"})));
        bool threadIsFree = false;
        QMetaObject::invokeMethod(this, [&] { threadIsFree = true; }, Qt::QueuedConnection);
        (void)check(corpus->documents());
        QVERIFY(threadIsFree);
    }

    void lookingForChangesStops()
    {
        const Folder folder;
        for (int i = 0; i < 100; ++i)
            folder.write(QString::number(i), "text");
        const Result<Corpus> corpus = open({folder.path()});
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(check(corpus->documents(), stop.get_token()).error().code, ErrorCode::Cancelled);
    }

    void hashesAreThoseOfTheContents()
    {
        const Folder folder;
        const QByteArray large = QByteArray("0123456789").repeated(300'000);
        folder.write(u"a"_s, large);
        folder.write(u"b"_s, "text");
        const Result<Corpus> corpus = open({folder.path()});
        const auto hashes = wait(hashDocuments(corpus->documents(), {}));
        QVERIFY(hashes);
        QCOMPARE((*hashes)[0], QCryptographicHash::hash(large, QCryptographicHash::Sha256));
        QCOMPARE((*hashes)[1], QCryptographicHash::hash("text", QCryptographicHash::Sha256));
    }

    void hashingStopsWithin100Milliseconds()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, "x");
        QVERIFY(QFile::resize(path, qint64(64) << 30)); // sparse: takes no space, and minutes to hash
        const Document document{path, "a", *identify(path)};
        std::stop_source stop;
        QElapsedTimer timer;
        Task<Result<std::vector<QByteArray>>> hashing = hashDocuments({document}, stop.get_token());
        QTimer::singleShot(50, this, [&] {
            stop.request_stop();
            timer.start();
        });
        const auto hashes = wait(std::move(hashing));
        QVERIFY(!hashes);
        QCOMPARE(hashes.error().code, ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
    }

    void openingStops()
    {
        const Folder folder;
        folder.write(u"a"_s, "text");
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(open({folder.path()}, {}, stop.get_token()).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(CorpusTest)
#include "tst_corpus.moc"
