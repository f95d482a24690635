#pragma once

#include <QMetaObject>
#include <QObject>

#include <qcorotask.h>

#include <coroutine>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>

/// Coroutines of the engine. All of this lives on the engine thread.
/// Coroutines take parameters by value, never capture by reference in a lambda, and are awaited or stored.
namespace burrow {

template <typename T> using Task = QCoro::Task<T>;

/// Asks a coroutine to end early. stop_requested() may be read from any thread; callbacks run on the engine
/// thread, since only the engine thread requests a stop.
using StopToken = std::stop_token;

/// A value that arrives once and resumes whoever awaits it: the leaf under every wait of the engine.
/// One waiter at most. The waiter is resumed inside resolve(); only the first resolve() counts.
template <typename T> class Completion {
public:
    void resolve(T value)
    {
        const std::shared_ptr<State> state = m_state;
        if (state->value)
            return;
        state->value.emplace(std::move(value));
        if (state->waiter)
            std::exchange(state->waiter, nullptr).resume();
    }
    bool isResolved() const { return m_state->value.has_value(); }

    auto operator co_await() const
    {
        struct Awaiter {
            std::shared_ptr<State> state;
            bool await_ready() const { return state->value.has_value(); }
            void await_suspend(std::coroutine_handle<> waiter) { state->waiter = waiter; }
            T await_resume() { return std::move(*state->value); }
        };
        return Awaiter{m_state};
    }

private:
    struct State {
        std::optional<T> value;
        std::coroutine_handle<> waiter;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// Admits @p slots holders at once, the others in order of arrival.
class Semaphore {
public:
    explicit Semaphore(int slots) : m_free(slots) { }
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    /// Holds a slot until it is destroyed. Must not outlive its semaphore.
    class Slot {
    public:
        Slot() = default;
        explicit Slot(Semaphore* owner) : m_owner(owner) { }
        Slot(Slot&& other) noexcept : m_owner(std::exchange(other.m_owner, nullptr)) { }
        Slot& operator=(Slot&& other) noexcept
        {
            std::swap(m_owner, other.m_owner);
            return *this;
        }
        ~Slot()
        {
            if (m_owner)
                m_owner->release();
        }
        explicit operator bool() const { return m_owner != nullptr; }

    private:
        Semaphore* m_owner = nullptr;
    };

    /// Waits for a slot; an empty one where @p stop was requested first.
    Task<Slot> acquire(StopToken stop);

private:
    void release();

    int m_free;
    std::deque<Completion<bool>> m_waiting;
    QObject m_context;
};

/// Waits @p duration, or less where @p stop is requested. Returns whether the whole time passed.
Task<bool> sleepFor(std::chrono::milliseconds duration, StopToken stop);

} // namespace burrow
