#pragma once

#include <QString>

/// What the machine allows at best, measured in the same run as the figures that stand beside it.
namespace burrow::bench {

/// Seconds to read the whole file at @p path.
double plainRead(const QString& path);

/// Seconds to write the bytes of the file at @p path into another one beside it, and onto the disk; negative
/// where that failed.
double plainWrite(const QString& path);

/// Seconds for @p requests streamed completions by a bare curl client that keeps @p inFlight of them going
/// over kept-alive connections; negative where one of them failed.
double bareCompletions(const QString& baseUrl, int requests, int inFlight);

/// The median seconds for @p bytes to go to another process and back through two pipes, of @p times.
double pipeRoundTrip(qint64 bytes, int times);

/// The median seconds that `python3 -s -S -c pass` takes from start to end, of @p times.
double barePython(int times);

/// The median seconds in which a bare Python forks once and waits, after it has run @p filling. -1: failed.
double bareFork(const QByteArray& filling, int times);

/// The most memory that this program has held, in MB.
double peakMemoryMb();

} // namespace burrow::bench
