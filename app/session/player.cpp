#include "session/player.h"

#include "lm/model_list.h"
#include "session/recorded_run.h"
#include "trajectory/unfinished.h"

namespace burrow {

using namespace std::chrono_literals;

namespace {

/// How long a REPL waits for a change that goes on from one of its checkpoints: it holds memory.
constexpr auto patience = 10min;

} // namespace

Player::Player(RunFeed& feed, LiveTexts& live) : m_feed(feed), m_live(live), m_letGo(this)
{
    m_letGo.setSingleShot(true);
    connect(&m_letGo, &QTimer::timeout, this, [this] { m_repls.reset(); });
}

Player::~Player() = default;

void Player::play(RunOrder order)
{
    if (m_phase == Phase::Idle) {
        m_task = playAll(std::move(order));
        return;
    }
    m_next = std::move(order);
    if (m_phase == Phase::Finishing)
        m_session->stopNow();
}

Task<void> Player::playAll(RunOrder order)
{
    co_await playOne(std::move(order));
    while (m_next)
        co_await playOne(*std::exchange(m_next, std::nullopt));
    setPhase(Phase::Idle);
    Q_EMIT idle();
}

Task<void> Player::playOne(RunOrder order)
{
    setPhase(Phase::Preparing);
    Result<QList<QByteArray>> questions = openSession(order);
    if (!questions) {
        Q_EMIT ended({RunState::Failed, {}, questions.error()});
        co_return;
    }
    const RunOutcome outcome = co_await m_session->play(std::move(*questions));
    setPhase(Phase::Finishing);
    Q_EMIT ended(outcome);
    co_await m_session->finish();
    // What a stop or a step woke ends within that call of the session: it outlives the call.
    co_await sleepFor(std::chrono::milliseconds(0), {});
    const QString path = m_session->file().path();
    std::shared_ptr<PlayedRepls> repls = m_session->repls();
    m_session.reset();
    if (repls)
        co_await layToRest(repls->kept);
    if (repls && repls->kept)
        keepRepls(std::move(repls), path, order.allowsUnsafeSandbox);
}

Result<QList<QByteArray>> Player::openSession(const RunOrder& order)
{
    QList<QByteArray> questions;
    m_stoppedAt = {};
    if (order.runFile.isEmpty()) {
        m_repls.reset();
        Result<RunFile> file = createRun(QString::fromUtf8(order.question));
        if (!file)
            return std::unexpected(file.error());
        m_session = std::make_unique<Session>(
            std::move(*file), order.settings, Session::newRun(), optionsOf(order));
    } else {
        Result<TakenUp> taken = takeUp(order.runFile, order.isTrusted, order.branch);
        if (!taken)
            return std::unexpected(taken.error());
        RunSettings settings = taken->run.settings;
        settings.limits = order.settings.limits;
        // Its models know what they can call.
        settings.limits.maxDepth = settings.told.maxDepth;
        questions = taken->run.questions;
        SessionOptions options = optionsOf(order);
        options.branch = order.branch;
        options.repls = takeRepls(order);
        if (order.edit) {
            Result<Fork> fork = forkOf(order, *taken);
            if (!fork)
                return std::unexpected(fork.error());
            options.fork = std::move(*fork);
            if (order.edit->change.what == Change::What::Model)
                settings.models.allowed.insert(order.edit->change.text);
        }
        options.before = taken->run.totals;
        if (taken->run.isFromElsewhere)
            options.keyFor = [this](const QString& endpoint) {
                const ApiKey own = m_keys.value(endpoint);
                return own.isEmpty() ? ownApiKeyOf(endpoint) : own;
            };
        m_session = std::make_unique<Session>(
            std::move(taken->file), std::move(settings), taken->run.info, std::move(options));
    }
    if (!order.question.isEmpty())
        questions << order.question;
    connect(m_session.get(), &Session::noted, this, &Player::noted);
    connect(m_session.get(), &Session::stopped, this, &Player::onStopped);
    connect(m_session.get(), &Session::sandboxed, this, &Player::sandboxed);
    connect(m_session.get(), &Session::begun, this, [this] {
        setPhase(Phase::Playing);
        Q_EMIT opened(m_session->file().path(), m_session->branch());
    });
    return questions;
}

Result<Fork> Player::forkOf(const RunOrder& order, TakenUp& taken)
{
    return loadTree(taken.file, order.branch).and_then([&](const RunTree& tree) {
        return planFork(taken.file, tree, order.branch, order.edit->at, order.edit->change);
    });
}

SessionOptions Player::optionsOf(const RunOrder& order) const
{
    return {.allowUnsafeSandbox = order.allowsUnsafeSandbox,
        .started = SystemClock().now(),
        .breakpoints = m_breakpoints,
        .feed = &m_feed,
        .live = &m_live,
        .keyFor = [this](const QString& endpoint) { return keyFor(endpoint); }};
}

std::shared_ptr<PlayedRepls> Player::takeRepls(const RunOrder& order)
{
    std::shared_ptr<PlayedRepls> repls = std::exchange(m_repls, nullptr);
    const bool isTheSame = order.runFile == m_replsFile && order.allowsUnsafeSandbox == m_replsMayBeUnsafe;
    return isTheSame ? repls : nullptr;
}

void Player::keepRepls(std::shared_ptr<PlayedRepls> repls, const QString& runFile, bool mayBeUnsafe)
{
    m_repls = std::move(repls);
    m_replsFile = runFile;
    m_replsMayBeUnsafe = mayBeUnsafe;
    m_letGo.start(patience);
}

ApiKey Player::keyFor(const QString& endpoint) const
{
    const ApiKey own = m_keys.value(endpoint);
    return own.isEmpty() ? apiKeyFor(endpoint) : own;
}

void Player::listModels(const QString& endpoint, RunController::KeyUse key)
{
    if (!m_transport)
        m_transport = std::make_unique<HttpTransport>();
    std::erase_if(m_listings, [](const Task<void>& listing) { return listing.isReady(); });
    m_listings.push_back(list(endpoint, key == RunController::KeyUse::Sent ? keyFor(endpoint) : ApiKey()));
}

Task<void> Player::list(QString endpoint, ApiKey key)
{
    constexpr std::chrono::seconds patience(10);
    const Result<Endpoint> server = Endpoint::parse(endpoint, std::move(key));
    if (!server) {
        Q_EMIT modelsListed(endpoint, {}, server.error().message);
        co_return;
    }
    const Result<QList<ListedModel>> models
        = co_await burrow::listModels(*server, *m_transport, patience, m_stopListing.get_token());
    QStringList names;
    for (const ListedModel& model : models.value_or(QList<ListedModel>()))
        names << QString::fromUtf8(model.name);
    Q_EMIT modelsListed(endpoint, names, models ? QString() : models.error().message);
}

void Player::pause()
{
    if (m_phase != Phase::Playing)
        return;
    report(m_session->pause());
    setPhase(Phase::Paused);
}

void Player::pauseNow()
{
    if (m_phase != Phase::Playing && m_phase != Phase::Paused)
        return;
    report(m_session->pauseNow());
    setPhase(Phase::Paused);
}

void Player::resume()
{
    if (m_phase == Phase::Playing || m_phase == Phase::Paused)
        goOn(m_session->resume());
}

void Player::hold(const NodePath& scope)
{
    if (m_phase == Phase::Playing)
        report(m_session->pause(scope));
}

void Player::holdNow(const NodePath& scope)
{
    if (m_phase == Phase::Playing)
        report(m_session->pauseNow(scope));
}

void Player::letGo(const NodePath& scope)
{
    if (m_phase == Phase::Playing)
        report(m_session->resume(scope));
}

/// Where a person paused the run there is no place to step from: what comes next is where it stops.
void Player::step(Step step)
{
    if (m_phase == Phase::Paused)
        goOn(m_session->resume(m_stoppedAt.isEmpty() ? Step::Into : step, m_stoppedAt));
}

void Player::runTo(const NodePath& path)
{
    if (m_phase == Phase::Paused)
        goOn(m_session->resumeTo(path));
}

/// The gate may have stopped the run again before this is reached: what waits at it goes on at once.
void Player::goOn(const Result<void>& resumed)
{
    report(resumed);
    if (m_phase != Phase::Paused || m_session->isPaused())
        return;
    m_stoppedAt = {};
    setPhase(Phase::Playing);
}

void Player::onStopped(const Stop& here)
{
    m_stoppedAt = here.path;
    // A step may stop where it began: what was shown of the stop before is over all the same.
    setPhase(Phase::Playing);
    setPhase(Phase::Paused);
    Q_EMIT stopped(here);
}

void Player::setBreakpoints(std::vector<Breakpoint> breakpoints)
{
    m_breakpoints = std::move(breakpoints);
    if (m_session)
        m_session->setBreakpoints(m_breakpoints);
}

void Player::stopSoftly()
{
    if (!m_session)
        return;
    m_session->stopSoftly();
    if (m_phase == Phase::Playing || m_phase == Phase::Paused)
        setPhase(Phase::Stopping);
}

void Player::stopNow()
{
    if (m_session)
        m_session->stopNow();
}

void Player::setKey(const QString& endpoint, ApiKey key)
{
    m_keys.insert(endpoint, std::move(key));
}

void Player::shutDown()
{
    m_next.reset();
    m_repls.reset();
    m_stopListing.request_stop();
    if (m_phase == Phase::Idle)
        Q_EMIT idle();
    else
        stopNow();
}

void Player::setPhase(Phase phase)
{
    if (m_phase == phase)
        return;
    m_phase = phase;
    Q_EMIT phaseChanged(phase);
}

void Player::report(const Result<void>& result)
{
    if (!result)
        Q_EMIT noted(result.error().message);
}

} // namespace burrow
