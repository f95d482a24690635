#pragma once

#include <QString>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace burrow {

/// Moves what was committed from the write-ahead log of a run file into the file itself, on a thread of its
/// own: it waits for the disk, and the engine must not. Private to core/trajectory.
class Checkpointer {
public:
    explicit Checkpointer(QString path) : m_path(std::move(path)) { }
    ~Checkpointer() { stop(); }

    /// Called after each commit with the length of the log, in pages, by the thread that writes. Returns
    /// whether the log has outrun this thread: then the caller should empty it itself.
    bool logGrew(int pages);
    /// Waits for the thread; it starts again when it is needed.
    void stop();

private:
    void work(std::stop_token stop);

    QString m_path;
    int m_pagesAtRequest = 0;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_requested = false;
    std::jthread m_thread;
};

} // namespace burrow
