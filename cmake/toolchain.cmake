# Compiler, warnings, sanitizers, ccache and the linker.
find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header: cmake/precompiled.cmake. These sloppiness settings are what ccache asks for to reuse it.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 ${CCACHE})
endif()

# Release is optimised over the whole program, and for what it mostly does: cmake/release.profdata, which bench/profile
# writes, knows how often each branch is taken. It need not be of these very sources: what changed since then is
# optimised without.
option(MCPGW_TRAINING "Release: build the program that bench/profile learns from")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-mllvm -static-func-full-module-prefix=false) # the same names in any clone
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT MCPGW_TRAINING)
  # Under a name that tells its content, so that another profile builds everything anew.
  file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/release.profdata profile)
  set(profile ${profile}.profdata)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/release.profdata ${CMAKE_BINARY_DIR}/${profile} COPYONLY)
  add_compile_options(-flto=thin -fprofile-use=${profile} -Wno-profile-instr-out-of-date -Wno-backend-plugin)
  add_link_options(-flto=thin -fuse-ld=lld -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/lto)
else()
  if(MCPGW_TRAINING)
    add_compile_options(-fprofile-generate)
    add_link_options(-fprofile-generate)
  endif()
  find_program(MOLD mold)
  if(MOLD)
    add_link_options(-fuse-ld=mold)
  endif()
endif()

# Line tables are enough for sanitizer reports and stack traces, and halve the build.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -gline-tables-only -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                    -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch -Wthread-safety
                    -Xclang -fno-pch-timestamp)
if(MCPGW_SANITIZE)
  # The vptr check opens a pipe to look at memory, and reports falsely while a test has used up all descriptors.
  add_compile_options(-fsanitize=${MCPGW_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MCPGW_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2)
  add_compile_options(-fstack-protector-strong)
endif()
