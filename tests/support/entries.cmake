# What every entry of ctest has. A test that was skipped, or a program without tests, proves nothing: it fails.
set(ENTRY_PROPERTIES
    TIMEOUT 900
    FAIL_REGULAR_EXPRESSION "SKIPPED|Running 0 tests|Ran 0 tests"
    ENVIRONMENT
    "ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=8\;LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_LIST_DIR}/lsan.supp:print_suppressions=0\;UBSAN_OPTIONS=print_stacktrace=1")
