# cmake -DFROM=… -DFILES=… -DTO=… -P install_guest.cmake: copies the guest and compiles it with each CPython on PATH.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${TO})
foreach(source IN LISTS FILES)
    get_filename_component(folder ${TO}/${source} DIRECTORY)
    file(COPY ${FROM}/${source} DESTINATION ${folder})
endforeach()

set(names python3)
foreach(minor RANGE 9 14)
    list(APPEND names python3.${minor})
endforeach()
foreach(name IN LISTS names)
    find_program(interpreter ${name} NO_CACHE)
    if(interpreter)
        # Unchecked: a copy in a package, or one with other times, is as good. One that fails is no loss.
        execute_process(
            COMMAND ${interpreter} -m compileall -q --invalidation-mode unchecked-hash ${TO}/burrow_guest
            RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
        execute_process(
            COMMAND ${interpreter} -E -s -S ${TO}/make_image.py
            RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
    endif()
    unset(interpreter)
endforeach()
