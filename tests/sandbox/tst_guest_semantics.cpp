#include "guest_semantics_fixture.h"

#include "host/process_usage.h"

using namespace burrow;
using namespace burrow::sandbox_test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What rlm-protocol.md promises of cells and names, with every CPython from 3.9 on that the machine has.
class GuestSemanticsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("python");
        for (const auto& [name, path] : pythons())
            QTest::newRow(name.constData()) << path;
    }

    void initTestCase()
    {
        QVERIFY2(!pythons().isEmpty(), "There is no CPython from 3.9 on. Install python3.13.");
    }

    void cellsDoWhatANotebookDoes_data()
    {
        QTest::addColumn<QByteArrayList>("cells"); // the last item is what the last cell shows
        const QByteArray x = "x = 1";
        row("a name stays") << x << "x + 1" << "=> 2\n";
        row("a name bound before an exception stays") << "x = 1; 1 / 0" << "x" << "=> 1\n";
        row("a private name stays") << "_x = 1" << "_x" << "=> 1\n";
        row("a class alone in a cell") << "class A:\n    n = 3" << "A().n" << "=> 3\n";
        row("a closure sees its cell")
            << "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n"
               "        return n\n    return g\ng = f()"
            << "g(), g()" << "=> (1, 2)\n";
        row("global binds for later cells") << "def f():\n    global y\n    y = 7\nf()" << "y" << "=> 7\n";
        row("an import stays") << "import math" << "math.floor(2.5)" << "=> 2\n";
        row("a function sees later rebinding") << "def f(): return x\nx = 1" << "x = 2\nf()" << "=> 2\n";
        row("a comprehension in a class sees globals")
            << "n = 2" << "[n * i for i in range(3)]" << "=> [0, 2, 4]\n";
        row("the module is __main__") << "__name__" << "=> '__main__'\n";
        row("a class of a cell can be pickled")
            << "import pickle\nclass P:\n    pass" << "type(pickle.loads(pickle.dumps(P()))) is P"
            << "=> True\n";
        row("a dataclass of a cell")
            << "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int = 1" << "D()"
            << "=> D(a=1)\n";
        row("annotations of the future stay") << "from __future__ import annotations"
                                              << "def f(a: no_such_name): return 1\nf(0)" << "=> 1\n";
        row("the last expression is echoed") << "1; 2" << "=> 2\n";
        row("None is not echoed") << "None" << "";
        row("a statement is not echoed") << "y = 5" << "";
        row("a semicolon hides the value") << "5;  # five" << "";
        row("a semicolon in a string does not") << "';'" << "=> ';'\n";
        row("prints come before the value") << "print('out')\n'value'" << "out\n=> 'value'\n";
        row("await at the top level") << "import asyncio\nasync def f(): return 3\nawait f() + 1" << "=> 4\n";
        row("await as a statement") << "import asyncio\ny = await asyncio.sleep(0, 5)" << "y" << "=> 5\n";
        row("asyncio.run") << "import asyncio\nasync def f(): return 3\nasyncio.run(f())" << "=> 3\n";
        row("sys.exit ends the cell only") << "x = 1\nimport sys\nsys.exit(3)\nx = 2" << "x" << "=> 1\n";
        row("sys.exit is told") << "import sys; sys.exit(3)" << "!SystemExit: 3\n";
        row("KeyboardInterrupt ends the cell only") << "x = 1\nraise KeyboardInterrupt" << "x" << "=> 1\n";
        row("RecursionError ends the cell only") << "def f(): f()\nx = 1\nf()" << "x" << "=> 1\n";
        row("MemoryError ends the cell only") << "x = 1\ny = bytearray(1 << 50)" << "x" << "=> 1\n";
        row("MemoryError in steps") << "x = 1\ny = []\nwhile True: y.append(bytearray(1 << 24))"
                                    << "del y\nx" << "=> 1\n";
        row("a syntax error runs nothing") << "print(1)\nx = = 2" << "!SyntaxError: invalid syntax\n";
        row("input has nothing to read") << "input()" << "!EOFError: EOF when reading a line\n";
        row("text is exact") << R"(print('a\r\nb\0\U0010ffffé', 'e\u0301'))"
                             << "a\r\nb\0\U0010ffffé e\u0301\n"_ba;
        row("a lone surrogate is shown as U+FFFD") << R"(print('\ud800'))" << "\ufffd\n";
        row("bytes to stdout") << "import sys\n_ = sys.stdout.buffer.write('é'.encode())" << "é";
        row("a thread prints into its cell")
            << "import threading\nt = threading.Thread(target=print, args=('t',))\nt.start(); t.join()"
            << "t\n";
        row("a pool made earlier prints into the cell that uses it")
            << "from concurrent.futures import ThreadPoolExecutor\npool = "
               "ThreadPoolExecutor(1)\npool.submit(int);"
            << "pool.submit(print, 'p').result()" << "p\n";
        row("a thread that outlives its cell is silent")
            << "import threading\ngo = threading.Event()\ndef late():\n    go.wait(9)\n    print('late')\n"
               "t = threading.Thread(target=late)\nt.start()"
            << "go.set(); t.join(); print('mine')" << "mine\n";
        row("stdout is put back") << "import sys; sys.stdout = None" << "print(1)" << "1\n";
        row("only the standard library")
            << "import numpy" << "!ModuleNotFoundError: No module named 'numpy'\n";
        row("source is there to inspect")
            << "def f():\n    return 1" << "import inspect\ninspect.getsource(f)"
            << R"(=> 'def f():\n    return 1\n')"
               "\n";
    }

    void cellsDoWhatANotebookDoes() { runCells(); }

    void tracebacksShowTheCellAlone()
    {
        Notebook& bench = guest();
        bench.run("def divide(a):\n    return a / 0");
        const QByteArray text = bench.run("x = 1\n\ndivide(x)").err.head;
        QVERIFY2(text.contains("\", line 3, in <module>\n    divide(x)\n"), text.constData());
        QVERIFY2(text.contains("\", line 2, in divide\n    return a / 0\n"), text.constData());
        QVERIFY2(text.contains("File \"<cell 1>\"") && text.contains("File \"<cell 2>\""), text.constData());
        QCOMPARE(text.count("File "), 2);
        QVERIFY(text.startsWith("Traceback (most recent call last):\n"));
        for (const char* code : {"llm_query(5)", "import json; json.loads('{')", "await llm_query_async(5)",
                 "import threading; threading.Thread(target=lambda: 1 / 0).start(); "
                 "import time; time.sleep(0.1); raise ValueError"}) {
            const QByteArray other = bench.run(code).err.head;
            QVERIFY2(other.contains("Error"), other.constData());
            QVERIFY2(!other.contains("burrow_guest"), other.constData());
            QVERIFY2(!other.contains("\"/"), other.constData()); // no machine paths
        }
    }

    void namesAreAsTheProtocolSays_data()
    {
        QTest::addColumn<QByteArrayList>("cells"); // the last item is what the last cell shows
        row("context") << "context" << "=> 'some text'\n";
        row("context is put back") << "context = 5" << "context" << "=> 'some text'\n";
        row("that it was put back is told") << "context = 5"
                                            << "!Note: `context`: this name is the REPL's own and has "
                                               "been put back. Use another name.\n";
        row("a deleted name is put back") << "del llm_query" << "llm_query('a')" << "=> 'A'\n";
        row("builtins are put back") << "import builtins; builtins.len = None" << "len('abc')" << "=> 3\n";
        row("llm_query") << "llm_query('a')" << "=> 'A'\n";
        row("llm_query fails as an exception") << "llm_query('fail')" << "!RuntimeError: no luck\n";
        row("llm_query_batched") << "llm_query_batched(['a', 'fail', 'b'])"
                                 << "=> ['A', 'Error: no luck', 'B']\n";
        row("an empty batch asks nobody") << "llm_query_batched([])" << "=> []\n";
        row("rlm_query") << "rlm_query('a')" << "=> 'A'\n";
        row("rlm_query_batched") << "rlm_query_batched(['a', 'b'])" << "=> ['A', 'B']\n";
        row("async forms") << "await llm_query_async('a'), await llm_query_batched_async(['b']), "
                              "await rlm_query_async('c'), await rlm_query_batched_async(['d'])"
                           << "=> ('A', ['B'], 'C', ['D'])\n";
        row("a refusal") << "try:\n    llm_query('limit')\nexcept LimitReached as e:\n    print('caught', e)"
                         << "caught max calls\n";
        row("a prompt that is no text")
            << "llm_query(b'a')" << "!TypeError: prompt must be a str, not bytes\n";
        row("a batch that is no list")
            << "llm_query_batched('ab')" << "!TypeError: prompts must be a list, not str\n";
        row("a batch with something else in it")
            << "llm_query_batched(['a', 1])" << "!TypeError: prompts[1] must be a str, not int\n";
        row("contexts that do not pair up")
            << "rlm_query_batched(['a', 'b'], ['c'])"
            << "!ValueError: prompts has 2 items and contexts has 1: they must pair up\n";
        row("a context that cannot be copied") << "rlm_query('a', {1, 2})"
                                               << "!TypeError: context must be a str, or lists, dicts, "
                                                  "strings and numbers; this set cannot be copied: "
                                                  "set is not a JSON value\n";
        row("a context that is too large")
            << "rlm_query('a', 'x' * (65 << 20))"
            << "!ValueError: a context of 68,157,440 bytes is too large to copy (the limit is 64 MB, "
               "67,108,864 "
               "bytes): pass `context`, one of its documents, or a smaller part\n";
        row("a call with too much text")
            << "llm_query_batched(['x' * 50_000_000] * 6)"
            << "!ValueError: one call can carry 250,000,000 bytes of text and this one has 300,000,000: make "
               "several calls\n";
        row("a call with too many prompts")
            << "llm_query_batched([''] * 200_001)"
            << "!ValueError: one call can carry 200,000 prompts and contexts and this one has 200,001: make "
               "several calls\n";
        row("a call with too many contexts") << "rlm_query_batched(['a'] * 20_001, ['b'] * 20_001)"
                                             << "!ValueError: one call can carry 20,000 contexts and this "
                                                "one has 20,001: make several calls\n";
        row("a call from a thread of an ended cell")
            << "import threading\ngo = threading.Event()\ndef late():\n    global said\n    go.wait(9)\n"
               "    try: llm_query('a')\n    except Exception as e: said = e\n"
               "t = threading.Thread(target=late)\nt.start()"
            << "go.set(); t.join(); type(said)" << "=> <class 'RuntimeError'>\n";
        row("SHOW_VARS") << "b = [1, 2]; a = 1; _c = ''; del a" << "SHOW_VARS()"
                         << R"(=> '_c: str, length 0\nb: list, length 2')"
                            "\n";
        row("SHOW_VARS of nothing") << "SHOW_VARS()" << "=> 'No variables yet.'\n";
        row("the answer by items") << "answer['content'] = 4\nanswer['ready'] = True" << "answer: 4\n";
        row("the answer by update") << "answer.update(content='a', ready=True)" << "answer: a\n";
        row("the answer by |=") << "answer |= {'content': 'a', 'ready': True}" << "answer: a\n";
        row("the answer by a new dict") << "answer = {'content': 'a', 'ready': 1}" << "answer: a\n";
        row("the answer in two cells")
            << "answer['content'] = 'a'" << "answer['ready'] = True" << "answer: a\n";
        row("the answer before an exception") << "answer.update(content='a', ready=True); 1 / 0"
                                              << "!ZeroDivisionError: division by zero\nanswer: a\n";
        row("a draft") << "answer['content'] = 'a'" << "draft: a\n";
        row("an answer that is no dict is put back")
            << "answer['content'] = ''; answer = 'mine'" << "answer['ready']" << "=> False\n";
        row("an answer that is too long") << "FINAL('a' * (5 << 20))"
                                          << "!ValueError: the answer has 5,242,880 characters; at most "
                                             "4,194,304 can be given. Answer with less\n";
        row("a long draft is cut") << "answer['content'] = 'b' * (1 << 20)"
                                   << "draft: " + QByteArray(64 << 10, 'b') + '\n';
        row("an answer is taken once") << "FINAL(1)" << "2" << "=> 2\n";
        row("FINAL") << "FINAL([1])\nprint('on')" << "on\nanswer: [1]\n";
        row("FINAL_VAR by name") << "x = 'a b'" << "FINAL_VAR('x')" << "answer: a b\n";
        row("FINAL_VAR by value") << "x = 'ab'" << "FINAL_VAR(x)" << "answer: ab\n";
        row("FINAL_VAR in a function") << "def f():\n    y = 3\n    FINAL_VAR('y')\nf()" << "answer: 3\n";
        row("FINAL_VAR of nothing") << "x = 1" << "FINAL_VAR('no')"
                                    << "!NameError: FINAL_VAR: there is no variable 'no'. Variables: x\n";
        row("an answer whose str raises")
            << "class A:\n    def __str__(self): raise ValueError('no')\nFINAL(A())" << "!ValueError: no\n";
    }

    void namesAreAsTheProtocolSays() { runCells(); }

    void queriesFromThreadsAndCoroutinesAreUnderWayTogether_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("threads") << QByteArray(
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(8) as p: r = list(p.map(llm_query, 'abcdefgh'))");
        QTest::newRow("asyncio.run") << QByteArray(
            "import asyncio\n"
            "async def f(): return await asyncio.gather(*map(llm_query_async, 'abcdefgh'))\n"
            "r = asyncio.run(f())");
        QTest::newRow("await") << QByteArray(
            "import asyncio\nr = await asyncio.gather(*map(llm_query_async, 'abcdefgh'))");
        QTest::newRow("both") << QByteArray(
            "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\npool = "
            "ThreadPoolExecutor(4)\n"
            "async def f():\n    loop = asyncio.get_running_loop()\n"
            "    return await asyncio.gather(*map(llm_query_async, 'abcd'), "
            "*[loop.run_in_executor(pool, llm_query, x) for x in 'efgh'])\nr = await f()");
    }

    void queriesFromThreadsAndCoroutinesAreUnderWayTogether()
    {
        QFETCH(const QByteArray, code);
        Notebook& bench = guestForRow();
        bench.calls.holdUntil = 8;
        const CellOutput output = bench.run(code + "\n''.join(r)");
        QCOMPARE(shown(output), QByteArray("=> 'ABCDEFGH'\n"));
    }

    void contextsOfChildrenTravelByReferenceOrAsCopies()
    {
        CorpusFiles files;
        files.add({'f'}, 1, CharWidth::Ascii);
        files.add({'s'}, 2, CharWidth::Ascii);
        Notebook& bench = guest(files.spec());
        bench.run(
            "rlm_query_batched(list('abcdefg'), [None, context, context[1], 'text\\ud800', {'k': [1, 'é']}, "
            "[context[0]], ('x', 2.5)])");
        std::vector<ContextValue> contexts;
        for (const SubQuery& item : bench.calls.batches.back().items)
            contexts.push_back(item.context);
        using Kind = ContextValue::Kind;
        QCOMPARE(contexts.size(), size_t(7));
        QCOMPARE(contexts[0].kind, Kind::Corpus);
        QCOMPARE(contexts[1].kind, Kind::Corpus);
        QCOMPARE(contexts[2].kind, Kind::Document);
        QCOMPARE(contexts[2].document, 1);
        QCOMPARE(contexts[3].kind, Kind::Text);
        QCOMPARE(contexts[3].bytes, QByteArray("text\xed\xa0\x80"));
        QCOMPARE(contexts[4].kind, Kind::Json);
        QCOMPARE(contexts[4].bytes, QByteArray(R"({"k":[1,"\u00e9"]})"));
        QCOMPARE(contexts[5].bytes, QByteArray(R"(["f"])"));
        QCOMPARE(contexts[6].bytes, QByteArray(R"(["x",2.5])"));
    }

    void promptsAndModelsReachTheHostExactly()
    {
        Notebook& bench = guest();
        bench.run(R"(llm_query('a\r\n\0\ud800é', model='small'))");
        const QueryBatch batch = bench.calls.batches.back();
        QCOMPARE(batch.items[0].prompt, "a\r\n\0\ufffdé"_ba);
        QCOMPARE(batch.model, std::optional<QByteArray>("small"));
        QVERIFY(!batch.batched);
    }

    void aCopiedContextIsWhatTheParentPassed()
    {
        ReplSpec spec = textSpec();
        spec.context.value = ContextValue{ContextValue::Kind::Json, 0, R"({"k":[1,null,"\ud800"]})"};
        QCOMPARE(shown(guest(spec).run("context")), QByteArray("=> {'k': [1, None, '\\ud800']}\n"));
        spec.context.value = ContextValue{ContextValue::Kind::Text, 0, "a\r\n\xed\xa0\x80"};
        QCOMPARE(shown(guest(spec).run("context")), QByteArray("=> 'a\\r\\n\\ud800'\n"));
    }

    void documentsAreStringsOfTheirOwn_data()
    {
        QTest::addColumn<QList<char32_t>>("pattern");
        QTest::addColumn<CharWidth>("width");
        QTest::newRow("ascii") << QList<char32_t>{'a', ' ', '\r', '\n', 0} << CharWidth::Ascii;
        QTest::newRow("latin-1") << QList<char32_t>{0xe9, ' ', 0xff} << CharWidth::Latin1;
        QTest::newRow("ucs2") << QList<char32_t>{0x4e2d, 0xd800, 0xdc00, ' '} << CharWidth::Ucs2;
        QTest::newRow("ucs4") << QList<char32_t>{0x10ffff, 0xd800, 'a'} << CharWidth::Ucs4;
    }

    // From 1 MiB on they are mapped, also one that leaves no room behind it in its last page.
    void documentsAreStringsOfTheirOwn()
    {
        QFETCH(const QList<char32_t>, pattern);
        QFETCH(const CharWidth, width);
        const qsizetype mapped = (1 << 20) / bytesPerChar(width);
        const QList<qsizetype> lengths{0, 1, 1000, 4096, mapped, mapped + 1, mapped + 1023};
        CorpusFiles files;
        for (const qsizetype length : lengths)
            files.add(pattern, length, width);
        Notebook& bench = guest(files.spec());
        bench.run(defineCheck + "p = " + pythonLiteral(pattern));
        for (qsizetype i = 0; i < lengths.size(); ++i) {
            const QByteArray document = "context[" + QByteArray::number(i) + ']';
            const QByteArray length = QByteArray::number(lengths[i]);
            QCOMPARE(shown(bench.run("check(" + document + ", p, " + length + ')')), "=> {True}\n");
            QCOMPARE(shown(bench.run("is_mapped(" + document + ')')),
                lengths[i] < mapped ? "=> False\n" : "=> True\n");
            QCOMPARE(shown(bench.run("documents[" + QByteArray::number(i) + "][1]")), "=> " + length + '\n');
        }
        QCOMPARE(shown(bench.run(printOpenDescriptors)), QByteArray());
    }

    void aDocumentThatCannotBeMappedIsRead_data()
    {
        QTest::addColumn<QByteArray>("change");
        QTest::newRow("another kind of CPython") << "import sys; sys.getobjects = None"_ba;
        QTest::newRow("a self-test that fails")
            << "import sys, itertools; sys.getrefcount = lambda o, n=itertools.count(): next(n)"_ba;
    }

    void aDocumentThatCannotBeMappedIsRead()
    {
        QFETCH(const QByteArray, change);
        const ChangedGuest changed(change);
        CorpusFiles files;
        const QList<char32_t> pattern{0x10ffff, 0xd800, 'a', '\r', '\n', 0};
        files.add(pattern, 300'000, CharWidth::Ucs4);
        Notebook& bench = guest(files.spec(), changed.folder());
        bench.run(defineCheck);
        QCOMPARE(
            shown(bench.run("check(context, " + pythonLiteral(pattern) + ", 300_000), is_mapped(context)")),
            QByteArray("=> ({True}, False)\n"));
    }

    void aMappedDocumentTakesNoMemory()
    {
        CorpusFiles files;
        files.add({'a', '\n'}, 64 << 20, CharWidth::Ascii); // fills its last page
        Notebook& bench = guest(files.spec());
        QCOMPARE(shown(bench.run("context.count('a')")), QByteArray("=> 33554432\n"));
        const qint64 used = usageOf(bench.pid()).memory();
        QVERIFY2(used > 0 && used < 32 << 20, QByteArray::number(used).constData());
    }

    void aLargeDocumentIsEchoedWithoutACopy()
    {
        CorpusFiles files;
        files.add({'a', '\'', '\n'}, 3'000'000, CharWidth::Ascii);
        const CellOutput output = guest(files.spec()).run("context");
        QVERIFY(output.value.head.startsWith("\"a'\\na'\\n"));
        QCOMPARE(output.value.head.size() + output.value.tail.size() + output.value.droppedChars, 4'000'002);
    }

    void whatIsDroppedOfOutputIsCounted()
    {
        Notebook& bench = guest();
        const CellOutput once = bench.run("print('\u00e9' * 2_000_000)");
        const CellOutput bitByBit
            = bench.run("for i in range(2000): print('\u00e9' * 1000, end='')\nprint()");
        QCOMPARE(once.out, bitByBit.out);
        QCOMPARE(once.out.head.size(), 1 << 20);
        QVERIFY(once.out.tail.size() <= 64 << 10);
        const auto chars = [](const QByteArray& utf8) { return QString::fromUtf8(utf8).size(); };
        QCOMPARE(chars(once.out.head) + once.out.droppedChars + chars(once.out.tail), 2'000'001);
    }

    void variablesAreDescribedWithoutRunningTheirCode()
    {
        const CellOutput output = guest().run("class L:\n    def __len__(self): print('ran'); return 1\n"
                                              "b = L(); a = 'xyz'; _c = {1: 2}\nimport math");
        QCOMPARE(output.variables,
            (std::vector<Variable>{{"L", "type", -1}, {"_c", "dict", 1}, {"a", "str", 3}, {"b", "L", -1},
                {"math", "module", -1}}));
        QCOMPARE(output.out.head, QByteArray());
    }

    void anInterruptEndsTheCellAndKeepsItsVariables_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("loop") << QByteArray("while True: pass");
        QTest::newRow("sleep") << QByteArray("time.sleep(60)");
        QTest::newRow("host call") << QByteArray("llm_query('never')");
        QTest::newRow("awaited host call") << QByteArray("await llm_query_async('never')");
        QTest::newRow("pool of host calls")
            << QByteArray("from concurrent.futures import ThreadPoolExecutor\n"
                          "with ThreadPoolExecutor(4) as p: list(p.map(llm_query, ['never'] * 20))");
        QTest::newRow("lock") << QByteArray("threading.Event().wait()");
        QTest::newRow("event loop") << QByteArray("await asyncio.sleep(60)");
        QTest::newRow("output") << QByteArray("while True: print('x' * 100)");
        QTest::newRow("import that fails of it")
            << QByteArray("try:\n    while True: pass\nexcept BaseException as error:\n"
                          "    raise ImportError('half done') from error");
    }

    void anInterruptEndsTheCellAndKeepsItsVariables()
    {
        QFETCH(const QByteArray, code);
        Notebook& bench = guestForRow();
        // As the signal that the host sends, but from within: the host's patience is not what is tested. It
        // comes once, and Python ignores one that meets the callback of a weak reference, as imports make
        // many.
        bench.run("import asyncio, concurrent.futures, signal, threading, time");
        const CellOutput output = bench.run("x = 1\n"
                                            "signal.signal(signal.SIGALRM, signal.getsignal(signal.SIGINT))\n"
                                            "signal.setitimer(signal.ITIMER_REAL, 0.05)\n"
            + code);
        QVERIFY2(output.status == CellStatus::Interrupted, output.err.head.constData());
        QVERIFY(!output.restarted);
        QCOMPARE(shown(bench.run("x, llm_query('a')")), QByteArray("=> (1, 'A')\n"));
    }

    void whatWasInterruptedWhileImportedCanBeImportedAgain()
    {
        Notebook& bench = guestForRow();
        // Interrupts itself where it has one complete module and lacks the next.
        bench.run("import os, sys, signal\n"
                  "os.mkdir('/scratch/pack')\n"
                  "open('/scratch/pack/__init__.py', 'w').write("
                  "'from .one import *\\nfrom .two import *\\nall = one.x + two.y')\n"
                  "open('/scratch/pack/one.py', 'w').write('x = 1')\n"
                  "open('/scratch/pack/two.py', 'w').write("
                  "'import signal\\nsignal.raise_signal(signal.SIGINT)\\ny = 2')\n"
                  "sys.path.append('/scratch')");
        QCOMPARE(bench.run("import pack").status, CellStatus::Interrupted);
        const CellOutput again = bench.run("open('/scratch/pack/two.py', 'w').write('y = 22')\n"
                                           "import pack; pack.all");
        QVERIFY2(again.status == CellStatus::Ok, again.err.head.constData());
        QCOMPARE(again.value.head, QByteArray("23"));
    }

    void aGuestSurvivesWhatItsCellsOverride_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("builtins") << QByteArray("import builtins\nbuiltins.print = builtins.len = "
                                                "builtins.BaseException = builtins.isinstance = None");
        QTest::newRow("json") << QByteArray("import json; json.dumps = json.loads = None");
        QTest::newRow("os") << QByteArray(
            "import os, posix; os.write = posix.write = os.read = posix.read = None");
        QTest::newRow("modules") << QByteArray("import sys; sys.modules.clear(); sys.meta_path.clear()");
        QTest::newRow("streams") << QByteArray("import sys; sys.stdout = 1; sys.stderr = 2; sys.stdin = 3");
        QTest::newRow("tracer") << QByteArray("import sys; sys.settrace(lambda *a: 1 / 0)");
        QTest::newRow("profiler") << QByteArray("import sys; sys.setprofile(lambda *a: 1 / 0)");
        QTest::newRow("signals") << QByteArray("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)");
        QTest::newRow("alarm") << QByteArray(
            "import signal\nsignal.signal(signal.SIGALRM, lambda *a: 1 / 0)\nsignal.alarm(1)");
        QTest::newRow("traceback") << QByteArray(
            "import traceback; traceback.TracebackException = None; 1 / 0");
        QTest::newRow("str of an error")
            << QByteArray("class E(Exception):\n    def __str__(self): 1 / 0\nraise E");
        QTest::newRow("odd names") << QByteArray(
            "globals()[1] = 2; globals()['\\ud800'] = 3; __builtins__ = None");
        QTest::newRow("finalizers") << QByteArray(
            "class F:\n    def __del__(self): print('x' * 20000)\n"
            "for i in range(1000):\n    f = F(); f.f = f; print('y' * 999)");
    }

    void aGuestSurvivesWhatItsCellsOverride()
    {
        QFETCH(const QByteArray, code);
        Notebook& bench = guest();
        bench.run("x = 1");
        const CellOutput output = bench.run(code);
        QVERIFY(!output.restarted);
        QCOMPARE(shown(bench.run("print(len('abc'))\nx, llm_query('a')")), QByteArray("3\n=> (1, 'A')\n"));
    }

    void aRunIsRepeatable()
    {
        const QByteArray code
            = "import time, datetime, random, uuid, secrets, os, tempfile\n"
              "start = time.time(); time.sleep(0.01)\n"
              "print(time.time() - start, time.monotonic(), time.ctime(), time.perf_counter_ns())\n"
              "print(datetime.datetime.now(), datetime.date.today(), random.random(), "
              "random.Random().random(), uuid.uuid4(), uuid.uuid1(), secrets.token_hex(), "
              "os.urandom(4), tempfile.mktemp(), hash('a'), list({'a', 'b', 'c'}), object())";
        const QByteArray first = guest().print(code);
        QVERIFY2(!first.contains("Traceback"), first.constData());
        QCOMPARE(guest().print(code), first);
        ReplSpec other = textSpec();
        other.seed = 2;
        QVERIFY(guest(other).print(code) != first);
    }

    void wrappedDatesBehaveAsDates_data()
    {
        QTest::addColumn<QByteArrayList>("cells"); // the last item is what the last cell shows
        const QByteArray import = "import datetime, pickle, copy\nd = datetime.datetime.now()";
        const auto check = [&](const char* expression, const char* value) {
            row(expression) << import << expression << QByteArray("=> ") + value + "\n";
        };
        check("type(d) is datetime.datetime", "True");
        check("isinstance(d, datetime.date), isinstance(d.date(), datetime.datetime)", "(True, False)");
        check("type(d.date()) is datetime.date", "True");
        check("datetime.datetime(2020, 1, 2)", "datetime.datetime(2020, 1, 2, 0, 0)");
        check("datetime.date(2020, 1, 2) + datetime.timedelta(1)", "datetime.date(2020, 1, 3)");
        check("pickle.loads(pickle.dumps(d)) == d == copy.deepcopy(d)", "True");
        check("datetime.datetime.strptime('2020-01-02', '%Y-%m-%d').date()", "datetime.date(2020, 1, 2)");
        check("datetime.datetime.now(datetime.timezone.utc).tzinfo", "datetime.timezone.utc");
        check("issubclass(datetime.datetime, datetime.date)", "True");
    }

    void wrappedDatesBehaveAsDates() { runCells(); }

    void waitsOfTheStandardLibraryEnd()
    {
        Notebook& bench = guest();
        const CellOutput output = bench.run("import queue, threading, asyncio, time\n"
                                            "try: queue.Queue().get(timeout=0.1)\n"
                                            "except queue.Empty: print('empty')\n"
                                            "print(threading.Event().wait(0.1))\n"
                                            "try: await asyncio.wait_for(asyncio.sleep(60), 0.1)\n"
                                            "except asyncio.TimeoutError: print('timeout')\n"
                                            "deadline = time.monotonic() + 0.05\n"
                                            "while time.monotonic() < deadline: pass");
        QCOMPARE(shown(output), QByteArray("empty\nFalse\ntimeout\n"));
    }

    /// ChangedGuest leaves the image behind.
    void aGuestWithoutAnImageIsTheSame()
    {
        const QByteArray code = "import sys\n"
                                "print(sorted((name, module.__file__.rpartition('/')[2]) for name, module in "
                                "sys.modules.items()\n"
                                "             if name.startswith('burrow_guest')), len(sys.path))\n"
                                "llm_query(1)";
        const CellOutput withImage = guest().run(code);
        QVERIFY(withImage.out.head.contains("burrow_guest.repl"));
        QVERIFY(!withImage.err.head.contains("queries.py"));
        const ChangedGuest changed("");
        const CellOutput without = guest(textSpec(), changed.folder()).run(code);
        QCOMPARE(withImage.out.head, without.out.head);
        QCOMPARE(withImage.err.head, without.err.head);
    }

private:
    void runCells()
    {
        QFETCH(QByteArrayList, cells);
        const QByteArray expected = cells.takeLast();
        Notebook& bench = guestForRow();
        CellOutput output;
        for (const QByteArray& code : std::as_const(cells))
            output = bench.run(code);
        QCOMPARE(shown(output), expected);
    }

    /// A new one. While its cells run, the next one starts.
    Notebook& guest()
    {
        QFETCH_GLOBAL(const QString, python);
        if (!m_next || m_python != python)
            m_next = make(textSpec());
        m_python = python;
        m_notebook = std::exchange(m_next, nullptr);
        m_next = make(textSpec());
        return *m_notebook;
    }

    /// A new one with the newest CPython. With the others all rows of a table share one, which forgets what
    /// the row before left: what a guest is from its start differs less between them than what cells do.
    Notebook& guestForRow()
    {
        QFETCH_GLOBAL(const QString, python);
        if (python == pythons().back().second)
            return guest();
        const QByteArray table = python.toUtf8() + QTest::currentTestFunction();
        if (std::exchange(m_table, table) != table)
            return guest();
        m_notebook->run(forgetEverything);
        m_notebook->calls = {};
        return *m_notebook;
    }

    Notebook& guest(ReplSpec spec, const QString& driverFolder = realGuest().driverFolder)
    {
        m_notebook = make(std::move(spec), driverFolder);
        return *m_notebook;
    }

    std::unique_ptr<Notebook> make(ReplSpec spec, const QString& driverFolder = realGuest().driverFolder)
    {
        QFETCH_GLOBAL(const QString, python);
        SandboxOptions options = realGuest();
        options.python = python;
        options.cacheFolder = m_cache.path();
        options.driverFolder = driverFolder;
        return std::make_unique<Notebook>(std::move(options), std::move(spec));
    }

    QTemporaryDir m_cache; ///< what is known of the interpreters
    std::unique_ptr<Notebook> m_notebook;
    std::unique_ptr<Notebook> m_next;
    QString m_python; ///< of both
    QByteArray m_table; ///< whose rows share m_notebook
};

QTEST_GUILESS_MAIN(GuestSemanticsTest)
#include "tst_guest_semantics.moc"
