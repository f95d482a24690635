# What every target of the project shares: the language, the warnings, the precompiled header, the sanitizers.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC ON)
set(CMAKE_AUTORCC ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(BURROW_WERROR "Treat warnings as errors" OFF)
set(BURROW_SANITIZE "" CACHE STRING "Sanitizers to build with, as for -fsanitize= (address,undefined or thread)")

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Precompiled headers are cacheable only when ccache may ignore their time stamps.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_DEPEND=true CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${CCACHE})
endif()

# What Qt's tools generate is not looked at: clang-tidy takes the nearest .clang-tidy, and wants one check at least.
if(CMAKE_CXX_CLANG_TIDY)
    file(WRITE ${CMAKE_BINARY_DIR}/.clang-tidy "Checks: '-*,misc-unused-alias-decls'\n")
endif()

# Every warning that the project holds itself to; CI turns them into errors.
function(burrow_warnings target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
        -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
        # Designated initializers leave fields to their defaults on purpose.
        -Wno-missing-field-initializers
        # Several files to a translation unit: all but one of them look like headers to the compiler.
        $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-subobject-linkage>
        $<$<BOOL:${BURROW_WERROR}>:-Werror>)
endfunction()

function(burrow_common target)
    burrow_warnings(${target})
    if(BURROW_SANITIZE)
        target_compile_options(${target} PUBLIC -fsanitize=${BURROW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
        target_link_options(${target} PUBLIC -fsanitize=${BURROW_SANITIZE})
    endif()
endfunction()

# What a target that uses Qt adds to that. Two precompiled headers serve them all: core's, and that of the
# desktop, for whoever links burrow_ui.
function(burrow_qt target libraries)
    burrow_common(${target})
    target_compile_definitions(${target} PRIVATE
        QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CONTEXTLESS_CONNECT QT_NO_KEYWORDS QT_NO_FOREACH)
    if(target STREQUAL burrow_core)
        target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/packaging/cmake/precompiled.h)
    elseif(target STREQUAL burrow_ui)
        target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/packaging/cmake/precompiled_ui.h)
    elseif(burrow_ui IN_LIST libraries)
        target_precompile_headers(${target} REUSE_FROM burrow_ui)
    else()
        target_precompile_headers(${target} REUSE_FROM burrow_core)
    endif()
endfunction()

# burrow_library(NAME SOURCES ... [LINK ...])
function(burrow_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    burrow_qt(${name} "${ARG_LINK}")
    target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# Links @p libraries without their macros: a precompiled header serves only those who define all that its maker did.
function(burrow_link_hidden target)
    foreach(library IN LISTS ARGN)
        target_link_libraries(${target} PRIVATE $<LINK_ONLY:${library}>)
        target_include_directories(${target} SYSTEM PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
    endforeach()
endfunction()

# burrow_program(NAME SOURCES ... [LINK ...])
function(burrow_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    burrow_qt(${name} "${ARG_LINK}")
    target_link_libraries(${name} PRIVATE ${ARG_LINK})
endfunction()

# burrow_test(NAME [SOURCES ...] [LINK ...]): a Qt Test program tst_NAME from tst_NAME.cpp, run by ctest.
function(burrow_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK" ${ARGN})
    burrow_program(tst_${name} SOURCES tst_${name}.cpp ${ARG_SOURCES} LINK ${ARG_LINK} Qt6::Test)
    # QTRY_ narrows a duration inside its own macro.
    target_compile_options(tst_${name} PRIVATE -Wno-conversion -Wno-sign-conversion)
    add_test(NAME ${name} COMMAND tst_${name})
    add_dependencies(burrow_tests tst_${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS ${folder})
    if(burrow_ui IN_LIST ARG_LINK)
        set_tests_properties(${name} PROPERTIES ENVIRONMENT QT_QPA_PLATFORM=offscreen)
    endif()
endfunction()
