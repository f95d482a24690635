#include "document_fixture.h"

#include "documents/mapped_file.h"
#include <csignal>
#include <numeric>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray large(1 << 20, 'x');

/// Reads all of it, as a search would.
quint64 sum(Bytes bytes)
{
    const volatile quint64 total = std::accumulate(bytes.begin(), bytes.end(), quint64(0));
    return total; // volatile: read even where nobody wants the sum
}

/// The wait status of a child process that runs @p work.
template <typename Work> int statusOfChild(Work work)
{
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

/// Reads what is gone from a mapping that no MappedFile covers, while there is one.
void faultBesideAMappedFile(const QString& path)
{
    const Result<MappedFile> guarded = MappedFile::open(path);
    QFile other(path);
    std::ignore = other.open(QIODevice::ReadWrite);
    const volatile uchar* bytes = other.map(0, large.size());
    other.resize(0);
    [[maybe_unused]] const uchar lost = bytes[large.size() - 1];
}

} // namespace

class MappedFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // These two come first: the handler under test is installed once, here in a child.
    void aFaultElsewhereStillEndsTheProcess()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const int status = statusOfChild([&path] {
            std::signal(SIGBUS, SIG_DFL);
            faultBesideAMappedFile(path);
        });
        QVERIFY(WIFSIGNALED(status));
        QCOMPARE(WTERMSIG(status), SIGBUS);
    }

    void anEarlierHandlerStillHearsOfFaultsElsewhere()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const int status = statusOfChild([&path] {
            std::signal(SIGBUS, [](int) { ::_exit(42); });
            faultBesideAMappedFile(path);
        });
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 42);
    }

    void theBytesAreThoseOfTheFile_data()
    {
        QTest::addColumn<qsizetype>("size");
        for (const qsizetype size : {0, 1, 4096, 8192, 65535, 65536, 65537, 1 << 20})
            QTest::addRow("%lld", static_cast<long long>(size)) << size;
    }
    void theBytesAreThoseOfTheFile()
    {
        QFETCH(qsizetype, size);
        const Folder folder;
        QByteArray contents(size, 'a');
        for (qsizetype i = 0; i < size; ++i)
            contents[i] = static_cast<char>(i * 31);
        const Result<MappedFile> file = MappedFile::open(folder.write(u"a"_s, contents));
        QVERIFY(file);
        QVERIFY(std::ranges::equal(file->bytes(), asBytes(contents)));
        QCOMPARE(file->identity().size, size);
        QVERIFY(file->check());
        QCOMPARE(file->read({size / 2}, size).value_or("failed"), contents.mid(size / 2));
        QCOMPARE(file->read({size + 10}, 5).value_or("failed"), QByteArray());
    }

    void aFileThatShrinksReadsAsZerosAndIsReported_data()
    {
        QTest::addColumn<qint64>("left");
        QTest::newRow("to nothing") << qint64(0);
        QTest::newRow("to a page") << qint64(4096);
        QTest::newRow("to the middle of a page") << qint64(300'001);
    }
    void aFileThatShrinksReadsAsZerosAndIsReported()
    {
        QFETCH(qint64, left);
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const Result<MappedFile> file = MappedFile::open(path);
        QVERIFY(file);
        QVERIFY(QFile::resize(path, left));
        QCOMPARE(sum(file->bytes()), quint64(left) * 'x');
        const Result<void> intact = file->check();
        QVERIFY(!intact);
        QCOMPARE(intact.error().code, ErrorCode::DocumentChanged);
        QVERIFY(intact.error().message.contains(path));
        QCOMPARE(file->read({0}, 10).error().code, ErrorCode::DocumentChanged);
    }

    void aFileThatShrinksWhileManyThreadsReadItDoesNotEndTheProgram()
    {
        const Folder folder;
        for (int round = 0; round < 20; ++round) {
            const QString path = folder.write(u"a"_s, large);
            const Result<MappedFile> file = MappedFile::open(path);
            QVERIFY(file);
            std::atomic<bool> stop = false;
            std::vector<std::jthread> readers;
            for (int i = 0; i < 4; ++i)
                readers.emplace_back([&] {
                    while (!stop)
                        sum(file->bytes());
                });
            QVERIFY(QFile::resize(path, 0));
            sum(file->bytes());
            stop = true;
            readers.clear();
            QVERIFY(!file->check());
        }
    }

    void whatWasLostStaysLostWhenTheFileIsWholeAgain()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const Result<MappedFile> file = MappedFile::open(path);
        QVERIFY(file);
        QFile writer(path);
        QVERIFY(writer.open(QIODevice::ReadWrite));
        QVERIFY(writer.resize(0));
        sum(file->bytes());
        writer.write(large);
        writer.flush();
        const qint64 modified = file->identity().modified;
        const timespec times[] = {{0, UTIME_OMIT}, {modified / 1'000'000'000, modified % 1'000'000'000}};
        QCOMPARE(::futimens(writer.handle(), times), 0);
        QCOMPARE(file->check().error().code, ErrorCode::DocumentChanged);
    }

    void aFileThatIsOverwrittenInPlaceIsReported()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const Result<MappedFile> file = MappedFile::open(path);
        QVERIFY(file);
        QTest::qWait(20);
        QFile writer(path);
        QVERIFY(writer.open(QIODevice::ReadWrite));
        writer.write("y");
        writer.close();
        QCOMPARE(file->check().error().code, ErrorCode::DocumentChanged);
    }

    void aFileThatGrowsIsReported()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const Result<MappedFile> file = MappedFile::open(path);
        QVERIFY(file);
        QFile writer(path);
        QVERIFY(writer.open(QIODevice::Append));
        writer.write("more");
        writer.close();
        QCOMPARE(file->check().error().code, ErrorCode::DocumentChanged);
        QCOMPARE(sum(file->bytes()), quint64(large.size()) * 'x');
    }

    void aDeletedFileStaysReadable()
    {
        const Folder folder;
        const QString path = folder.write(u"a"_s, large);
        const Result<MappedFile> file = MappedFile::open(path);
        QVERIFY(file);
        QVERIFY(QFile::remove(path));
        QCOMPARE(file->read({0}, large.size()).value_or("failed"), large);
    }

    void whatCannotBeMappedIsAnErrorThatNamesIt_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("missing") << u"missing"_s << ErrorCode::NotFound;
        QTest::newRow("below a file") << u"file/below"_s << ErrorCode::NotFound;
        QTest::newRow("folder") << u"folder"_s << ErrorCode::NotAFile;
        QTest::newRow("fifo") << u"fifo"_s << ErrorCode::NotAFile;
        QTest::newRow("dangling link") << u"dangling"_s << ErrorCode::NotFound;
        QTest::newRow("link to itself") << u"loop"_s << ErrorCode::Io;
    }
    void whatCannotBeMappedIsAnErrorThatNamesIt()
    {
        QFETCH(QString, name);
        QFETCH(ErrorCode, code);
        const Folder folder;
        folder.write(u"file"_s, "x");
        QDir(folder.path()).mkdir(u"folder"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(folder.path(u"fifo"_s)).constData(), 0600), 0);
        QFile::link(folder.path(u"missing"_s), folder.path(u"dangling"_s));
        QFile::link(folder.path(u"loop"_s), folder.path(u"loop"_s));
        const Result<MappedFile> file = MappedFile::open(folder.path(name));
        QVERIFY(!file);
        QCOMPARE(file.error().code, code);
        QVERIFY(file.error().message.contains(folder.path(name)));
    }
};

QTEST_GUILESS_MAIN(MappedFileTest)
#include "tst_mapped_file.moc"
