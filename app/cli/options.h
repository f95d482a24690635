#pragma once

#include "base/result.h"
#include "engine/limits.h"

#include <QStringList>

#include <vector>

namespace burrow {

/// The limits that a person named; what is empty stays as it is.
struct LimitOptions {
    std::optional<int> maxDepth, maxIterations, concurrency;
    std::optional<MicroUsd> maxCost;
    std::optional<qint64> maxCalls, maxTokens;
    std::optional<std::chrono::milliseconds> maxTime, cellTimeout;

    void applyTo(RunLimits& limits) const;
};

/// How results and progress are shown.
struct OutputOptions {
    bool json = false;
    bool quiet = false;
};

struct AskOptions {
    QString question;
    QStringList paths;
    QString continuedRun; ///< `--continue`: the run file to go on with; no paths then
    QString model, subModel, baseUrl, encoding, runFile;
    QStringList allowedModels, prices;
    std::optional<qint64> window; ///< tokens
    LimitOptions limits;
    OutputOptions output;
    bool allowUnsafeSandbox = false;
    bool trustRun = false;
};

struct ResumeOptions {
    QString runFile;
    LimitOptions limits;
    OutputOptions output;
    bool allowUnsafeSandbox = false;
    bool trustRun = false;
};

struct ShowOptions {
    QString runFile;
    bool json = false;
};

struct SampleOptions {
    qint64 bytes = 0;
    QString kind;
    QString path;
};

struct DoctorOptions {
    QString baseUrl;
    bool json = false;
};

/// Each reads the arguments behind its verb. Errors: InvalidArgument, naming the argument.
Result<AskOptions> parseAsk(const QStringList& arguments);
Result<ResumeOptions> parseResume(const QStringList& arguments);
Result<ShowOptions> parseShow(const QStringList& arguments);
Result<SampleOptions> parseSample(const QStringList& arguments);
Result<DoctorOptions> parseDoctor(const QStringList& arguments);

/// What `burrow-cli help` prints.
QString helpText();

} // namespace burrow
