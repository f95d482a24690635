#pragma once

#include "run_reference.h"

#include "base/result.h"
#include "engine/breakpoint.h"
#include "engine/limits.h"
#include "trajectory/fork.h"

#include <QStringList>

#include <vector>

namespace burrow {

/// The limits that a person named; what is empty stays as it is.
struct LimitOptions {
    std::optional<int> maxDepth, maxIterations, concurrency;
    std::optional<MicroUsd> maxCost;
    std::optional<qint64> maxCalls, maxTokens;
    std::optional<std::chrono::milliseconds> maxTime, cellTimeout, cellCpu;
    std::optional<qint64> cellMemory, cellScratch, maxMemory; ///< bytes

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
    std::optional<RunReference> continuedRun; ///< `--continue`: the run to go on with; no paths then
    std::vector<Breakpoint> breakpoints;
    QString model, subModel, baseUrl, encoding, runFile, python;
    QStringList allowedModels, prices;
    std::optional<qint64> window; ///< tokens
    LimitOptions limits;
    OutputOptions output;
    bool allowUnsafeSandbox = false;
    bool trustRun = false;
};

struct ResumeOptions {
    RunReference run;
    LimitOptions limits;
    OutputOptions output;
    QString python;
    bool allowUnsafeSandbox = false;
    bool trustRun = false;
};

struct ShowOptions {
    RunReference run;
    bool json = false;
};

struct ReplayOptions {
    enum class Mode {
        Strict, ///< nothing is sent, and everything has to be as it was
        Hybrid, ///< in a branch of its own; what is not on record is sent
    };
    RunReference run;
    Mode mode = Mode::Strict;
    LimitOptions limits; ///< Hybrid
    OutputOptions output;
    QString python;
    bool allowUnsafeSandbox = false;
    bool trustRun = false;
};

struct ForkOptions {
    RunReference run;
    NodePath at;
    Change::What what = Change::What::Nothing;
    QString textFile; ///< holds the new code, reply or prompt
    QString model; ///< the new model
    Parameters parameters; ///< the new ones
    Edit::Reach reach = Edit::Reach::Node;
    LimitOptions limits;
    OutputOptions output;
    QString python;
    bool allowUnsafeSandbox = false;
    bool trustRun = false;
};

struct DiffOptions {
    RunReference left, right;
};

struct SampleOptions {
    qint64 bytes = 0;
    QString kind;
    QString path;
};

struct DoctorOptions {
    QString baseUrl;
    QString python;
    bool json = false;
};

/// Each reads the arguments behind its verb. Errors: InvalidArgument, naming the argument.
Result<AskOptions> parseAsk(const QStringList& arguments);
Result<ResumeOptions> parseResume(const QStringList& arguments);
Result<ReplayOptions> parseReplay(const QStringList& arguments);
Result<ForkOptions> parseFork(const QStringList& arguments);
Result<DiffOptions> parseDiff(const QStringList& arguments);
Result<ShowOptions> parseShow(const QStringList& arguments);
Result<SampleOptions> parseSample(const QStringList& arguments);
Result<DoctorOptions> parseDoctor(const QStringList& arguments);

/// What `burrow-cli help` prints.
QString helpText();

} // namespace burrow
