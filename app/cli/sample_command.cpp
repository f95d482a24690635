#include "sample_command.h"

#include "documents/sample_text.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <cstdio>

namespace burrow {

namespace {

Result<SampleKind> kindNamed(const QString& name)
{
    if (name == QLatin1String("ascii"))
        return SampleKind::Ascii;
    if (name == QLatin1String("emoji"))
        return SampleKind::Emoji;
    if (name == QLatin1String("zh"))
        return SampleKind::Chinese;
    return fail(ErrorCode::InvalidArgument,
        QCoreApplication::translate(
            "Sample", "There is no sample of kind '%1': --kind takes ascii, zh or emoji.")
            .arg(name));
}

} // namespace

Result<ExitStatus> sample(const SampleOptions& options)
{
    const Result<SampleKind> kind = kindNamed(options.kind);
    if (!kind)
        return std::unexpected(kind.error());
    const Result<SamplePlan> plan
        = writeSample(options.path, options.bytes, *kind, QRandomGenerator::system()->generate64(), {});
    if (!plan)
        return std::unexpected(plan.error());
    std::printf("Question: %s\nAnswer: %s\n", plan->question.constData(), plan->answer.constData());
    return ExitStatus::Answered;
}

} // namespace burrow
