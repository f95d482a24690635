#include "options.h"

#include "base/quantities.h"
#include "base/words.h"

#include <QCommandLineParser>

#include <limits>

namespace burrow {

namespace {

using words::tr;

/// Options that take a value, as `name=VALUE`; and flags, as `name`.
class Arguments {
public:
    Arguments(std::vector<const char*> valued, std::vector<const char*> flags)
    {
        m_parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
        for (const char* name : valued)
            m_parser.addOption(QCommandLineOption(QString::fromLatin1(name), {}, QStringLiteral("value")));
        for (const char* name : flags)
            m_parser.addOption(QCommandLineOption(QString::fromLatin1(name)));
    }

    Result<void> parse(const QStringList& arguments)
    {
        if (!m_parser.parse(QStringList(QString()) + arguments))
            return fail(ErrorCode::InvalidArgument,
                tr("%1 `burrow-cli help` says which options belong to which command.")
                    .arg(m_parser.errorText()));
        return {};
    }

    bool has(const char* name) const { return m_parser.isSet(QString::fromLatin1(name)); }
    QString value(const char* name) const { return m_parser.value(QString::fromLatin1(name)); }
    QStringList values(const char* name) const { return m_parser.values(QString::fromLatin1(name)); }
    QStringList positional() const { return m_parser.positionalArguments(); }

    /// Puts the value of option @p name into @p target by @p read, where it is given. A limit of zero is
    /// refused.
    template <typename Target, typename Read>
    void take(
        const char* name, std::optional<Target>& target, Read read, Result<void>& status, Target least) const
    {
        if (!has(name) || !status)
            return;
        const auto parsed = read(value(name));
        if (!parsed)
            status = fail(parsed.error().code,
                QStringLiteral("--%1: %2").arg(QLatin1String(name), parsed.error().message));
        else if (*parsed < least)
            status = fail(ErrorCode::InvalidArgument,
                tr("--%1 %2 is too little for anything: give a larger limit, or leave the option out.")
                    .arg(QLatin1String(name), value(name)));
        else
            target = *parsed;
    }

private:
    QCommandLineParser m_parser;
};

Result<qint64> parseCount(const QString& text)
{
    bool ok = false;
    const qint64 count = QString(text).remove(QLatin1Char(',')).toLongLong(&ok);
    if (!ok || count < 0)
        return fail(ErrorCode::InvalidArgument,
            tr("'%1' is no count: give a whole number such as 1 or 20.").arg(text));
    return count;
}

Result<int> parseSmallCount(const QString& text)
{
    const Result<qint64> count = parseCount(text);
    if (!count)
        return std::unexpected(count.error());
    if (*count > 1'000'000)
        return fail(ErrorCode::InvalidArgument, tr("%1 is more than a million.").arg(text));
    return int(*count);
}

/// @p names and the options of all limits.
std::vector<const char*> withLimits(std::vector<const char*> names)
{
    names.insert(names.end(),
        {"max-depth", "max-iterations", "concurrency", "max-cost", "max-calls", "max-tokens", "max-time",
            "max-memory", "cell-timeout", "cell-cpu", "cell-memory", "cell-scratch"});
    return names;
}

Result<LimitOptions> limitsFrom(const Arguments& arguments)
{
    using std::chrono::milliseconds;
    LimitOptions limits;
    Result<void> status;
    arguments.take("max-depth", limits.maxDepth, parseSmallCount, status, 0);
    arguments.take("max-iterations", limits.maxIterations, parseSmallCount, status, 1);
    arguments.take("concurrency", limits.concurrency, parseSmallCount, status, 1);
    arguments.take("max-cost", limits.maxCost, parseMoney, status, MicroUsd{1});
    arguments.take("max-calls", limits.maxCalls, parseCount, status, qint64(1));
    arguments.take("max-tokens", limits.maxTokens, parseCount, status, qint64(1));
    arguments.take("max-time", limits.maxTime, parseDuration, status, milliseconds(1));
    arguments.take("max-memory", limits.maxMemory, parseBytes, status, leastReplMemory);
    arguments.take("cell-timeout", limits.cellTimeout, parseDuration, status, milliseconds(1));
    arguments.take("cell-cpu", limits.cellCpu, parseDuration, status, milliseconds(1));
    arguments.take("cell-memory", limits.cellMemory, parseBytes, status, leastReplMemory);
    arguments.take("cell-scratch", limits.cellScratch, parseBytes, status, qint64(1));
    if (!status)
        return std::unexpected(status.error());
    return limits;
}

Result<std::vector<Breakpoint>> breakpointsFrom(const Arguments& arguments)
{
    std::vector<Breakpoint> breakpoints;
    for (const QString& text : arguments.values("break")) {
        const Result<Breakpoint> breakpoint = parseBreakpoint(text);
        if (!breakpoint)
            return std::unexpected(breakpoint.error());
        breakpoints.push_back(*breakpoint);
    }
    return breakpoints;
}

Result<int> parseTokens(const QString& text)
{
    const Result<qint64> count = parseCount(text);
    if (count && *count > std::numeric_limits<int>::max())
        return fail(ErrorCode::InvalidArgument, tr("%1 is more than any model writes.").arg(text));
    return count.transform([](qint64 tokens) { return int(tokens); });
}

/// `--temperature` and `--max-output-tokens`; the first may be `server`.
Result<Parameters> parametersFrom(const Arguments& arguments)
{
    Parameters parameters;
    Result<void> status;
    arguments.take("max-output-tokens", parameters.maxOutputTokens, parseTokens, status, 1);
    if (!status)
        return std::unexpected(status.error());
    if (!arguments.has("temperature"))
        return parameters;
    const QString temperature = arguments.value("temperature");
    bool isNumber = false;
    const double value = temperature.toDouble(&isNumber);
    if (temperature == QLatin1String("server"))
        parameters.serversTemperature = true;
    else if (isNumber)
        parameters.temperature = value;
    if (!decodeParameters(encodeParameters(parameters)))
        return fail(ErrorCode::InvalidArgument,
            tr("--temperature %1: give a number from 0 to 2, or `server` to send none.").arg(temperature));
    return parameters;
}

/// The one change that a fork makes.
Result<void> takeChange(const Arguments& arguments, ForkOptions& options)
{
    using What = Change::What;
    int given = 0;
    for (const auto& [name, what] :
        {std::pair("code", What::Code), std::pair("reply", What::Reply), std::pair("prompt", What::Prompt)}) {
        if (!arguments.has(name))
            continue;
        options.what = what;
        options.textFile = arguments.value(name);
        ++given;
    }
    if (arguments.has("model")) {
        options.what = What::Model;
        options.model = arguments.value("model");
        ++given;
    }
    if (arguments.has("temperature") || arguments.has("max-output-tokens")) {
        const Result<Parameters> parameters = parametersFrom(arguments);
        if (!parameters)
            return std::unexpected(parameters.error());
        options.what = What::Parameters;
        options.parameters = *parameters;
        ++given;
    }
    if (arguments.has("resample")) {
        options.what = What::Sample;
        ++given;
    }
    if (given != 1)
        return fail(ErrorCode::InvalidArgument,
            tr("Name one change: --code FILE, --reply FILE, --prompt FILE, --model NAME, --temperature X, "
               "--max-output-tokens N or --resample."));
    const QString reach = arguments.has("reach") ? arguments.value("reach") : QStringLiteral("node");
    if (reach == QLatin1String("here"))
        options.reach = Edit::Reach::FromHere;
    else if (reach == QLatin1String("all"))
        options.reach = Edit::Reach::All;
    else if (reach != QLatin1String("node"))
        return fail(
            ErrorCode::InvalidArgument, tr("--reach %1 is unknown: name node, here or all.").arg(reach));
    return {};
}

/// A further question goes on with the models, the documents and the file of its run: what would change them
/// is refused rather than ignored.
Result<void> checkContinued(const Arguments& arguments)
{
    for (const char* name :
        {"model", "sub-model", "base-url", "allow-model", "price", "window", "encoding", "run-file"}) {
        if (arguments.has(name))
            return fail(ErrorCode::InvalidArgument,
                tr("--%1 cannot go with --continue: a further question keeps what its run was asked with. "
                   "Leave it "
                   "out, or ask anew.")
                    .arg(QLatin1String(name)));
    }
    return {};
}

} // namespace

void LimitOptions::applyTo(RunLimits& limits) const
{
    limits.maxDepth = maxDepth.value_or(limits.maxDepth);
    limits.maxIterations = maxIterations.value_or(limits.maxIterations);
    limits.maxConcurrentCalls = concurrency.value_or(limits.maxConcurrentCalls);
    limits.repl.cellTimeout = cellTimeout.value_or(limits.repl.cellTimeout);
    limits.repl.cellCpu = cellCpu.value_or(limits.repl.cellCpu);
    limits.repl.memoryBytes = cellMemory.value_or(limits.repl.memoryBytes);
    limits.repl.scratchBytes = cellScratch.value_or(limits.repl.scratchBytes);
    limits.repl.runMemoryBytes = maxMemory.value_or(limits.repl.runMemoryBytes);
    limits.maxCost = maxCost ? maxCost : limits.maxCost;
    limits.maxCalls = maxCalls ? maxCalls : limits.maxCalls;
    limits.maxTokens = maxTokens ? maxTokens : limits.maxTokens;
    limits.maxTime = maxTime ? maxTime : limits.maxTime;
}

Result<AskOptions> parseAsk(const QStringList& arguments)
{
    Arguments parser(withLimits({"model", "sub-model", "base-url", "allow-model", "price", "window",
                         "encoding", "run-file", "continue", "break", "python"}),
        {"json", "quiet", "allow-unsafe-sandbox", "trust-run"});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    AskOptions options;
    QStringList words = parser.positional();
    if (parser.has("continue"))
        options.continuedRun = RunReference::from(parser.value("continue"));
    if (words.isEmpty() || words.front().trimmed().isEmpty())
        return fail(
            ErrorCode::InvalidArgument, tr("There is no question: burrow-cli ask [options] QUESTION PATH…"));
    options.question = words.takeFirst();
    options.paths = words;
    if (options.paths.isEmpty() != options.continuedRun.has_value())
        return fail(ErrorCode::InvalidArgument,
            options.paths.isEmpty()
                ? tr("There is no document: name a file or a folder behind the question.")
                : tr("--continue goes on with the documents of its run: leave out the paths."));
    if (options.continuedRun) {
        if (const auto checked = checkContinued(parser); !checked)
            return std::unexpected(checked.error());
    }
    auto limits = limitsFrom(parser);
    if (!limits)
        return std::unexpected(limits.error());
    options.limits = *limits;
    if (!options.continuedRun && parser.value("model").isEmpty())
        return fail(ErrorCode::InvalidArgument,
            tr("There is no model: --model offline needs no network; --base-url URL --model NAME uses a "
               "server."));
    auto breakpoints = breakpointsFrom(parser);
    if (!breakpoints)
        return std::unexpected(breakpoints.error());
    options.breakpoints = std::move(*breakpoints);
    Result<void> status;
    parser.take("window", options.window, parseCount, status, qint64(1000));
    if (!status)
        return std::unexpected(status.error());
    options.model = parser.value("model");
    options.subModel = parser.value("sub-model");
    options.baseUrl = parser.value("base-url");
    options.encoding = parser.value("encoding");
    options.runFile = parser.value("run-file");
    options.python = parser.value("python");
    options.allowedModels = parser.values("allow-model");
    options.prices = parser.values("price");
    options.output = {parser.has("json"), parser.has("quiet")};
    options.allowUnsafeSandbox = parser.has("allow-unsafe-sandbox");
    options.trustRun = parser.has("trust-run");
    return options;
}

Result<ResumeOptions> parseResume(const QStringList& arguments)
{
    Arguments parser(withLimits({"python"}), {"json", "quiet", "allow-unsafe-sandbox", "trust-run"});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    if (parser.positional().size() != 1)
        return fail(ErrorCode::InvalidArgument, tr("Name one run file: burrow-cli resume RUN [limits]"));
    auto limits = limitsFrom(parser);
    if (!limits)
        return std::unexpected(limits.error());
    return ResumeOptions{RunReference::from(parser.positional().front()), *limits,
        {parser.has("json"), parser.has("quiet")}, parser.value("python"), parser.has("allow-unsafe-sandbox"),
        parser.has("trust-run")};
}

Result<ReplayOptions> parseReplay(const QStringList& arguments)
{
    Arguments parser(withLimits({"branch", "python"}),
        {"strict", "hybrid", "json", "quiet", "allow-unsafe-sandbox", "trust-run"});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    if (parser.positional().size() != 1 || (parser.has("strict") && parser.has("hybrid")))
        return fail(ErrorCode::InvalidArgument,
            tr("Name one run file: burrow-cli replay RUN [--strict | --hybrid] [--branch B]"));
    auto limits = limitsFrom(parser);
    if (!limits)
        return std::unexpected(limits.error());
    ReplayOptions options;
    options.run = RunReference::from(parser.positional().front());
    Result<void> status;
    std::optional<int> branch;
    parser.take("branch", branch, parseSmallCount, status, 1);
    if (!status)
        return std::unexpected(status.error());
    options.run.branch = branch.value_or(options.run.branch);
    options.python = parser.value("python");
    options.mode = parser.has("hybrid") ? ReplayOptions::Mode::Hybrid : ReplayOptions::Mode::Strict;
    options.limits = *limits;
    options.output = {parser.has("json"), parser.has("quiet")};
    options.allowUnsafeSandbox = parser.has("allow-unsafe-sandbox");
    options.trustRun = parser.has("trust-run");
    return options;
}

Result<ForkOptions> parseFork(const QStringList& arguments)
{
    Arguments parser(withLimits({"at", "code", "reply", "prompt", "model", "temperature", "max-output-tokens",
                         "reach", "python"}),
        {"resample", "json", "quiet", "allow-unsafe-sandbox", "trust-run"});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    const auto at = NodePath::parse(parser.value("at").toUtf8());
    if (parser.positional().size() != 1 || !at)
        return fail(ErrorCode::InvalidArgument,
            tr("Name one run file and a node of it: burrow-cli fork RUN --at root/turn1/cell1 --code FILE"));
    ForkOptions options;
    options.run = RunReference::from(parser.positional().front());
    options.at = *at;
    options.python = parser.value("python");
    if (const auto taken = takeChange(parser, options); !taken)
        return std::unexpected(taken.error());
    auto limits = limitsFrom(parser);
    if (!limits)
        return std::unexpected(limits.error());
    options.limits = *limits;
    options.output = {parser.has("json"), parser.has("quiet")};
    options.allowUnsafeSandbox = parser.has("allow-unsafe-sandbox");
    options.trustRun = parser.has("trust-run");
    return options;
}

Result<DiffOptions> parseDiff(const QStringList& arguments)
{
    Arguments parser({}, {});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    if (parser.positional().size() != 2)
        return fail(ErrorCode::InvalidArgument,
            tr("Name two runs or branches: burrow-cli diff RUN[@BRANCH] RUN[@BRANCH]"));
    return DiffOptions{
        RunReference::from(parser.positional().front()), RunReference::from(parser.positional().back())};
}

Result<ShowOptions> parseShow(const QStringList& arguments)
{
    Arguments parser({}, {"json"});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    if (parser.positional().size() != 1)
        return fail(ErrorCode::InvalidArgument, tr("Name one run file: burrow-cli show RUN"));
    return ShowOptions{RunReference::from(parser.positional().front()), parser.has("json")};
}

Result<SampleOptions> parseSample(const QStringList& arguments)
{
    Arguments parser({"size", "kind"}, {});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    if (parser.positional().size() != 1 || !parser.has("size"))
        return fail(ErrorCode::InvalidArgument,
            tr("Say how large, and where: burrow-cli sample --size 100MiB [--kind ascii|zh|emoji] OUT"));
    const Result<qint64> bytes = parseBytes(parser.value("size"));
    if (!bytes)
        return std::unexpected(bytes.error());
    return SampleOptions{*bytes, parser.has("kind") ? parser.value("kind") : QStringLiteral("ascii"),
        parser.positional().front()};
}

Result<DoctorOptions> parseDoctor(const QStringList& arguments)
{
    Arguments parser({"base-url", "python"}, {"json"});
    if (const auto parsed = parser.parse(arguments); !parsed)
        return std::unexpected(parsed.error());
    if (!parser.positional().isEmpty())
        return fail(
            ErrorCode::InvalidArgument, tr("doctor takes no arguments but --json, --base-url and --python."));
    return DoctorOptions{parser.value("base-url"), parser.value("python"), parser.has("json")};
}

QString helpText()
{
    return tr(R"(Burrow answers questions about documents that no model can read whole.

burrow-cli ask [options] QUESTION PATH...    answer on stdout, progress on stderr
burrow-cli ask --continue RUN QUESTION       a further question over the same REPL
burrow-cli resume RUN [limits]               go on with a killed, stopped or limited run
burrow-cli show RUN [--json]                 the tree of a run
burrow-cli replay RUN [--strict | --hybrid]  plays a recorded run again: strictly nothing is sent and all is
                                             compared, hybrid sends what is not on record, in a new branch
burrow-cli fork RUN --at NODE CHANGE         a branch with one change: --code FILE | --reply FILE |
                                             --prompt FILE | --resample | --model NAME [--reach node|here|all]
                                             | --temperature X --max-output-tokens N [--reach node|here|all]
burrow-cli diff RUN RUN                      what differs between two runs or branches
burrow-cli sample --size 1GiB [--kind ascii|zh|emoji] OUT
                                             a text with one planted fact, its question and answer
burrow-cli doctor [--json] [--base-url URL]  sandbox, Python, providers, versions

Models    --model offline | NAME   --sub-model NAME   --base-url URL (OpenAI-compatible)
          --allow-model NAME       --price MODEL=IN/OUT ($ per million tokens)   --window TOKENS
          The key is read from BURROW_API_KEY.
Limits    --max-cost 2.50   --max-tokens N   --max-calls N   --max-time 5m   --max-depth N
          --max-iterations N   --concurrency N   --max-memory 8GiB (of all REPLs together)
          --cell-timeout 90s   --cell-cpu 10m   --cell-memory 2GiB   --cell-scratch 1GiB
Stop at   --break cell,at=root/turn2 | reply,text=WORDS | request,model=NAME | cost=0.50 | … (ask)
Branches  RUN is the run as it was asked, RUN@2 its second branch.
Other     --run-file FILE.burrow   --encoding NAME   --json   --quiet   --trust-run
          --python PATH (runs the cells)   --allow-unsafe-sandbox

Exit status: 0 answered, 2 usage, 3 limit, 4 provider, 5 sandbox, 6 document, 7 replay diverged,
130 interrupted. Ctrl+C stops softly, twice at once.
)");
}

} // namespace burrow
