#include "settings/key_store.h"

#include <QCoreApplication>

#include <qt6keychain/keychain.h>

namespace burrow {

namespace {

constexpr auto service = "burrow";

template <typename Job> Job* jobFor(const QString& endpoint)
{
    auto* const job = new Job(QString::fromLatin1(service));
    job->setKey(endpoint);
    // Never in a plain file instead.
    job->setInsecureFallback(false);
    return job;
}

} // namespace

void SystemKeyStore::read(const QString& endpoint, QObject* context, std::function<void(ApiKey)> use)
{
    auto* const job = jobFor<QKeychain::ReadPasswordJob>(endpoint);
    QObject::connect(job, &QKeychain::Job::finished, context,
        [job, use = std::move(use)] { use(ApiKey(job->textData().toUtf8())); });
    job->start();
}

void SystemKeyStore::write(
    const QString& endpoint, ApiKey key, QObject* context, std::function<void(Result<void>)> done)
{
    const auto finish = [done = std::move(done)](QKeychain::Job* job) {
        if (job->error() == QKeychain::NoError || job->error() == QKeychain::EntryNotFound)
            done({});
        else
            done(fail(ErrorCode::Io,
                QCoreApplication::translate("Keys",
                    "The key store of this system did not take the key (%1): it is used until Burrow closes.")
                    .arg(job->errorString())));
    };
    if (key.isEmpty()) {
        auto* const job = jobFor<QKeychain::DeletePasswordJob>(endpoint);
        QObject::connect(job, &QKeychain::Job::finished, context, finish);
        job->start();
        return;
    }
    auto* const job = jobFor<QKeychain::WritePasswordJob>(endpoint);
    job->setTextData(QString::fromUtf8(key.reveal()));
    QObject::connect(job, &QKeychain::Job::finished, context, finish);
    job->start();
}

} // namespace burrow
