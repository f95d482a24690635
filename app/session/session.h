#pragma once

#include "engine/run_settings.h"
#include "session/api_keys.h"

#include "base/clock.h"
#include "documents/context_image.h"
#include "engine/run.h"
#include "host/sandboxed_repl_factory.h"
#include "lm/http_transport.h"
#include "lm/live_texts.h"
#include "lm/priced_model.h"
#include "trajectory/fork.h"

#include <QTemporaryDir>

namespace burrow {

/// Where a session's cells run, and what it leaves behind there. Engine thread only.
struct PlayedRepls {
    explicit PlayedRepls(SandboxOptions options) : factory(std::move(options)) { }

    SandboxedReplFactory factory;
    std::optional<KeptRepl> kept;
};

struct SessionOptions {
    bool allowUnsafeSandbox = false;
    QString python; ///< the interpreter that was asked for; empty: none
    std::chrono::microseconds started{0}; ///< when the program began, since 1970
    RunTotals before; ///< what earlier sessions of the run came to
    int branch = 1; ///< of the run file
    std::optional<Fork> fork; ///< opened once nothing else can fail, and played instead of `branch`
    RecordMode mode = RecordMode::Append; ///< Verify: replays what is on record, sends and writes nothing
    std::vector<Breakpoint> breakpoints;
    std::shared_ptr<PlayedRepls> repls; ///< what the session before left of the same run, in the same sandbox
    RunFeed* feed = nullptr; ///< where the run is watched from another thread; outlives the session
    LiveTexts* live = nullptr; ///< where replies are watched as they arrive; as the feed
    std::function<ApiKey(const QString& endpoint)> keyFor = apiKeyFor;
};

/// One session of a run: everything that plays its questions, built from its settings and wired together.
/// Must outlive the tasks that it starts.
class Session : public QObject {
    Q_OBJECT
public:
    /// What a run that begins now is made with.
    static RunInfo newRun();

    /// @p file is new, or holds the run that @p info describes.
    Session(RunFile file, RunSettings settings, RunInfo info, SessionOptions options);
    ~Session() override;

    /// Plays all @p questions in order; the outcome is that of the last. Those before it must be on record.
    /// Errors become an outcome that failed.
    Task<RunOutcome> play(QList<QByteArray> questions);
    /// Waits for what nobody who wants the answer needs to wait for: the hashes of the documents.
    Task<void> finish();

    /// Whether a question is at work: only then there is something to stop softly.
    bool isPlaying() const { return m_run && tree().totals().state == RunState::Running; }
    /// As Run::pause(), pauseNow() and resume(), while a question is at work. Errors: those of the recorder.
    Result<void> pause(const NodePath& scope = {});
    Result<void> pauseNow(const NodePath& scope = {});
    Result<void> resume(const NodePath& scope = {});
    Result<void> resume(Step step, const NodePath& from);
    Result<void> resumeTo(const NodePath& path);
    bool isPaused() const { return m_run && m_run->isPaused(); }
    void setBreakpoints(std::vector<Breakpoint> breakpoints);
    /// Lets what is in flight finish, then ends the question. Where none is at work, as stopNow().
    void stopSoftly();
    /// Ends all at once, also what comes before the questions and finish() behind them.
    void stopNow();

    /// Of the whole run, also where this session ended before it took the run up.
    const RunTotals& totals() const { return tree().size() > 0 ? tree().totals() : m_options.before; }
    const RunTree& tree() const { return m_recorder.tree(); }
    const RunFile& file() const { return m_file; }
    int branch() const { return m_options.branch; }
    bool isStrictReplay() const { return m_options.mode == RecordMode::Verify; }
    std::optional<std::chrono::microseconds> firstRequestAfter() const { return m_firstRequest; }
    /// What a further session may go on with once this one is gone; null where no guest has started.
    std::shared_ptr<PlayedRepls> repls() const { return m_repls; }
    /// None until a guest has started.
    std::optional<SandboxReport> sandbox() const { return m_sandbox; }

Q_SIGNALS:
    /// Something that a person should know, in a line.
    void noted(const QString& line);
    /// A breakpoint has paused the run here.
    void stopped(const burrow::Stop& here);
    /// The sandbox in which all cells will run has started.
    void sandboxed(const QString& level);
    /// The questions begin: the run is on disk.
    void begun();
    /// finish() has to wait for the hashes of the documents.
    void hashing();

private:
    class FirstRequest;

    Task<Result<void>> prepare(QByteArray firstQuestion, StopToken stop);
    Task<Result<void>> openDocuments(StopToken stop);
    Result<ImageCache> openImages();
    Result<void> openProvider();
    Result<void> openPrices();
    Task<Result<void>> askAboutModels(StopToken stop);
    Task<Result<void>> openSandbox(StopToken stop);
    Task<Result<void>> openRecord(QByteArray firstQuestion, StopToken stop);
    void sayWhatWasReplaced(const QStringList& lines);
    CellControl cellControl();
    ReplContext context() const;
    WatchedRepls::Check checkOf(const ReplContext& held) const;
    Task<RunOutcome> playAll(QList<QByteArray> questions);

    RunFile m_file;
    RunSettings m_settings;
    RunInfo m_info;
    SessionOptions m_options;
    std::optional<std::chrono::microseconds> m_firstRequest;

    SystemClock m_clock;
    Recorder m_recorder;
    std::optional<Corpus> m_corpus;
    std::optional<QTemporaryDir> m_ownImages;
    std::optional<ContextImage> m_image;
    HttpTransport m_transport;
    PriceTable m_prices;
    std::unique_ptr<LanguageModel> m_server;
    std::unique_ptr<LanguageModel> m_priced;
    std::unique_ptr<LanguageModel> m_provider;
    std::shared_ptr<PlayedRepls> m_repls;
    std::optional<SandboxReport> m_sandbox;
    std::unique_ptr<Run> m_run;
    std::optional<Task<Result<void>>> m_hashing;
    std::stop_source m_stop;
};

} // namespace burrow
