# The precompiled header, by hand and not by target_precompile_headers: its path is relative to the build tree, and what
# ccache hashes of it is its preprocessed text, so that objects are found again from any clone's build tree.
set(PRECOMPILED_SOURCE ${CMAKE_SOURCE_DIR}/src/base/precompiled.hpp)
set(PRECOMPILED precompiled.pch)

# precompile_header(TARGET): builds it with the definitions that TARGET and its libraries ask for.
function(precompile_header target)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}")
  get_directory_property(options COMPILE_OPTIONS)
  set(definitions "-D$<JOIN:$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>,$<SEMICOLON>-D>")
  set(compile ${CMAKE_CXX_COMPILER} ${definitions} ${flags} ${options} -std=c++2b -fpch-instantiate-templates -x c++-header)
  add_custom_command(
    OUTPUT ${CMAKE_BINARY_DIR}/${PRECOMPILED} ${CMAKE_BINARY_DIR}/${PRECOMPILED}.sum
    COMMAND ${compile} -MD -MF ${PRECOMPILED}.d -MT ${CMAKE_BINARY_DIR}/${PRECOMPILED} -o ${PRECOMPILED} ${PRECOMPILED_SOURCE}
    COMMAND ${compile} -E -P -o ${PRECOMPILED}.sum ${PRECOMPILED_SOURCE}
    DEPENDS ${PRECOMPILED_SOURCE}
    DEPFILE ${CMAKE_BINARY_DIR}/${PRECOMPILED}.d
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    COMMENT "Precompiling src/base/precompiled.hpp"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(precompiled DEPENDS ${CMAKE_BINARY_DIR}/${PRECOMPILED})
endfunction()

# use_precompiled_header(TARGET SOURCE...)
function(use_precompiled_header target)
  add_dependencies(${target} precompiled)
  target_compile_options(${target} PRIVATE -include-pch ${PRECOMPILED})
  set_property(SOURCE ${ARGN} APPEND PROPERTY OBJECT_DEPENDS ${CMAKE_BINARY_DIR}/${PRECOMPILED})
endfunction()
