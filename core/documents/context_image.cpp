#include "documents/context_image.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/document_text.h"
#include "documents/first_error.h"

#include <algorithm>
#include <chrono>

namespace burrow {

namespace {

constexpr qint64 smallestOnItsOwn = qint64(1) << 20;
// With the four images of the rest, fewer than the 64 files that a guest is handed at most.
constexpr size_t mostOnTheirOwn = 56;

using Indices = std::vector<size_t>;

/// The texts of a document and what was found in it.
struct Measured {
    DocumentText text;
    QByteArray content; ///< fingerprint of the document's bytes; empty where it is used in place
};

QByteArray identityBytes(const FileIdentity& identity)
{
    const qint64 numbers[] = {static_cast<qint64>(identity.device), static_cast<qint64>(identity.inode),
        identity.size, identity.modified, identity.changed};
    return QByteArray(reinterpret_cast<const char*>(numbers), sizeof numbers);
}

QByteArray contentKey(const std::vector<Measured>& measured, const FingerprintKey& key)
{
    std::vector<QByteArray> parts = {"content"};
    for (const Measured& one : measured) {
        parts.push_back(one.content);
        parts.push_back(one.text.encoding.name());
    }
    return fingerprint(parts, key);
}

bool isUsedInPlace(const std::vector<Measured>& measured)
{
    return measured.size() == 1 && measured.front().text.isStoredForm;
}

bool fits(const ImageSet& set, const Indices& indices)
{
    return set.texts().size() == indices.size();
}

} // namespace

/// Makes a ContextImage, on a thread of the pool.
class ContextImageBuilder {
public:
    ContextImageBuilder(
        const Corpus& corpus, const ImageCache& cache, ContextImage::Copies copies, const StopToken& stop)
        : m_corpus(corpus), m_cache(cache), m_copies(copies), m_stop(stop)
    {
    }

    Result<ContextImage> build();

private:
    Indices largeDocuments() const;
    Result<void> add(const Indices& indices);
    Result<std::vector<Measured>> measureAll(const Indices& indices) const;
    Result<Measured> measure(const Document& document, bool alone) const;
    Result<ImageSet> transcodeAll(
        const Indices& indices, const std::vector<Measured>& measured, const QByteArray& content) const;
    Result<void> transcodeOne(const Document& document, const DocumentText& text, const ImageText& place,
        const ImageCache::Draft& draft) const;

    QByteArray sourcesKey(const Indices& indices) const;
    bool areSettled(const Indices& indices, std::chrono::nanoseconds since) const;
    void useInPlace(size_t index, const DocumentText& text);
    void use(const Indices& indices, ImageSet set);

    const Document& document(size_t index) const { return m_corpus.documents()[index]; }

    const Corpus& m_corpus;
    const ImageCache& m_cache;
    ContextImage::Copies m_copies;
    const StopToken& m_stop;
    ContextImage m_image;
};

Result<ContextImage> ContextImageBuilder::build()
{
    const size_t count = m_corpus.documents().size();
    m_image.m_spans.resize(count);
    m_image.m_readings.resize(count);
    const Indices large = largeDocuments();
    Indices rest;
    for (size_t i = 0; i < count; ++i) {
        if (!std::ranges::binary_search(large, i))
            rest.push_back(i);
    }
    std::vector<Indices> groups;
    for (const size_t index : large)
        groups.push_back({index});
    if (!rest.empty())
        groups.push_back(std::move(rest));
    for (const Indices& group : groups) {
        if (const Result<void> added = add(group); !added)
            return std::unexpected(added.error());
    }
    return std::move(m_image);
}

/// The documents that are mapped one by one, in order.
Indices ContextImageBuilder::largeDocuments() const
{
    Indices large;
    const size_t count = m_corpus.documents().size();
    for (size_t i = 0; i < count; ++i) {
        if (count == 1 || document(i).identity.size >= smallestOnItsOwn)
            large.push_back(i);
    }
    if (large.size() > mostOnTheirOwn) {
        std::ranges::stable_sort(
            large, std::greater(), [this](size_t i) { return document(i).identity.size; });
        large.resize(mostOnTheirOwn);
        std::ranges::sort(large);
    }
    return large;
}

/// Adds documents that share an image set; a single large one is used in place where that is possible.
Result<void> ContextImageBuilder::add(const Indices& indices)
{
    const auto start = std::chrono::system_clock::now().time_since_epoch();
    const QByteArray sources = sourcesKey(indices);
    if (std::optional<ImageSet> set = m_cache.findLinked(sources, m_stop); set && fits(*set, indices)) {
        use(indices, std::move(*set));
        return {};
    }
    Result<std::vector<Measured>> measured = measureAll(indices);
    if (!measured)
        return std::unexpected(measured.error());
    if (isUsedInPlace(*measured)) {
        useInPlace(indices.front(), measured->front().text);
        return {};
    }
    const QByteArray content = contentKey(*measured, m_cache.key());
    std::optional<ImageSet> set = m_cache.find(content, m_stop);
    if (!set || !fits(*set, indices)) {
        Result<ImageSet> made = transcodeAll(indices, *measured, content);
        if (!made)
            return std::unexpected(made.error());
        set.emplace(std::move(*made));
    }
    if (m_copies == ContextImage::Copies::Cached && areSettled(indices, start))
        m_cache.link(sources, content);
    use(indices, std::move(*set));
    return {};
}

Result<std::vector<Measured>> ContextImageBuilder::measureAll(const Indices& indices) const
{
    std::vector<Measured> all(indices.size());
    FirstError error;
    parallelFor(
        std::ssize(indices),
        [&](qsizetype i) {
            const auto at = static_cast<size_t>(i);
            Result<Measured> one = measure(document(indices[at]), indices.size() == 1);
            if (one)
                all[at] = std::move(*one);
            else
                error.note(one.error());
        },
        m_stop);
    if (m_stop.stop_requested())
        return errors::cancelled();
    return error.take().transform([&all] { return std::move(all); });
}

Result<Measured> ContextImageBuilder::measure(const Document& document, bool alone) const
{
    const Result<MappedFile> file = openDocument(document);
    if (!file)
        return std::unexpected(file.error());
    Result<DocumentText> text = measureText(*file, m_corpus.encoding(), m_stop);
    if (!text)
        return std::unexpected(text.error());
    Measured measured{std::move(*text), {}};
    if (!alone || !measured.text.isStoredForm)
        measured.content = fingerprint(file->bytes(), m_cache.key(), m_stop);
    return file->check().transform([&measured] { return std::move(measured); });
}

Result<ImageSet> ContextImageBuilder::transcodeAll(
    const Indices& indices, const std::vector<Measured>& measured, const QByteArray& content) const
{
    ImageIndex index;
    for (const Measured& one : measured)
        index.add({one.text.encoding, one.text.measure, {}});
    Result<ImageCache::Draft> draft = m_cache.begin(std::move(index));
    if (!draft)
        return std::unexpected(draft.error());
    FirstError error;
    parallelFor(
        std::ssize(indices),
        [&](qsizetype i) {
            const auto at = static_cast<size_t>(i);
            if (error.failed())
                return;
            const Result<void> done
                = transcodeOne(document(indices[at]), measured[at].text, draft->index.texts[at], *draft);
            if (!done)
                error.note(done.error());
        },
        m_stop);
    if (const Result<void> done = error.take(); !done)
        return std::unexpected(done.error());
    const bool cached = m_copies == ContextImage::Copies::Cached;
    return m_cache.finish(std::move(*draft), cached ? std::optional(content) : std::nullopt, m_stop);
}

Result<void> ContextImageBuilder::transcodeOne(const Document& document, const DocumentText& text,
    const ImageText& place, const ImageCache::Draft& draft) const
{
    const Result<MappedFile> file = openDocument(document);
    if (!file)
        return std::unexpected(file.error());
    const PrivateFile& image = *draft.images[static_cast<size_t>(text.measure.width())];
    const Result<void> done = transcode(*file, document.path, text, image, place.offset, m_stop);
    // What else went wrong is of no interest where the document changed meanwhile.
    if (const Result<void> intact = file->check(); !intact)
        return intact;
    return done;
}

QByteArray ContextImageBuilder::sourcesKey(const Indices& indices) const
{
    std::vector<QByteArray> parts
        = {"sources", m_corpus.encoding() ? m_corpus.encoding()->name() : QByteArray()};
    for (const size_t index : indices)
        parts.push_back(identityBytes(document(index).identity));
    return fingerprint(parts, m_cache.key());
}

/// Whether a change of one of the documents after @p since would show in its identity. File systems count
/// time in steps of up to 10 ms, old ones and some network ones of 1 or 2 s.
bool ContextImageBuilder::areSettled(const Indices& indices, std::chrono::nanoseconds since) const
{
    using namespace std::chrono_literals;
    return std::ranges::all_of(indices, [&](size_t index) {
        const std::chrono::nanoseconds changed(document(index).identity.changed);
        const bool coarse = changed % 1s == 0s;
        return since - changed > (coarse ? 2s : std::chrono::nanoseconds(50ms));
    });
}

void ContextImageBuilder::useInPlace(size_t index, const DocumentText& text)
{
    const Document& source = document(index);
    m_image.m_spans[index] = {source.path, text.begin, CharOffset{text.measure.chars}, text.measure.width()};
    m_image.m_readings[index] = {text.encoding, text.measure.replaced, text.measure.firstReplaced};
}

void ContextImageBuilder::use(const Indices& indices, ImageSet set)
{
    for (size_t i = 0; i < indices.size(); ++i) {
        const ImageText& text = set.texts()[i];
        m_image.m_spans[indices[i]] = set.span(text);
        m_image.m_readings[indices[i]] = {text.encoding, text.measure.replaced, text.measure.firstReplaced};
    }
    m_image.m_sets.push_back(std::move(set));
}

Task<Result<ContextImage>> ContextImage::build(Corpus corpus, ImageCache cache, Copies copies, StopToken stop)
{
    return runInPool(
        [corpus = std::move(corpus), cache = std::move(cache), copies](
            const StopToken& token) { return ContextImageBuilder(corpus, cache, copies, token).build(); },
        std::move(stop));
}

} // namespace burrow
