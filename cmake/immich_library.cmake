# immich_library(<name>
#   SOURCES a.cpp ...          compiled into the static library <name>
#   DEPS    platform_pg ...    targets linked publicly (the include-direction check reads the tree, not this list)
#   SQL     sql/x.sql ...      one statement a file, compiled in as constants: #include "<name>_sql.hpp", immich::sql::kX
#   TESTS   a_test.cpp ...     one GoogleTest program <name>_test, discovered by ctest
#   TEST_DEPS platform_testing ...
#   LABELS  service            ctest labels; "service" marks tests that start PostgreSQL or Redis
# )
find_package(GTest REQUIRED)
include(GoogleTest)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(immich_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;SQL;TESTS;TEST_DEPS;LABELS" ${ARGN})
  if(ARG_SOURCES OR ARG_SQL)
    add_library(${name} STATIC ${ARG_SOURCES})
    immich_precompile(${name} library)
    target_link_libraries(${name} PUBLIC ${ARG_DEPS})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR})
  if(ARG_SQL)
    set(generated_dir ${CMAKE_BINARY_DIR}/generated/sql/${name})
    set(header ${generated_dir}/${name}_sql.hpp)
    list(TRANSFORM ARG_SQL PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sql_paths)
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/codegen/embed_sql.py ${header} ${sql_paths}
      DEPENDS ${sql_paths} ${CMAKE_SOURCE_DIR}/tools/codegen/embed_sql.py
      COMMENT "SQL constants of ${name}")
    target_sources(${name} PRIVATE ${header})
    target_include_directories(${name} PUBLIC ${generated_dir})
  endif()
  if(ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    immich_precompile(${name}_test test)
    target_link_libraries(${name}_test PRIVATE ${name} ${ARG_TEST_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
    if(NOT ARG_LABELS)
      set(ARG_LABELS unit)  # an empty value would swallow the property after it
    endif()
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
      PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 120)
  endif()
endfunction()
