# add_room(NAME ROOMS lower-room... LIBRARIES library...): one static library per directory under src/.
# Every .cpp in the directory and in its detail/ belongs to it.
function(add_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/detail/*.cpp)
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBRARIES})
  use_precompiled_header(${name} ${sources})
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
  target_link_libraries(${name}_test PRIVATE ${name} fake GTest::gmock GTest::gtest_main ${TESTS_LIBRARIES})
  use_precompiled_header(${name}_test ${sources})
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 120)
endfunction()
