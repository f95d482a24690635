#include "host/frame_reader.h"

#include "host/protocol.h"

#include <nlohmann/json.hpp>

#include <QtEndian>
#include <QTest>

using namespace burrow;

namespace {

Result<quint64> generous(const QByteArray&, quint32)
{
    return protocol::maxFrameBytes;
}

QByteArray joined(const std::vector<QByteArray>& pieces)
{
    QByteArray bytes;
    for (const QByteArray& piece : pieces)
        bytes += piece;
    return bytes;
}

QByteArray number32(quint32 value)
{
    const quint32 little = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char*>(&little), sizeof little);
}

QByteArray number64(quint64 value)
{
    const quint64 little = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char*>(&little), sizeof little);
}

QByteArray sample()
{
    return joined(encodeFrame({{"op", "query"}}, {"first", "", "a third part", ""}))
        + joined(encodeFrame({{"op", "a"}})) + joined(encodeFrame({{"op", "b"}}, {""}));
}

void checkSample(FrameReader& reader)
{
    const std::optional<Frame> first = reader.take();
    QVERIFY(first);
    QCOMPARE(first->header, QByteArray(R"({"op":"query"})"));
    QCOMPARE(first->parts, (std::vector<QByteArray>{"first", "", "a third part", ""}));
    const std::optional<Frame> second = reader.take();
    QVERIFY(second);
    QVERIFY(second->parts.empty());
    const std::optional<Frame> third = reader.take();
    QVERIFY(third);
    QCOMPARE(third->parts, std::vector<QByteArray>{""});
    QVERIFY(!reader.take());
}

} // namespace

class FrameReaderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void framesAreCutWhereverTheBytesAreSplit()
    {
        const QByteArray bytes = sample();
        for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
            FrameReader reader(generous);
            QVERIFY(reader.feed(bytes.first(cut)));
            QVERIFY(reader.feed(bytes.sliced(cut)));
            checkSample(reader);
        }
        FrameReader reader(generous);
        for (const char byte : bytes)
            QVERIFY(reader.feed(QByteArrayView(&byte, 1)));
        checkSample(reader);
    }

    void aBigPartIsReadInPlace()
    {
        const QByteArray part(300'000, 'x');
        const QByteArray bytes = joined(encodeFrame({{"op", "query"}}, {part, "y"}));
        FrameReader reader(generous);
        QVERIFY(reader.destination().empty());
        const qsizetype front = bytes.indexOf('x');
        QVERIFY(reader.feed(bytes.first(front + 10)));
        std::span<char> rest = reader.destination();
        QCOMPARE(rest.size(), std::size_t(part.size() - 10));
        std::ranges::fill(rest.first(200'000), 'x');
        reader.filled(200'000);
        rest = reader.destination();
        QCOMPARE(rest.size(), std::size_t(99'990));
        std::ranges::fill(rest, 'x');
        reader.filled(99'990);
        QVERIFY(reader.destination().empty());
        QVERIFY(reader.feed("y"));
        const std::optional<Frame> frame = reader.take();
        QVERIFY(frame);
        QCOMPARE(frame->parts, (std::vector<QByteArray>{part, "y"}));
    }

    void aTruncatedFrameIsNotThere()
    {
        const QByteArray bytes = joined(encodeFrame({{"op", "a"}}, {"part"}));
        for (qsizetype length = 0; length < bytes.size(); ++length) {
            FrameReader reader(generous);
            QVERIFY(reader.feed(bytes.first(length)));
            QVERIFY(!reader.take());
        }
    }

    void hostileLengthsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray header = R"({"op":"a"})";
        const QByteArray size = number32(quint32(header.size()));
        QTest::newRow("longest header") << number32(0xFFFFFFFF) + number32(0);
        QTest::newRow("header over the bound") << number32(protocol::maxHeaderBytes + 1) + number32(0);
        QTest::newRow("empty header") << number32(0) + number32(0);
        QTest::newRow("most parts") << size + number32(0xFFFFFFFF);
        QTest::newRow("parts over the bound") << size + number32(protocol::maxParts + 1);
        QTest::newRow("longest part") << size + number32(1) + header + number64(~quint64(0));
        QTest::newRow("part over the bound")
            << size + number32(1) + header + number64(protocol::maxFrameBytes + 1);
        QTest::newRow("sum over the bound")
            << size + number32(2) + header + number64(protocol::maxFrameBytes) + number64(1);
        QTest::newRow("sum that wraps around")
            << size + number32(3) + header + number64(1) + number64(~quint64(0)) + number64(1);
    }

    void hostileLengthsAreRefused()
    {
        QFETCH(const QByteArray, bytes);
        FrameReader reader(generous);
        const Result<void> fed = reader.feed(bytes);
        QVERIFY(!fed);
        QCOMPARE(fed.error().code, ErrorCode::ProtocolViolation);
        QVERIFY(!reader.take());
    }

    void theLimitSeesTheHeaderBeforePartsAreReserved()
    {
        QByteArray seen;
        FrameReader reader([&seen](const QByteArray& header, quint32 parts) -> Result<quint64> {
            seen = header + ' ' + QByteArray::number(parts);
            return 3;
        });
        QVERIFY(!reader.feed(joined(encodeFrame({{"op", "a"}}, {"1", "234"}))));
        QCOMPARE(seen, QByteArray(R"({"op":"a"} 2)"));
    }
};

QTEST_GUILESS_MAIN(FrameReaderTest)
#include "tst_frame_reader.moc"
