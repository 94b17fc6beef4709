# Precompiled headers: two for the whole tree, one of libraries and one of tests (compiled differently: PIC and PIE), and once
# more where a folder's options differ. They take a third off the time to compile the tree. A source must still include
# what it uses: IMMICH_PRECOMPILED=OFF (preset tsan) shows what it forgot.
option(IMMICH_PRECOMPILED "Compile common headers once" ON)

if(IMMICH_PRECOMPILED)
  # Part of the PCH's identity: the same in every target that uses it, whether or not it links the library.
  add_compile_definitions(BOOST_CONTAINER_DYN_LINK BOOST_CONTAINER_NO_LIB BOOST_JSON_DYN_LINK BOOST_JSON_NO_LIB FMT_SHARED)
  # ccache can only find a compiled file again when the PCH it names has no date in it.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()

# immich_precompile(<target> library|test): lets the target use the precompiled headers of its kind.
function(immich_precompile target kind)
  if(NOT IMMICH_PRECOMPILED)
    return()
  endif()
  get_directory_property(options COMPILE_OPTIONS)
  string(MD5 variant "${options}")
  string(SUBSTRING ${variant} 0 8 variant)
  set(precompiled immich_precompiled_${kind}_${variant})
  if(NOT TARGET ${precompiled})
    set(source ${CMAKE_BINARY_DIR}/generated/${precompiled}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "// The unit that carries the precompiled headers.\n")
    add_library(${precompiled} OBJECT EXCLUDE_FROM_ALL ${source})
    if(kind STREQUAL test)
      set_target_properties(${precompiled} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(${precompiled} PRIVATE -fPIE)
      target_link_libraries(${precompiled} PRIVATE GTest::gtest GTest::gmock)
    endif()
    target_include_directories(${precompiled} PRIVATE ${CMAKE_SOURCE_DIR})
    target_precompile_headers(${precompiled} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled_${kind}.hpp)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${precompiled})
endfunction()
