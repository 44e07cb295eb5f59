# The suites that are no programs of GoogleTest's, as entries of ctest beside those that are: what has nothing in common
# runs at the same time. COST: the longest begin first.

include(${CMAKE_CURRENT_LIST_DIR}/support/entries.cmake)
find_program(PYTHON python3 REQUIRED)
find_program(NODE NAMES node nodejs)
find_program(BASH bash REQUIRED)

# entry(NAME SUITE [COST n] COMMAND …)
function(entry name suite)
  cmake_parse_arguments(ENTRY "" "COST;FOLDER;SKIPS" "COMMAND;ENVIRONMENT" ${ARGN})
  add_test(NAME ${name} COMMAND ${ENTRY_COMMAND} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/${ENTRY_FOLDER})
  set_tests_properties(${name} PROPERTIES LABELS ${suite} ${ENTRY_PROPERTIES})
  if(ENTRY_COST)
    set_tests_properties(${name} PROPERTIES COST ${ENTRY_COST})
  endif()
  if(ENTRY_SKIPS)
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE ${ENTRY_SKIPS} FAIL_REGULAR_EXPRESSION "")
  endif()
  set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT ${ENTRY_ENVIRONMENT})
endfunction()

foreach(check format shell tidy)
  entry(${check} ${check} COMMAND ${BASH} tests/check ${check})
endforeach()
set_tests_properties(tidy PROPERTIES COST 1000 TIMEOUT 1800)

# Each test of the executable has a data folder of its own. All of England is for the optimised program: tests/check release.
set(executable ${CMAKE_CURRENT_LIST_DIR}/system/executable.py)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${executable})
file(STRINGS ${executable} tests REGEX "^    def test_")
foreach(test ${tests})
  string(REGEX REPLACE "^ *def (test_[a-z0-9_]+).*" "\\1" test ${test})
  if(test MATCHES "national_set")
    continue()
  endif()
  entry(system.${test} system COST 30 COMMAND ${PYTHON} ${executable} $<TARGET_FILE:plumbline_program> ${CMAKE_SOURCE_DIR} Plumbline.${test})
endforeach()
entry(locks locks COMMAND ${PYTHON} tests/system/locks.py)
entry(documents system COMMAND ${PYTHON} tests/system/documents.py)
entry(workshop system COMMAND ${PYTHON} tests/system/workshop.py)

# Where the oracle is not beside the checkout, its suite says so and is skipped. More seeds: tests/check release.
set(oracle ${CMAKE_SOURCE_DIR}/../shared/oracle)
foreach(seeds "1 2" "3 4")
  string(REPLACE " " "_" name ${seeds})
  string(REPLACE " " ";" seeds ${seeds})
  entry(oracle.${name} oracle COST 200 SKIPS 77 COMMAND ${PYTHON} tests/system/oracle.py $<TARGET_FILE:plumbline_program> ${oracle} ${seeds})
endforeach()
entry(oracle.report oracle COST 60 SKIPS 77 COMMAND ${PYTHON} tests/system/seed_report.py $<TARGET_FILE:plumbline_program> ${oracle})

file(GLOB journeys CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/browser/*.test.mjs)
foreach(journey ${journeys})
  get_filename_component(name ${journey} NAME_WE)
  entry(browser.${name} browser COST 300 FOLDER tests/browser COMMAND ${NODE} --test --test-reporter=tap ${journey}
        ENVIRONMENT PLUMBLINE=$<TARGET_FILE:plumbline_program>)
endforeach()

entry(replay fuzz COMMAND $<TARGET_FILE:replay> tests/fuzz/corpus)

# What tests/run builds for a suite.
add_custom_target(unit_programs)
add_custom_target(integration_programs)
get_property(programs DIRECTORY ${CMAKE_CURRENT_LIST_DIR} PROPERTY BUILDSYSTEM_TARGETS)
foreach(program ${programs})
  if(program MATCHES "^unit_.*" AND NOT program STREQUAL "unit_programs")
    add_dependencies(unit_programs ${program})
  elseif(program MATCHES "^integration.*" AND NOT program STREQUAL "integration_programs")
    add_dependencies(integration_programs ${program})
  endif()
endforeach()

# What several threads share, for ThreadSanitizer (tests/check threads): the gate before HTTP, the pool of connections,
# the worker.
add_executable(threads EXCLUDE_FROM_ALL unit/platform/http_server_test.cpp integration/platform/database_test.cpp
                                        integration/plumbline/worker_test.cpp)
target_link_libraries(threads PRIVATE test_support GTest::gmock_main)
set_target_properties(threads PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
