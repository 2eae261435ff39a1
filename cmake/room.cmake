# add_room(NAME ROOMS lower-room... LIBRARIES library...): one static library per directory under src/.
# Every .cpp in the directory and in its detail/ belongs to it.
function(add_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/detail/*.cpp)
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBRARIES})
  if(NOT name STREQUAL "base")
    target_precompile_headers(${name} REUSE_FROM base)
  endif()
endfunction()

# add_room_tests(NAME): tests/unit/NAME/*_test.cpp as one program, every test registered with ctest.
function(add_room_tests name)
  cmake_parse_arguments(TESTS "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  # Tests read the files that are shipped (catalog/, docs/) and their own data from the source tree.
  target_compile_definitions(${name}_test PRIVATE MCPGW_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name}_test PRIVATE ${name} fake GTest::gmock GTest::gtest_main ${TESTS_LIBRARIES})
  target_precompile_headers(${name}_test REUSE_FROM base)
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 120)
endfunction()
