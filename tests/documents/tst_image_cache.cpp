#include "document_fixture.h"
#include "documents/image_cache.h"

#include <sys/stat.h>

using namespace burrow;
using namespace burrow::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ample = qint64(1) << 40;

Result<ImageCache> openCache(const Folder& folder, qint64 limit = ample, qint64 keepFree = 0)
{
    return ImageCache::open(
        {.folder = folder.path(u"cache"_s), .limitBytes = limit, .keepFreeBytes = keepFree});
}

ImageIndex indexOf(std::u32string_view text)
{
    ImageText entry;
    for (const char32_t codePoint : text)
        entry.measure.count(codePoint);
    ImageIndex index;
    index.add(entry);
    return index;
}

/// Stores @p text, which must be Latin-1, under @p content.
Result<ImageSet> store(
    const ImageCache& cache, const std::optional<QByteArray>& content, const QByteArray& text = "caf\xE9")
{
    std::u32string characters;
    for (const char byte : text)
        characters += static_cast<unsigned char>(byte);
    Result<ImageCache::Draft> draft = cache.begin(indexOf(characters));
    if (!draft)
        return std::unexpected(draft.error());
    const Result<void> written
        = draft->images[static_cast<size_t>(CharWidth::Latin1)]->writeAt(0, asBytes(text));
    return written.and_then([&] { return cache.finish(std::move(*draft), content, {}); });
}

QString onlyImage(const Folder& folder, const QByteArray& content)
{
    return folder.path(u"cache/sets/"_s + QString::fromLatin1(content.toHex()) + u"/latin1"_s);
}

qsizetype countSets(const Folder& folder)
{
    return QDir(folder.path(u"cache/sets"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

mode_t modeOf(const QString& path)
{
    struct stat status = {};
    ::lstat(QFile::encodeName(path).constData(), &status);
    return status.st_mode & 07777;
}

} // namespace

class ImageCacheTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStoredSetIsFoundAgain()
    {
        const Folder folder;
        QVERIFY(store(*openCache(folder), "key"));
        const Result<ImageCache> later = openCache(folder);
        const std::optional<ImageSet> set = later->find("key", {});
        QVERIFY(set);
        QCOMPARE(set->texts().size(), size_t(1));
        const TextSpan span = set->span(set->texts()[0]);
        QCOMPARE(span.width, CharWidth::Latin1);
        QVERIFY(textAt(span) == U"café");
        QVERIFY(QDir::isAbsolutePath(span.file));
        QVERIFY(!later->find("other", {}));
    }

    void aLinkLeadsToItsSet()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        QVERIFY(!cache->findLinked("source", {}));
        QVERIFY(store(*cache, "key"));
        cache->link("source", "key");
        QVERIFY(cache->findLinked("source", {}));
        cache->clear();
        QVERIFY(!cache->findLinked("source", {}));
        QVERIFY(QDir(folder.path(u"cache/links"_s)).isEmpty());
    }

    void onlyTheOwnerMayRead()
    {
        const Folder folder;
        const mode_t before = ::umask(0);
        QVERIFY(store(*openCache(folder), "key"));
        ::umask(before);
        const QString image = onlyImage(folder, "key");
        QCOMPARE(modeOf(folder.path(u"cache"_s)), mode_t(0700));
        QCOMPARE(modeOf(QFileInfo(image).path()), mode_t(0700));
        QCOMPARE(modeOf(image), mode_t(0600));
        QCOMPARE(modeOf(ImageSet::indexPath(QFileInfo(image).path())), mode_t(0600));
        QCOMPARE(modeOf(folder.path(u"cache/secret"_s)), mode_t(0600));
    }

    void aFolderThatIsALinkIsRefused()
    {
        const Folder folder;
        QDir(folder.path()).mkdir(u"elsewhere"_s);
        QFile::link(folder.path(u"elsewhere"_s), folder.path(u"cache"_s));
        QVERIFY(!openCache(folder));
        QVERIFY(QDir(folder.path(u"elsewhere"_s)).isEmpty());
    }

    void aDamagedSetIsRemovedRatherThanUsed_data()
    {
        QTest::addColumn<QByteArray>("damage");
        for (const char* damage :
            {"other byte", "shorter", "no image", "no index", "index of another length"})
            QTest::newRow(damage) << QByteArray(damage);
    }
    void aDamagedSetIsRemovedRatherThanUsed()
    {
        QFETCH(QByteArray, damage);
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        QVERIFY(store(*cache, "key"));
        const QString image = onlyImage(folder, "key"), index = ImageSet::indexPath(QFileInfo(image).path());
        const auto overwrite = [](const QString& path, const QByteArray& bytes) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadWrite));
            file.write(bytes);
        };
        if (damage == "other byte")
            overwrite(image, "b");
        else if (damage == "shorter")
            QVERIFY(QFile::resize(image, 3));
        else if (damage == "no image")
            QVERIFY(QFile::remove(image));
        else if (damage == "no index")
            QVERIFY(QFile::resize(index, 0));
        else
            overwrite(index, contentsOf(index).replace("[0,4,", "[0,5,"));
        QVERIFY(!cache->find("key", {}));
        QVERIFY(!QFileInfo::exists(image));
        QVERIFY(store(*cache, "key"));
        QVERIFY(cache->find("key", {}));
    }

    void theLeastRecentlyUsedSetIsRemovedAtTheLimit()
    {
        const Folder folder;
        const QByteArray text(10'000, '\xE9');
        const Result<ImageCache> cache = openCache(folder, 26'000);
        QVERIFY(store(*cache, "first", text));
        QTest::qWait(20);
        QVERIFY(store(*cache, "second", text));
        QTest::qWait(20);
        QVERIFY(cache->find("first", {}));
        QVERIFY(store(*cache, "third", text));
        QVERIFY(cache->find("first", {}));
        QVERIFY(!cache->find("second", {}));
        QVERIFY(cache->find("third", {}));
        QVERIFY(cache->totalBytes() <= 26'000);
    }

    void aSetInUseIsNeverRemoved()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder, 1);
        const Result<ImageSet> used = store(*cache, "used");
        QVERIFY(store(*cache, "next"));
        QVERIFY(textAt(used->span(used->texts()[0])) == U"café");
        cache->clear();
        QVERIFY(textAt(used->span(used->texts()[0])) == U"café");
        QCOMPARE(countSets(folder), 1);
    }

    void clearRemovesWhatIsNotInUse()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        QVERIFY(store(*cache, "a"));
        QVERIFY(store(*cache, "b"));
        QVERIFY(cache->totalBytes() > 0);
        cache->clear();
        QCOMPARE(cache->totalBytes(), 0);
        QCOMPARE(countSets(folder), 0);
    }

    void aTemporarySetIsGoneInTheEnd()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        {
            const Result<ImageSet> set = store(*cache, std::nullopt);
            QVERIFY(textAt(set->span(set->texts()[0])) == U"café");
            QCOMPARE(countSets(folder), 1);
        }
        QCOMPARE(countSets(folder), 0);
    }

    void whatAKilledProcessLeftIsRemoved()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        folder.write(u"cache/sets/new-00/index.json"_s, "");
        folder.write(u"cache/sets/new-00/latin1"_s, "confidential");
        QVERIFY(store(*cache, "key"));
        QCOMPARE(countSets(folder), 1);
        QVERIFY(cache->find("key", {}));
    }

    void aDraftThatIsNotFinishedIsRemoved()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        {
            const Result<ImageCache::Draft> draft = cache->begin(indexOf(U"café"));
            QVERIFY(draft);
            QCOMPARE(countSets(folder), 1);
        }
        QCOMPARE(countSets(folder), 0);
    }

    void twoWhoMakeTheSameSetBothHaveIt()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder);
        const Result<ImageSet> first = store(*cache, "key"), second = store(*cache, "key");
        QVERIFY(second);
        QVERIFY(textAt(first->span(first->texts()[0])) == U"café");
        QVERIFY(textAt(second->span(second->texts()[0])) == U"café");
    }

    void aFullDiskIsToldBeforeAnythingIsWritten()
    {
        const Folder folder;
        const Result<ImageCache> cache = openCache(folder, ample, qint64(1) << 60);
        const Result<ImageSet> set = store(*cache, "key");
        QVERIFY(!set);
        QCOMPARE(set.error().code, ErrorCode::DiskFull);
        QVERIFY(set.error().message.contains(cache->folder()));
        QCOMPARE(countSets(folder), 0);
    }

    void namesDependOnTheSecret()
    {
        const Folder one, two;
        const auto nameIn = [](const Folder& folder) { return fingerprint({"x"}, openCache(folder)->key()); };
        QCOMPARE(nameIn(one), nameIn(one));
        QVERIFY(nameIn(one) != nameIn(two));
    }
};

QTEST_GUILESS_MAIN(ImageCacheTest)
#include "tst_image_cache.moc"
