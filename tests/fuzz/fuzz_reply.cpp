// A model's reply: its cells, its thinking, its answer.

#include "fuzz.h"

#include "repl/cell_parser.h"

using namespace burrow;
using namespace burrow::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray text = bytesOf(data, size);
    const ParsedReply reply = parseReply(text);
    qsizetype bytes = reply.prose.size();
    for (const QByteArray& cell : reply.cells)
        bytes += cell.size();
    check(bytes <= text.size() + qsizetype(reply.cells.size()));
    check(withoutThinking(text).size() <= text.size());
    return 0;
}
