#include "session/session.h"

#include "session/document_records.h"

#include "lm/model_facts.h"
#include "lm/offline_model.h"
#include "lm/openai_compatible.h"
#include "trajectory/machine_identity.h"

#include <QCoreApplication>
#include <QRandomGenerator>

namespace burrow {

/// Notes when the first request of the session left.
class Session::FirstRequest final : public LanguageModel {
public:
    FirstRequest(LanguageModel& inner, Session& session) : m_inner(inner), m_session(session) { }

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override
    {
        const auto left = m_session.m_clock.now() - m_session.m_options.started;
        ModelResult result = co_await m_inner.complete(std::move(request), stop);
        // Only its end tells whether it left at all; others may have ended before.
        if (result || result.error().sent)
            m_session.m_firstRequest = std::min(m_session.m_firstRequest.value_or(left), left);
        co_return result;
    }
    QByteArray endpoint() const override { return m_inner.endpoint(); }

private:
    LanguageModel& m_inner;
    Session& m_session;
};

namespace {

/// Stands where a replay has no server: everything is on record, or the replay ends.
class NoServer final : public LanguageModel {
public:
    explicit NoServer(QByteArray endpoint) : m_endpoint(std::move(endpoint)) { }

    Task<ModelResult> complete(ChatRequest, StopToken) override
    {
        co_return std::unexpected(
            ModelError::unsent({ErrorCode::ReplayDiverged, Session::tr("A strict replay sends nothing.")}));
    }
    QByteArray endpoint() const override { return m_endpoint; }

private:
    QByteArray m_endpoint;
};

std::map<QByteArray, QByteArray> templatesOf(const Prompts& prompts)
{
    std::map<QByteArray, QByteArray> templates;
    for (const auto& [name, text] : prompts.templates().asKeyValueRange())
        templates.emplace(name.toUtf8(), text);
    return templates;
}

/// The prompts that a run began with.
Prompts promptsOf(const RunInfo& info)
{
    QHash<QString, QByteArray> templates;
    for (const auto& [name, text] : info.prompts)
        templates.insert(QString::fromUtf8(name), text);
    return Prompts::from(std::move(templates));
}

RunOutcome failed(Error error)
{
    return {error.code == ErrorCode::Cancelled ? RunState::Stopped : RunState::Failed, {}, std::move(error)};
}

} // namespace

Session::Session(RunFile file, RunSettings settings, RunInfo info, SessionOptions options)
    : m_file(std::move(file))
    , m_settings(std::move(settings))
    , m_info(std::move(info))
    , m_options(std::move(options))
    , m_recorder(m_file, m_clock, m_options.feed)
{
}

RunInfo Session::newRun()
{
    RunInfo info;
    info.program = QCoreApplication::applicationVersion().toUtf8();
    info.seed = QRandomGenerator::system()->generate64();
    info.prompts = templatesOf(Prompts::builtIn());
    return info;
}

Session::~Session() = default;

Task<RunOutcome> Session::play(QList<QByteArray> questions)
{
    if (const auto prepared = co_await prepare(questions.front(), m_stop.get_token()); !prepared)
        co_return failed(prepared.error());
    Q_EMIT begun();
    if (m_options.mode == RecordMode::Append)
        m_hashing = recordHashes(m_file, *m_corpus, m_stop.get_token());
    RunOutcome outcome = co_await playAll(std::move(questions));
    if (const auto closed = m_recorder.closeRun(outcome.state, outcome.answer); !closed)
        co_return RunOutcome{RunState::Failed, outcome.answer, closed.error()};
    co_return outcome;
}

Task<void> Session::finish()
{
    if (!m_hashing)
        co_return;
    if (!m_hashing->isReady())
        Q_EMIT hashing();
    const Result<void> hashed = co_await *m_hashing;
    if (!hashed && hashed.error().code != ErrorCode::Cancelled
        && m_recorder.tree().totals().state == RunState::Answered)
        Q_EMIT noted(hashed.error().message);
}

Task<Result<void>> Session::prepare(QByteArray firstQuestion, StopToken stop)
{
    if (const auto opened = openProvider(); !opened)
        co_return opened;
    // The server is asked while the documents are read.
    Task<Result<void>> models = askAboutModels(stop);
    Result<void> ready = co_await openDocuments(stop);
    if (ready)
        ready = co_await openSandbox(stop);
    Result<void> asked = co_await models;
    if (asked && m_options.mode == RecordMode::Append)
        asked = checkPrices(m_settings);
    if (!ready || !asked)
        co_return ready ? asked : ready;
    co_return co_await openRecord(std::move(firstQuestion), stop);
}

Task<Result<void>> Session::openDocuments(StopToken stop)
{
    std::optional<TextEncoding> encoding;
    if (!m_settings.encoding.isEmpty()) {
        encoding = TextEncoding::fromName(m_settings.encoding.toUtf8());
        if (!encoding)
            co_return fail(ErrorCode::InvalidArgument,
                tr("The encoding '%1' is unknown: try utf-8, utf-16, windows-1252 or gb18030.")
                    .arg(m_settings.encoding));
    }
    Result<Corpus> corpus = co_await Corpus::open(m_settings.paths, encoding, stop);
    if (!corpus)
        co_return std::unexpected(corpus.error());
    m_corpus = std::move(*corpus);
    const Result<ImageCache> cache = openImages();
    if (!cache)
        co_return std::unexpected(cache.error());
    Result<ContextImage> image
        = co_await ContextImage::build(*m_corpus, *cache, ContextImage::Copies::Cached, stop);
    if (!image)
        co_return std::unexpected(image.error());
    m_image = std::move(*image);
    if (!m_corpus->skipped().empty())
        Q_EMIT noted(tr("%n file(s) skipped; the run lists them.", nullptr, int(m_corpus->skipped().size())));
    co_return Result<void>();
}

Result<void> Session::openPrices()
{
    return PriceTable::from(m_settings.prices).transform([this](PriceTable prices) {
        m_prices = std::move(prices);
    });
}

/// Where no cache can be kept the run has one of its own: it needs none later.
Result<ImageCache> Session::openImages()
{
    Result<ImageCache> cache = ImageCache::open({});
    if (cache)
        return cache;
    m_ownImages.emplace();
    if (!m_ownImages->isValid())
        return cache;
    Q_EMIT noted(tr("Converted documents are not kept for the next run. %1").arg(cache.error().message));
    return ImageCache::open({.folder = m_ownImages->path()});
}

Result<void> Session::openProvider()
{
    if (const auto priced = openPrices(); !priced)
        return priced;
    if (m_options.mode == RecordMode::Verify) {
        m_server = std::make_unique<NoServer>(m_settings.endpoint.toUtf8());
    } else if (m_settings.endpoint == QLatin1String("offline")) {
        m_server = std::make_unique<OfflineModel>();
    } else {
        Result<Endpoint> endpoint
            = Endpoint::parse(m_settings.endpoint, m_options.keyFor(m_settings.endpoint));
        if (!endpoint)
            return std::unexpected(endpoint.error());
        auto server = std::make_unique<OpenAiCompatible>(std::move(*endpoint), m_transport, m_clock);
        if (m_options.live)
            server->showIn(*m_options.live);
        m_server = std::move(server);
    }
    m_priced = std::make_unique<PricedModel>(*m_server, m_prices);
    m_provider = std::make_unique<FirstRequest>(*m_priced, *this);
    return {};
}

/// What a person, or an earlier session, has said stays.
Task<Result<void>> Session::askAboutModels(StopToken stop)
{
    ModelSettings& models = m_settings.models;
    const auto hasPrice = [this](const QByteArray& model) { return m_prices.price(model).has_value(); };
    if (m_options.mode == RecordMode::Verify || m_settings.endpoint == QLatin1String("offline")
        || (m_settings.windowsKnown
            && (!m_settings.limits.maxCost || std::ranges::all_of(models.allowed, hasPrice))))
        co_return Result<void>();
    Result<Endpoint> endpoint = Endpoint::parse(m_settings.endpoint, m_options.keyFor(m_settings.endpoint));
    if (!endpoint)
        co_return std::unexpected(endpoint.error());
    ModelFacts facts(std::move(*endpoint), m_transport);
    if (!m_settings.windowsKnown) {
        models.rootWindow = (co_await facts.of(models.root, stop)).window.value_or(models.rootWindow);
        models.subWindow = (co_await facts.of(models.sub, stop)).window.value_or(models.subWindow);
    }
    for (const QByteArray& model : models.allowed) {
        const std::optional<Price> price = (co_await facts.of(model, stop)).price;
        if (price && !hasPrice(model))
            m_settings.prices << PriceTable::text(model, *price);
    }
    co_return openPrices();
}

Task<Result<void>> Session::openSandbox(StopToken stop)
{
    const RlmTask first{.path = NodePath::root(1), .context = context()};
    ReplSpec spec = replSpec(first, m_info.seed, m_settings.limits);
    m_repls = std::move(m_options.repls);
    if (!m_repls || !m_repls->kept || m_repls->kept->spec != spec) {
        SandboxOptions options = SandboxOptions::defaults();
        options.python = m_options.python;
        if (m_options.allowUnsafeSandbox)
            options.minimumLevel = SandboxLevel::None;
        m_repls = std::make_shared<PlayedRepls>(std::move(options));
        const Result<SandboxReport> report = co_await m_repls->factory.prepare(std::move(spec), stop);
        if (!report) {
            // A file that shrank in the meantime keeps the guest from starting.
            const Result<void> unchanged = co_await checkOf(context())(stop);
            co_return std::unexpected(unchanged ? report.error() : unchanged.error());
        }
    }
    m_sandbox = m_repls->factory.report();
    if (m_sandbox->level != SandboxLevel::Full)
        Q_EMIT noted(tr("Sandbox: %1. %2 The reason: %3. %4")
                .arg(QString::fromLatin1(nameOf(m_sandbox->level)), explanation(m_sandbox->level),
                    m_sandbox->reason, m_sandbox->remedy));
    Q_EMIT sandboxed(QString::fromLatin1(nameOf(m_sandbox->level)));
    co_return Result<void>();
}

void Session::sayWhatWasReplaced(const QStringList& lines)
{
    constexpr qsizetype mostLines = 3;
    if (lines.size() > mostLines)
        Q_EMIT noted(tr("%1 documents hold bytes that are no text; the run lists them.").arg(lines.size()));
    else
        for (const QString& line : lines)
            Q_EMIT noted(line);
}

Task<Result<void>> Session::openRecord(QByteArray firstQuestion, StopToken stop)
{
    const auto before = m_file.documents();
    if (!before)
        co_return std::unexpected(before.error());
    Result<std::vector<DocumentRecord>> documents = recordsOf(*m_corpus, *m_image);
    sayWhatWasReplaced(replacedLines(*documents));
    if (!before->empty())
        documents = co_await sameDocuments(*before, std::move(*documents), *m_corpus, stop);
    if (!documents)
        co_return std::unexpected(documents.error());
    // Not everything so far fails where it is stopped: a window that is not found out is none. From here on
    // it is the run that is stopped.
    if (stop.stop_requested())
        co_return fail(ErrorCode::Cancelled, tr("Stopped before anything was sent."));
    m_info.settings = m_settings.toJson();
    if (const Result<MachineIdentity> machine = MachineIdentity::open())
        m_info.machine = machine->mark(m_info);
    else
        Q_EMIT noted(tr("Going on with this run later will ask whether you trust it. %1")
                .arg(machine.error().message));
    if (m_options.fork) {
        const Result<int> branch = openFork(m_file, *m_options.fork, SystemClock());
        if (!branch)
            co_return std::unexpected(branch.error());
        m_options.branch = *branch;
    }
    if (const auto opened = m_recorder.openRun(m_info, m_options.branch, m_options.mode); !opened)
        co_return opened;
    if (m_options.mode == RecordMode::Append) {
        // A new run appears on the disk with all that resuming it needs.
        const bool isNew = m_recorder.tree().size() == 0;
        RlmStart start{.prompt = std::move(firstQuestion), .model = m_settings.models.root};
        const auto begun
            = m_file.setDocuments(*documents)
                  .and_then([&] {
                      return isNew ? m_recorder.openRlm(NodePath::root(), std::move(start)) : Result<void>();
                  })
                  .and_then([&] { return m_file.commit(); });
        if (!begun)
            co_return begun;
    }
    m_run = std::make_unique<Run>(RunSetup{m_settings.limits, m_settings.told, m_settings.models,
        promptsOf(m_info), m_info.seed, m_sandbox->level == SandboxLevel::Full, context(), *m_provider,
        [this](const ChatRequest& request) { return m_prices.upperEstimate(request); }, m_repls->factory,
        [this](const ReplContext& held) { return checkOf(held); }, m_recorder, cellControl(),
        m_options.mode == RecordMode::Append ? &m_repls->kept : nullptr});
    m_run->setBreakpoints(m_options.breakpoints);
    connect(m_run.get(), &Run::stopped, this, &Session::stopped);
    connect(m_run.get(), &Run::passed, this,
        [this](const Stop& here) { Q_EMIT noted(tr("Breakpoint: %1.").arg(describe(here))); });
    connect(m_run.get(), &Run::noted, this, &Session::noted);
    co_return Result<void>();
}

Task<RunOutcome> Session::playAll(QList<QByteArray> questions)
{
    RunOutcome outcome;
    for (const QByteArray& question : questions)
        outcome = co_await m_run->ask(question);
    co_return outcome;
}

/// The check of the documents that @p held shows. A copied value shows none.
WatchedRepls::Check Session::checkOf(const ReplContext& held) const
{
    auto documents = std::make_shared<const std::vector<Document>>(m_corpus->named(held.names));
    return [documents](StopToken stop) { return checkUnchanged(documents, std::move(stop)); };
}

CellControl Session::cellControl()
{
    return {[this](const CellControl::Which& which) { m_repls->factory.stopCells(which); },
        [this](const CellControl::Which& which) { m_repls->factory.letCellsGo(which); }};
}

ReplContext Session::context() const
{
    ReplContext context{.isList = m_corpus->isList(), .spans = m_image->spans()};
    for (const Document& document : m_corpus->documents())
        context.names.push_back(document.name);
    return context;
}

Result<void> Session::pause(const NodePath& scope)
{
    return isPlaying() ? m_run->pause(scope) : Result<void>();
}

Result<void> Session::pauseNow(const NodePath& scope)
{
    return isPlaying() ? m_run->pauseNow(scope) : Result<void>();
}

Result<void> Session::resume(const NodePath& scope)
{
    return isPlaying() ? m_run->resume(scope) : Result<void>();
}

Result<void> Session::resume(Step step, const NodePath& from)
{
    return isPlaying() ? m_run->resume(step, from) : Result<void>();
}

Result<void> Session::resumeTo(const NodePath& path)
{
    return isPlaying() ? m_run->resumeTo(path) : Result<void>();
}

void Session::setBreakpoints(std::vector<Breakpoint> breakpoints)
{
    if (m_run)
        m_run->setBreakpoints(breakpoints);
    m_options.breakpoints = std::move(breakpoints);
}

void Session::stopSoftly()
{
    if (isPlaying())
        m_run->stopSoftly();
    else
        stopNow();
}

void Session::stopNow()
{
    m_stop.request_stop();
    if (m_run)
        m_run->stopNow();
}

} // namespace burrow
