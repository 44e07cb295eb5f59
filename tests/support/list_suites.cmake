# Run after a program of integration tests is linked: writes its entries for ctest, one a suite. The tests of a suite
# share a house, so one process each would be dear.
#   cmake -D PROGRAM=… -D ENTRIES=… -P list_suites.cmake

include(${CMAKE_CURRENT_LIST_DIR}/entries.cmake)
get_filename_component(program ${PROGRAM} NAME)
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE list COMMAND_ERROR_IS_FATAL ANY)
# A suite stands at the beginning of a line and ends with a dot; its tests stand below it, indented.
string(REGEX MATCHALL "\n[A-Za-z0-9_/]+\\." suites "\n${list}")
if(NOT suites)
  message(FATAL_ERROR "${program} has no tests")
endif()
set(entries "")
foreach(suite ${suites})
  string(REGEX REPLACE "[\n.]" "" suite ${suite})
  string(APPEND entries "add_test(${program}.${suite} [==[${PROGRAM}]==] --gtest_filter=${suite}.* --gtest_brief=1)\n"
                        "set_tests_properties(${program}.${suite} PROPERTIES LABELS integration")
  foreach(word ${ENTRY_PROPERTIES})
    string(APPEND entries " [==[${word}]==]")
  endforeach()
  string(APPEND entries ")\n")
endforeach()
file(WRITE ${ENTRIES} "${entries}")
