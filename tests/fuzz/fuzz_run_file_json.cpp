// The JSON in a run file that may come from anybody. The first line is JSON, the rest the texts that go with
// it.

#include "fuzz.h"

#include "trajectory/json_codec.h"
#include "trajectory/run_info.h"

using namespace burrow;
using namespace burrow::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray bytes = bytesOf(data, size);
    const qsizetype end = bytes.indexOf('\n');
    const QByteArray json = bytes.first(end < 0 ? bytes.size() : end);
    const QByteArray texts = end < 0 ? QByteArray() : bytes.sliced(end + 1);
    if (const std::optional<CellOutput> output = decodeOutput({texts, json})) {
        const EncodedOutput again = encodeOutput(*output);
        check(decodeOutput(again) == output);
    }
    (void)decodeError(json, texts);
    (void)decodeRefusal(json);
    const RunInfo info = RunInfo::fromJson(json);
    (void)RunInfo::fromJson(info.toJson());
    return 0;
}
